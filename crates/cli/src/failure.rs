//! Failures as people see them: what went wrong, why, what to do, and the exit status.
//!
//! Names of files, of rules and from AWS stand in these texts, so what a terminal would obey is made visible.

use std::fmt;

use miette::{Diagnostic, Report};
use thiserror::Error;
use yagura_report::safe_lines;

/// Why the command ended without its result.
#[derive(Debug)]
pub struct Failure {
    /// What is printed.
    pub report: Report,
    /// 2 for bad usage or configuration, else 1.
    pub status: u8,
}

impl Failure {
    /// Bad usage or configuration.
    pub fn usage(report: Report) -> Self {
        Self { report, status: 2 }
    }

    /// Anything else.
    pub fn other(report: Report) -> Self {
        Self { report, status: 1 }
    }
}

/// A plain sentence with a way out.
#[derive(Debug, Error)]
pub struct Told {
    message: String,
    help: Option<String>,
    #[source]
    source: Option<Box<Cause>>,
}

/// An error's text and those behind it, made harmless for a terminal.
#[derive(Debug, Error)]
#[error("{text}")]
struct Cause {
    text: String,
    #[source]
    source: Option<Box<Cause>>,
}

impl Cause {
    fn of(error: &dyn std::error::Error) -> Box<Self> {
        let text = safe_lines(&error.to_string()).into_owned();
        Box::new(Self { text, source: error.source().map(Self::of) })
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Diagnostic for Told {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

impl Told {
    /// A sentence.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: safe_lines(&message.into()).into_owned(), help: None, source: None }
    }

    /// What to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(safe_lines(&help.into()).into_owned());
        self
    }

    /// What caused it.
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(Cause::of(source.into().as_ref()));
        self
    }

    /// As bad usage or configuration.
    pub fn usage(self) -> Failure {
        Failure::usage(Report::new(self))
    }

    /// As anything else.
    pub fn other(self) -> Failure {
        Failure::other(Report::new(self))
    }
}
