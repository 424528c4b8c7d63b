//! Reads a snapshot, and believes nothing.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use thiserror::Error;
use yagura_model::{AccountId, AccountState, Coverage, Gap, Inventory, ReadStatus, Unlisted};

use super::format::{
    AnyManifest, FORMAT_VERSION, Footer, Header, LARGEST_ACCOUNT, LONGEST_LINE, Line, SnapshotManifest,
    account_path, hexadecimal, manifest_path,
};
use crate::Plan;

/// The largest window that a compressed file may ask memory for: 128 MiB.
const LARGEST_WINDOW: u32 = 27;

/// Why a snapshot could not be read.
#[derive(Debug, Error)]
pub enum SnapshotReadError {
    /// There is no manifest.
    #[error("`{}` is not a snapshot, or one that was never finished: it has no `manifest.json`", path.display())]
    NotASnapshot {
        /// The directory.
        path: PathBuf,
    },
    /// The format is not known yet.
    #[error(
        "`{}` was written by a newer yagura (format {version}, this one reads up to {FORMAT_VERSION}): update yagura",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        version: u32,
    },
    /// The content is not what was written.
    #[error("`{}` is damaged: {what}; take the snapshot again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The manifest names an account whose file is gone.
    #[error("`{}` is missing: the manifest says that account {account} was read", path.display())]
    MissingAccount {
        /// The file.
        path: PathBuf,
        /// The account.
        account: AccountId,
    },
    /// The file system refused.
    #[error("cannot read `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A snapshot, read account by account.
#[derive(Debug, Clone)]
pub struct SnapshotReader {
    directory: PathBuf,
    manifest: SnapshotManifest,
}

impl SnapshotReader {
    /// Opens a snapshot and checks its manifest.
    ///
    /// # Errors
    ///
    /// [`SnapshotReadError`] when it is none, a newer or a damaged one.
    pub fn open(directory: &Path) -> Result<Self, SnapshotReadError> {
        let path = manifest_path(directory);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind()) => {
                return Err(SnapshotReadError::NotASnapshot { path: directory.to_owned() });
            }
            Err(source) => return Err(SnapshotReadError::Io { path, source }),
        };
        let damaged = |error: serde_json::Error| SnapshotReadError::Damaged {
            path: path.clone(),
            what: error.to_string(),
        };
        let any: AnyManifest = serde_json::from_slice(&text).map_err(damaged)?;
        check_version(&path, any.format_version)?;
        let manifest = serde_json::from_slice(&text).map_err(damaged)?;
        Ok(Self { directory: directory.to_owned(), manifest })
    }

    /// What the snapshot says about itself.
    #[must_use]
    pub fn manifest(&self) -> &SnapshotManifest {
        &self.manifest
    }

    /// The accounts that were read, in the manifest's order, one at a time.
    pub fn inventories(&self) -> impl Iterator<Item = Result<Inventory, SnapshotReadError>> + '_ {
        let read = self.manifest.accounts.iter().filter(|it| it.state == AccountState::Scanned);
        read.map(|it| self.account(&it.account.id))
    }

    /// One account as it was read.
    ///
    /// # Errors
    ///
    /// [`SnapshotReadError`] naming the file that is missing, damaged or newer.
    pub fn account(&self, account: &AccountId) -> Result<Inventory, SnapshotReadError> {
        let path = account_path(&self.directory, account);
        let file = File::open(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => {
                SnapshotReadError::MissingAccount { path: path.clone(), account: account.clone() }
            }
            _ => SnapshotReadError::Io { path: path.clone(), source },
        })?;
        let inventory = read_account(&path, file)?;
        if inventory.account.id != *account {
            let what = format!("it holds account {}", inventory.account.id);
            return Err(SnapshotReadError::Damaged { path, what });
        }
        Ok(inventory)
    }

    /// Marks what a plan would have asked for and this snapshot did not as unread, so that nobody takes it for absent, and
    /// adds what the plan knows of relationships.
    pub fn mark_unasked(&self, plan: &Plan, inventory: &mut Inventory) {
        inventory.links = Some(plan.links());
        let unasked = plan.fields_beyond(&self.manifest.asked);
        for resource in &mut inventory.resources {
            for (field, call) in unasked.get(&resource.key.resource_type).into_iter().flatten() {
                if !resource.configuration.contains_key(field) && !resource.unread.contains_key(field) {
                    let region = resource.key.region.clone();
                    let gap = Gap { call: call.clone(), region, status: ReadStatus::Excluded };
                    resource.unread.insert(field.clone(), gap);
                }
            }
        }
    }
}

fn check_version(path: &Path, version: u32) -> Result<(), SnapshotReadError> {
    if version > FORMAT_VERSION {
        return Err(SnapshotReadError::Newer { path: path.to_owned(), version });
    }
    Ok(())
}

