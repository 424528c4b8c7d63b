//! The text of a condition into the library's syntax tree, with mistakes told in a person's words.

use cel::common::ast::SourceInfo;
use cel::{Env, IdedExpr, ParseError};

/// Longer conditions are refused: nobody can read them, and a parser should not have to.
const LONGEST: usize = 8 * 1024;

/// What is wrong with a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// Where in the condition's text, in bytes.
    pub(crate) offset: usize,
    /// A stable name for this kind of mistake.
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Mistake {
    pub(crate) fn new(offset: usize, code: &'static str, message: impl Into<String>) -> Self {
        Self { offset, code, message: message.into(), help: None }
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<Option<String>>) -> Self {
        self.help = help.into();
        self
    }
}

/// Parses a condition; macros stay the calls that they are written as.
pub(super) fn parse(text: &str) -> Result<(IdedExpr, SourceInfo), Mistake> {
    if text.trim().is_empty() {
        return Err(Mistake::new(0, "rule/condition-syntax", "the condition is empty"));
    }
    if text.len() > LONGEST {
        return Err(Mistake::new(0, "rule/condition-syntax", "the condition is longer than 8 KiB"));
    }
    Env::default().parser().parse_with_source_info(text).map_err(|errors| {
        // What follows the first mistake is mostly its echo.
        match errors.errors.first() {
            Some(first) => syntax_mistake(text, first),
            None => Mistake::new(0, "rule/condition-syntax", "the condition is not CEL"),
        }
    })
}

fn syntax_mistake(text: &str, error: &ParseError) -> Mistake {
    let offset = offset_of(text, error.pos);
    let told = error.msg.strip_prefix("Syntax error: ").unwrap_or(&error.msg);
    let (message, help) = in_plain_words(told);
    Mistake::new(offset, "rule/condition-syntax", message).help(help)
}

/// The library counts lines from one and columns, in characters, from one.
fn offset_of(text: &str, (line, column): (isize, isize)) -> usize {
    let line = usize::try_from(line).unwrap_or_default().saturating_sub(1);
    let column = usize::try_from(column).unwrap_or_default().saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = &text[start..];
    start + rest.char_indices().nth(column).map_or(rest.len(), |(offset, _)| offset)
}

/// The parser generator's sentences list every token that could stand there; that helps nobody.
fn in_plain_words(told: &str) -> (String, Option<String>) {
    let quoted = |prefix: &str, until: &str| {
        told.strip_prefix(prefix).and_then(|rest| Some(rest.rsplit_once(until)?.0.to_owned()))
    };
    if let Some(rest) = told.strip_prefix("missing ") {
        let (what, _) = rest.split_once(" at ").unwrap_or((rest, ""));
        return (format!("`{}` is missing", what.trim_matches('\'')), None);
    }
    if let Some(rest) = told.strip_prefix("token recognition error at: ") {
        let token = rest.trim_end();
        let token = token.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or(token);
        let help =
            token.starts_with(['\'', '"']).then(|| "a text needs the same quote at its end".to_owned());
        return (format!("`{token}` is not understood"), help);
    }
    for prefix in ["mismatched input '", "extraneous input '", "no viable alternative at input '"] {
        let token = quoted(prefix, "' expecting").or_else(|| {
            told.strip_prefix(prefix).map(|rest| rest.strip_suffix('\'').unwrap_or(rest).to_owned())
        });
        if let Some(token) = token {
            return unexpected(&token);
        }
    }
    (told.to_owned(), None)
}

fn unexpected(token: &str) -> (String, Option<String>) {
    let help = match token {
        "<EOF>" => return ("the condition ends too early".to_owned(), None),
        "and" => Some("CEL writes `&&`"),
        "or" => Some("CEL writes `||`"),
        "not" => Some("CEL writes `!`"),
        _ => None,
    };
    (format!("`{token}` is not expected here"), help.map(str::to_owned))
}
