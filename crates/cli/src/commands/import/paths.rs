//! Files: read on a thread of their own, stored page by page.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::mpsc;
use yagura_import::files::{self, FileCounts, ReadFileError, Told as FromFile};
use yagura_import::{Elsewhere, Vocabulary};
use yagura_model::{Diagnostic, ImportedFinding};

use super::{Import, unkept};
use crate::failure::{Failure, Told};
use crate::terminal;

/// Findings that are stored at once.
const PAGE: usize = 500;

/// Pages that wait to be stored.
const WAITING: usize = 4;

/// What the reading thread hands over.
enum Page {
    Findings(Vec<ImportedFinding>),
    Problem(Diagnostic),
}

impl Import {
    /// Reads a file, or every file below a directory.
    pub(super) async fn path(&mut self, path: &Path, elsewhere: &Elsewhere) -> Result<(), Failure> {
        let found = yagura_logs::find(path).map_err(|error| {
            Told::new(format!("`{}` cannot be read", path.display())).because(error).usage()
        })?;
        if found.is_empty() {
            terminal::say(&format!("there is no file in `{}`", path.display()));
        }
        for file in found {
            self.file(file.path, elsewhere.clone()).await?;
        }
        Ok(())
    }

    async fn file(&mut self, path: PathBuf, elsewhere: Elsewhere) -> Result<(), Failure> {
        let (send, mut receive) = mpsc::channel(WAITING);
        let (vocabulary, shown) = (Arc::clone(&self.vocabulary), path.display().to_string());
        let reader = tokio::task::spawn_blocking(move || read(&path, &vocabulary, &elsewhere, &send));
        while let Some(page) = receive.recv().await {
            match page {
                Page::Findings(findings) => self.keep(&findings).await.map_err(unkept)?,
                Page::Problem(problem) => self.problem(&problem),
            }
        }
        let unread = || Told::new(format!("`{shown}` cannot be read to its end"));
        match reader.await {
            Ok(Ok(counts)) => {
                self.done.own += counts.own;
                Ok(())
            }
            Ok(Err(error)) => Err(unread().because(error).other()),
            Err(error) => Err(unread().because(error).other()),
        }
    }
}

/// Why a file was not read to its end.
#[derive(Debug, thiserror::Error)]
enum UnreadError {
    #[error(transparent)]
    Open(#[from] yagura_logs::CompressionError),
    #[error(transparent)]
    Read(#[from] ReadFileError),
}

fn read(
    path: &Path,
    vocabulary: &Vocabulary,
    elsewhere: &Elsewhere,
    send: &mpsc::Sender<Page>,
) -> Result<FileCounts, UnreadError> {
    let input = BufReader::new(yagura_logs::open(path)?);
    let mut page = Vec::with_capacity(PAGE);
    // Whoever takes the pages may have failed: then nothing more is read of use, and that failure is told.
    let counts =
        files::read(input, &path.display().to_string(), vocabulary, elsewhere, &mut |told| match told {
            FromFile::Finding(finding) => {
                page.push(finding);
                if page.len() >= PAGE {
                    let _ = send.blocking_send(Page::Findings(std::mem::take(&mut page)));
                }
            }
            FromFile::Problem(problem) => {
                let _ = send.blocking_send(Page::Problem(problem));
            }
        });
    // What came before the end of a broken file is kept.
    let _ = send.blocking_send(Page::Findings(page));
    Ok(counts?)
}
