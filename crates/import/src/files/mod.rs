//! Findings out of files: ASFF, OCSF, GuardDuty's, Inspector's, Macie's and Access Analyzer's own, Trivy's, Grype's, Falco's.
//!
//! What a file holds is seen from each piece of it. A piece that cannot be read is told with its row and line, and the rest goes
//! on; memory follows the largest piece, not the file.

mod elements;

use std::io::{self, BufRead};

use serde_json::Value;
use thiserror::Error;
use yagura_model::{Diagnostic, ImportedFinding, Level, Place};

use crate::Vocabulary;
use crate::shapes::{self, Elsewhere, Refusal};
use elements::Element;
pub(crate) use elements::Elements;

/// A file could not be read to its end; what came before was given.
#[derive(Debug, Error)]
#[error("cannot read `{file}`")]
pub struct ReadFileError {
    file: String,
    source: io::Error,
}

/// What a file gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileCounts {
    /// Findings.
    pub findings: u64,
    /// Findings that Yagura itself had written: they are here already.
    pub own: u64,
    /// Pieces and findings that could not be used.
    pub broken: u64,
}

/// What comes out of a file, in its order.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "findings are by far the most")]
pub enum Told {
    /// A finding.
    Finding(ImportedFinding),
    /// Why there is none.
    Problem(Diagnostic),
}

/// Reads a file's findings one by one. `file` is its name in what is told.
///
/// # Errors
///
/// [`ReadFileError`] when reading fails; broken pieces are told and are no error.
pub fn read(
    input: impl BufRead,
    file: &str,
    vocabulary: &Vocabulary,
    elsewhere: &Elsewhere,
    each: &mut dyn FnMut(Told),
) -> Result<FileCounts, ReadFileError> {
    let mut counts = FileCounts::default();
    let mut elements = Elements::new(input);
    loop {
        let next = elements.next().map_err(|source| ReadFileError { file: file.to_owned(), source })?;
        let Some(element) = next else { return Ok(counts) };
        if element.cut {
            counts.broken += 1;
            let message = format!("finding {} is cut off: the file ends in its middle", element.row);
            let help = Some("write it anew: everything in front of it was read".to_owned());
            each(Told::Problem(problem(file, &element, "import/cut", message, help)));
            continue;
        }
        match serde_json::from_slice::<Value>(&element.bytes) {
            Ok(value) => {
                for found in shapes::read(&value, vocabulary, elsewhere) {
                    give(found, file, &element, &mut counts, each);
                }
            }
            Err(error) => {
                counts.broken += 1;
                let message = format!("finding {} is no JSON: {}", element.row, without_place(&error));
                each(Told::Problem(problem(file, &element, "import/json", message, None)));
            }
        }
    }
}

fn give(
    found: Result<ImportedFinding, Refusal>,
    file: &str,
    element: &Element,
    counts: &mut FileCounts,
    each: &mut dyn FnMut(Told),
) {
    match found {
        Ok(finding) => {
            counts.findings += 1;
            each(Told::Finding(finding));
        }
        Err(Refusal::Own) => counts.own += 1,
        Err(Refusal::Wrong(why)) => {
            counts.broken += 1;
            let message = format!("finding {} is left out: {why}", element.row);
            each(Told::Problem(problem(file, element, "import/finding", message, None)));
        }
    }
}

fn problem(
    file: &str,
    element: &Element,
    code: &'static str,
    message: String,
    help: Option<String>,
) -> Diagnostic {
    let place = Some(Place { line: element.line, column: 1 });
    Diagnostic { file: file.to_owned(), place, level: Level::Error, code, message, help }
}

/// The line and column inside a piece say nothing to whoever has the file.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
