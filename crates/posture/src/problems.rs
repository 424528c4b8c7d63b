//! What is wrong with a file that somebody wrote, gathered with its places.

use serde_saphyr::Location;
use yagura_model::{Diagnostic, Level, Place};

use crate::nearest::did_you_mean;

/// A place in a YAML file, as its reader tells it.
pub(crate) fn place(location: Location) -> Place {
    Place {
        line: u32::try_from(location.line()).unwrap_or(u32::MAX),
        column: u32::try_from(location.column()).unwrap_or(u32::MAX),
    }
}

/// What was found in one file so far.
pub(crate) struct Problems<'f> {
    pub(crate) shown: &'f str,
    pub(crate) found: Vec<Diagnostic>,
}

impl<'f> Problems<'f> {
    pub(crate) fn new(shown: &'f str) -> Self {
        Self { shown, found: Vec::new() }
    }

    /// What keeps the file from being used.
    pub(crate) fn error(&mut self, place: Place, code: &'static str, message: String, help: Option<String>) {
        self.tell(Level::Error, place, code, message, help);
    }

    /// What is odd.
    pub(crate) fn warning(
        &mut self,
        place: Place,
        code: &'static str,
        message: String,
        help: Option<String>,
    ) {
        self.tell(Level::Warning, place, code, message, help);
    }

    fn tell(&mut self, level: Level, at: Place, code: &'static str, message: String, help: Option<String>) {
        let file = self.shown.to_owned();
        self.found.push(Diagnostic { file, place: Some(at), level, code, message, help });
    }
}

/// The codes of what is wrong with a file's keys.
pub(crate) struct KeyCodes {
    pub(crate) unknown: &'static str,
    pub(crate) missing: &'static str,
}

/// The YAML reader's sentences, with a code and the nearest name.
pub(crate) fn explained(mut diagnostic: Diagnostic, codes: &KeyCodes) -> Diagnostic {
    let message = diagnostic.message.clone();
    let (said, known) = message.split_once(", expected one of ").unwrap_or((&message, ""));
    let name = said.split('`').nth(1).unwrap_or_default();
    if said.starts_with("unknown field") {
        let known: Vec<&str> = known.split(", ").filter(|it| !it.is_empty()).collect();
        let nearest = did_you_mean(name, known.iter().copied());
        diagnostic.code = codes.unknown;
        diagnostic.message = format!("there is no key `{name}` here");
        diagnostic.help = nearest.or_else(|| Some(format!("there are {}", known.join(", "))));
    } else if said.starts_with("missing field") {
        diagnostic.code = codes.missing;
        diagnostic.message = format!("the key `{name}` is missing");
    }
    diagnostic
}