/// Reads an account's file; `path` is for messages.
pub(crate) fn read_account(path: &Path, file: impl Read) -> Result<Inventory, SnapshotReadError> {
    Content::read(path, file)
}

/// An account's file while it is read.
struct Content<'a> {
    path: &'a Path,
    resources: Vec<yagura_model::Resource>,
    unlisted: Vec<Unlisted>,
    coverage: Coverage,
    rows: u64,
}

impl<'a> Content<'a> {
    fn read(path: &'a Path, file: impl Read) -> Result<Inventory, SnapshotReadError> {
        let mut content = Self {
            path,
            resources: Vec::new(),
            unlisted: Vec::new(),
            coverage: Coverage::default(),
            rows: 0,
        };
        let mut decoder = zstd::stream::read::Decoder::new(file).map_err(|error| content.broken(&error))?;
        decoder.window_log_max(LARGEST_WINDOW).map_err(|error| content.broken(&error))?;
        let mut lines = BufReader::new(decoder.take(LARGEST_ACCOUNT));
        let mut digest = Sha256::new();
        let mut header: Option<Header> = None;
        let mut line = Vec::new();
        loop {
            content.next_line(&mut lines, &mut line)?;
            let read = serde_json::from_slice(&line).map_err(|error| content.damaged(error.to_string()))?;
            match (read, &header) {
                (Line::Header(it), None) => {
                    check_version(path, it.format_version)?;
                    header = Some(*it);
                }
                (Line::Resource(it), Some(_)) => content.resources.push(*it),
                (Line::Unlisted(it), Some(_)) => content.unlisted.push(*it),
                (Line::Coverage(it), Some(_)) => {
                    content.rows += 1;
                    content.coverage.add_many(&it.region, &it.call, it.status, it.count);
                }
                (Line::Footer(footer), Some(_)) => {
                    content.check(&footer, &hexadecimal(&digest.finalize()))?;
                    content.check_end(&mut lines)?;
                    break;
                }
                (Line::Header(_), Some(_)) => return Err(content.damaged("it has two headers")),
                (_, None) => return Err(content.damaged("it has no header")),
            }
            digest.update(&line);
        }
        let Some(header) = header else { return Err(content.damaged("it has no header")) };
        content.inventory(header)
    }

    fn next_line(&self, lines: &mut impl BufRead, line: &mut Vec<u8>) -> Result<(), SnapshotReadError> {
        line.clear();
        lines.take(LONGEST_LINE).read_until(b'\n', line).map_err(|error| self.broken(&error))?;
        if line.last() == Some(&b'\n') {
            return Ok(());
        }
        let cut = line.len() as u64 == LONGEST_LINE;
        Err(self.damaged(if cut { "a line is too long" } else { "it is cut off" }))
    }

    fn check(&self, footer: &Footer, sha256: &str) -> Result<(), SnapshotReadError> {
        let counted = Footer {
            resources: self.resources.len() as u64,
            unlisted: self.unlisted.len() as u64,
            coverage: self.rows,
            sha256: sha256.to_owned(),
        };
        if *footer == counted {
            Ok(())
        } else {
            Err(self.damaged("its contents are not those that were written"))
        }
    }

    fn check_end(&self, lines: &mut impl BufRead) -> Result<(), SnapshotReadError> {
        match lines.fill_buf() {
            Ok([]) => Ok(()),
            Ok(_) => Err(self.damaged("something follows its end")),
            Err(error) => Err(self.broken(&error)),
        }
    }

    /// What every consumer relies on is checked, since a digest only tells that nobody changed the file by accident.
    fn inventory(self, header: Header) -> Result<Inventory, SnapshotReadError> {
        let sorted = self.resources.is_sorted_by(|a, b| a.key < b.key) && self.unlisted.is_sorted();
        if !sorted {
            return Err(self.damaged("its resources are not in order"));
        }
        let accounts: BTreeSet<_> = self.resources.iter().map(|it| &it.key.account).collect();
        if accounts.iter().any(|it| **it != header.account.id) {
            return Err(self.damaged("it holds resources of another account"));
        }
        Ok(Inventory {
            account: header.account,
            regions: header.regions,
            types: header.types,
            resources: self.resources,
            unlisted: self.unlisted,
            coverage: self.coverage,
            links: None,
        })
    }

    fn damaged(&self, what: impl Into<String>) -> SnapshotReadError {
        SnapshotReadError::Damaged { path: self.path.to_owned(), what: what.into() }
    }

    fn broken(&self, error: &io::Error) -> SnapshotReadError {
        self.damaged(error.to_string())
    }
}
