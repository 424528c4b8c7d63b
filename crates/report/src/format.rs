//! The formats by name, and what can be chosen about them.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, BufWriter};
use std::str::FromStr;

use thiserror::Error;
use yagura_model::Outcome;

use crate::{Head, Report, ReportError, Writer};

/// Where a report's bytes go.
pub(crate) type Sink<'a> = BufWriter<Box<dyn io::Write + Send + 'a>>;

/// A format that a result can be told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For a person at a terminal.
    Table,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Ndjson,
    /// RFC 4180, for spreadsheets.
    Csv,
    /// Compliance Findings of the Open Cybersecurity Schema Framework.
    Ocsf,
    /// The AWS Security Finding Format, for Security Hub's `BatchImportFindings`.
    Asff,
    /// Static Analysis Results Interchange Format 2.1.0, for code scanning.
    Sarif,
    /// The XML that CI servers read.
    Junit,
    /// One page, complete in itself.
    Html,
}

/// A text was not the name of a format.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{name}` is not a format: {} are", Format::names())]
pub struct UnknownFormatError {
    name: String,
}

/// What can be chosen about how a report looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// How many columns a terminal has; 0 when there is no terminal.
    pub width: usize,
    /// Whether the terminal shows colours.
    pub colours: bool,
    /// Whether `csv` begins with a byte order mark, without which Excel takes Japanese for another encoding.
    pub byte_order_mark: bool,
    /// How many violations `html` holds before it says how many more there are.
    pub html_violations: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: 0, colours: false, byte_order_mark: false, html_violations: 20_000 }
    }
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Table,
        Self::Json,
        Self::Ndjson,
        Self::Csv,
        Self::Ocsf,
        Self::Asff,
        Self::Sarif,
        Self::Junit,
        Self::Html,
    ];

    /// The name on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Ocsf => "ocsf",
            Self::Asff => "asff",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Html => "html",
        }
    }

    /// The ending of a file in this format.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Table => "txt",
            Self::Ocsf => "ocsf.json",
            Self::Asff => "asff.json",
            Self::Junit => "xml",
            _ => self.as_str(),
        }
    }

    /// Whether the format tells the requirements that rules serve.
    #[must_use]
    pub fn tells_requirements(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson | Self::Csv | Self::Ocsf | Self::Asff)
    }

    /// Which outcomes the format shows unless the user narrows them.
    #[must_use]
    pub fn default_outcomes(self) -> BTreeSet<Outcome> {
        match self {
            Self::Table | Self::Sarif | Self::Html => {
                [Outcome::NonCompliant, Outcome::InsufficientData].into()
            }
            Self::Asff | Self::Junit => {
                [Outcome::Compliant, Outcome::NonCompliant, Outcome::InsufficientData].into()
            }
            Self::Json | Self::Ndjson | Self::Csv | Self::Ocsf => Outcome::ALL.into(),
        }
    }

    /// Begins a report.
    ///
    /// # Errors
    ///
    /// [`ReportError`] when its beginning cannot be written.
    pub fn begin<'a>(
        self,
        head: &'a Head<'a>,
        style: Style,
        out: Box<dyn io::Write + Send + 'a>,
    ) -> Result<Report<'a>, ReportError> {
        let out = BufWriter::new(out);
        let writer: io::Result<Box<dyn Writer + Send + 'a>> = match self {
            Self::Table => boxed(Ok(crate::table::Table::begin(head, style, out))),
            Self::Json => boxed(crate::json::Json::begin(head, out)),
            Self::Ndjson => boxed(crate::ndjson::Ndjson::begin(head, out)),
            Self::Ocsf => boxed(crate::ocsf::Ocsf::begin(head, out)),
            Self::Asff => boxed(crate::asff::Asff::begin(head, out)),
            Self::Sarif => boxed(crate::sarif::Sarif::begin(head, out)),
            Self::Junit => boxed(crate::junit::Junit::begin(head, out)),
            Self::Html => boxed(Ok(crate::html::Html::begin(head, style, out))),
            Self::Csv => boxed(crate::csv::Csv::begin(head, style, out)),
        };
        match writer {
            Ok(writer) => Ok(Report { format: self, writer }),
            Err(source) => Err(ReportError { format: self, source }),
        }
    }

    fn names() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }
}

fn boxed<'a, W: Writer + Send + 'a>(writer: io::Result<W>) -> io::Result<Box<dyn Writer + Send + 'a>> {
    writer.map(|it| Box::new(it) as Box<dyn Writer + Send + 'a>)
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormatError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|it| it.as_str().eq_ignore_ascii_case(name))
            .ok_or_else(|| UnknownFormatError { name: name.to_owned() })
    }
}
