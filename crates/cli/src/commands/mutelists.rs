//! Reads Prowler's mutelists, before anything is read from AWS.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use yagura_posture::Mutelist;

use crate::failure::{Failure, Told};
use crate::terminal;

/// The mutelists in these files. Whatever is wrong in any of them is printed with its place.
///
/// # Errors
///
/// A file that cannot be read, or one with mistakes.
pub fn read(files: &[PathBuf]) -> Result<Vec<Arc<Mutelist>>, Failure> {
    let mut mutelists = Vec::with_capacity(files.len());
    let mut broken = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let told = Told::new(format!("cannot read the mutelist `{}`", path.display())).because(error);
            if is_elsewhere(path) {
                told.help("only files can be read: fetch it first").usage()
            } else {
                told.usage()
            }
        })?;
        let file = path.display().to_string();
        let (mutelist, problems) = Mutelist::read(&file, &text);
        terminal::diagnostics(&problems);
        if terminal::any_error(&problems) {
            broken.push(format!("`{file}`"));
        }
        mutelists.push(Arc::new(mutelist));
    }
    if broken.is_empty() {
        return Ok(mutelists);
    }
    Err(Told::new(format!("{} cannot be used as a mutelist", broken.join(", ")))
        .help("mend what is told above; docs/configuration.md tells what differs from Prowler")
        .usage())
}

/// Prowler takes the address of an object, a table or a function, too.
fn is_elsewhere(path: &Path) -> bool {
    path.to_str().is_some_and(|it| it.starts_with("s3://") || it.starts_with("arn:"))
}
