//! YAML into checked types; every mistake keeps its place.

use serde::de::DeserializeOwned;
use serde_saphyr::DuplicateKeyPolicy;
use yagura_model::{Diagnostic, Level, Place};

use crate::PackFile;

/// Reads a YAML file into `T`. Types that people write deny unknown fields, so that a misspelt key is told.
///
/// # Errors
///
/// A [`Diagnostic`] with the code `file/unreadable`, `yaml/encoding` or `yaml/syntax`, and the line and column where
/// the parser stopped.
pub fn parse<T: DeserializeOwned>(file: &PackFile) -> Result<T, Diagnostic> {
    let diagnostic = |code, place, message, help: Option<&str>| Diagnostic {
        file: file.shown.clone(),
        place,
        level: Level::Error,
        code,
        message,
        help: help.map(str::to_owned),
    };
    let bytes = file.bytes().map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        diagnostic("file/unreadable", None, format!("the file cannot be read: {cause}"), None)
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        let place = Place { line: u32::try_from(line).unwrap_or(u32::MAX), column: 1 };
        diagnostic("yaml/encoding", Some(place), "the file is not UTF-8".to_owned(), Some("save it as UTF-8"))
    })?;
    parse_text(&file.shown, text)
}

/// Reads YAML that was taken from a file into `T`.
///
/// # Errors
///
/// A [`Diagnostic`] with the code `yaml/syntax`, and the line and column where the parser stopped.
pub fn parse_text<T: DeserializeOwned>(shown: &str, text: &str) -> Result<T, Diagnostic> {
    serde_saphyr::from_str(text).map_err(|error| told(shown, &error))
}

/// The same for files of another program whose parser lets a key stand twice in a mapping: `T` is handed both, and decides.
///
/// # Errors
///
/// A [`Diagnostic`] with the code `yaml/syntax`, and the line and column where the parser stopped.
pub fn parse_repeating<T: DeserializeOwned>(shown: &str, text: &str) -> Result<T, Diagnostic> {
    let options = serde_saphyr::options! { duplicate_keys: DuplicateKeyPolicy::PassThrough };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| told(shown, &error))
}

fn told(shown: &str, error: &serde_saphyr::Error) -> Diagnostic {
    let place = error.location().map(|location| Place {
        line: u32::try_from(location.line()).unwrap_or(u32::MAX),
        column: u32::try_from(location.column()).unwrap_or(u32::MAX),
    });
    Diagnostic {
        file: shown.to_owned(),
        place,
        level: Level::Error,
        code: "yaml/syntax",
        message: message(error),
        help: None,
    }
}

/// The first line of what the parser says, without the place that the diagnostic names already.
fn message(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let first = text.lines().next().unwrap_or_default();
    let plain = first.split(" at line ").next().unwrap_or(first);
    plain.strip_prefix("error: ").unwrap_or(plain).to_owned()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::Packs;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Small {
        #[expect(dead_code, reason = "only the reading is tested")]
        id: String,
    }

    fn read(text: &[u8]) -> Diagnostic {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("a.yaml"), text).unwrap();
        let packs = Packs::empty().overlay(directory.path()).unwrap();
        parse::<Small>(packs.file("a.yaml").unwrap()).unwrap_err()
    }

    #[test]
    fn a_misspelt_key_is_told_with_its_place() {
        let told = read(b"id: x\nidd: y\n");
        assert_eq!(told.place.map(|place| place.line), Some(2), "{told}");
        assert!(told.message.contains("unknown field `idd`"), "{told}");
    }

    #[test]
    fn broken_yaml_is_told_with_its_line() {
        let told = read(b"id: x\n  y: [\n");
        assert!(told.place.is_some_and(|place| place.line >= 2), "{told}");
    }

    #[test]
    fn a_file_that_is_not_utf8_is_told_with_its_line() {
        let told = read(b"id: x\nname: \xff\n");
        assert_eq!((told.code, told.place.map(|place| place.line)), ("yaml/encoding", Some(2)));
    }
}
