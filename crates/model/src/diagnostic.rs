//! Mistakes in files that people write, with the place and the way out.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether a file can be used all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It can; something is odd.
    Warning,
    /// It cannot.
    Error,
}

/// A place in a file, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

/// One mistake in a file. Reading a directory gathers all of them and never stops at the first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// The file, as a person can open it.
    pub file: String,
    /// Where in it; `None` when the file as a whole is meant.
    pub place: Option<Place>,
    /// Whether the file can be used.
    pub level: Level,
    /// A stable name for this kind of mistake: `rule/unknown-field`.
    pub code: &'static str,
    /// What is wrong; lower case, no full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(place) = self.place {
            write!(f, ":{}:{}", place.line, place.column)?;
        }
        let level = match self.level {
            Level::Warning => "warning",
            Level::Error => "error",
        };
        write!(f, ": {level}[{}]: {}", self.code, self.message)?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_reads_like_a_compilers() {
        let diagnostic = Diagnostic {
            file: "rules/x.yaml".into(),
            place: Some(Place { line: 3, column: 7 }),
            level: Level::Error,
            code: "rule/unknown-field",
            message: "unknown field `severty`".into(),
            help: Some("did you mean `severity`?".into()),
        };
        assert_eq!(
            diagnostic.to_string(),
            "rules/x.yaml:3:7: error[rule/unknown-field]: unknown field `severty`\n  help: did you mean `severity`?"
        );
    }
}
