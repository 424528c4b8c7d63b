//! Writes a snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};
use thiserror::Error;
use yagura_model::{AccountId, AccountScan, AccountState, Inventory, Organization, Timestamp};

use super::format::{
    ACCOUNT_ENDING, FORMAT_VERSION, Footer, Header, LARGEST_ACCOUNT, LONGEST_LINE, LineRef, SnapshotManifest,
    account_path, accounts_path, hexadecimal, manifest_path,
};
use crate::Plan;

const UNFINISHED: &str = ".unfinished";

/// Why a snapshot could not be written.
#[derive(Debug, Error)]
pub enum SnapshotWriteError {
    /// The directory has something in it that is not an unfinished snapshot.
    #[error("`{}` is not empty: choose another directory, or delete it", path.display())]
    Occupied {
        /// The directory.
        path: PathBuf,
    },
    /// The file system refused.
    #[error("cannot write `{}`: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Larger than what a reader accepts.
    #[error("account {account} is too large for a snapshot: collect fewer services or regions")]
    TooLarge {
        /// The account.
        account: AccountId,
    },
}

/// Writes accounts as they come, from any number of threads, and at last the manifest.
#[derive(Debug)]
pub struct SnapshotWriter {
    directory: PathBuf,
    manifest: SnapshotManifest,
    accounts: Mutex<BTreeMap<AccountId, AccountScan>>,
}

impl SnapshotWriter {
    /// Begins a snapshot in a directory that is new or empty, or holds one that was interrupted.
    ///
    /// # Errors
    ///
    /// [`SnapshotWriteError::Occupied`] when anything else is in the directory.
    pub fn create(
        directory: &Path,
        created: Timestamp,
        organization: &Organization,
        plan: &Plan,
    ) -> Result<Self, SnapshotWriteError> {
        let accounts = accounts_path(directory);
        let failed = |source| SnapshotWriteError::Io { path: directory.to_owned(), source };
        fs::create_dir_all(&accounts).map_err(failed)?;
        for entry in fs::read_dir(directory).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            if name != "accounts" && !is_ours(&name.to_string_lossy(), UNFINISHED) {
                return Err(SnapshotWriteError::Occupied { path: directory.to_owned() });
            }
        }
        clear(directory, &accounts)?;
        let manifest = SnapshotManifest {
            format_version: FORMAT_VERSION,
            tool: concat!("yagura ", env!("CARGO_PKG_VERSION")).to_owned(),
            created,
            organization: organization.clone(),
            asked: plan.asked(),
            accounts: Vec::new(),
        };
        Ok(Self { directory: directory.to_owned(), manifest, accounts: Mutex::default() })
    }

    /// Writes one account that was read.
    ///
    /// # Errors
    ///
    /// When the disk is full or the account too large; nothing is left of the file then.
    pub fn write(&self, inventory: &Inventory) -> Result<(), SnapshotWriteError> {
        let account = &inventory.account.id;
        let path = account_path(&self.directory, account);
        replace(&path, |file| write_account(inventory, file)).map_err(|source| {
            if source.kind() == io::ErrorKind::FileTooLarge {
                SnapshotWriteError::TooLarge { account: account.clone() }
            } else {
                SnapshotWriteError::Io { path: path.clone(), source }
            }
        })?;
        self.note(AccountScan {
            account: inventory.account.clone(),
            state: AccountState::Scanned,
            regions: inventory.regions.clone(),
            resources: inventory.resources.len() as u64,
            switched_off: BTreeSet::new(),
        });
        Ok(())
    }

    /// Notes an account of which there is no file: skipped, or not reached.
    pub fn note(&self, scan: AccountScan) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.insert(scan.account.id.clone(), scan);
    }

    /// Writes the manifest: from now on this is a snapshot.
    ///
    /// # Errors
    ///
    /// When the manifest cannot be written.
    pub fn finish(self) -> Result<SnapshotManifest, SnapshotWriteError> {
        let accounts = self.accounts.into_inner().unwrap_or_else(PoisonError::into_inner);
        let manifest = SnapshotManifest { accounts: accounts.into_values().collect(), ..self.manifest };
        let path = manifest_path(&self.directory);
        replace(&path, |file| {
            let mut out = BufWriter::new(file);
            serde_json::to_writer_pretty(&mut out, &manifest)?;
            out.write_all(b"\n")?;
            out.flush()
        })
        .map_err(|source| SnapshotWriteError::Io { path, source })?;
        Ok(manifest)
    }
}

fn is_ours(name: &str, ending: &str) -> bool {
    name.ends_with(ending)
}

/// Removes what an interrupted snapshot left, and nothing else.
fn clear(directory: &Path, accounts: &Path) -> Result<(), SnapshotWriteError> {
    for folder in [directory, accounts] {
        let failed = |source| SnapshotWriteError::Io { path: folder.to_owned(), source };
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let left_over = is_ours(&name, UNFINISHED) || is_ours(&name, ACCOUNT_ENDING);
            if left_over {
                fs::remove_file(entry.path()).map_err(failed)?;
            } else if folder == accounts {
                return Err(SnapshotWriteError::Occupied { path: accounts.to_owned() });
            }
        }
    }
    Ok(())
}

/// Writes beside the file and gives it its name when it is whole and on the disk.
fn replace(path: &Path, write: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(UNFINISHED);
    let unfinished = PathBuf::from(unfinished);
    let written = File::create(&unfinished)
        .and_then(|file| {
            write(&file)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        // The first error is the one that matters.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

fn write_account(inventory: &Inventory, file: &File) -> io::Result<()> {
    let mut encoder = zstd::stream::write::Encoder::new(file, 3)?;
    encoder.include_checksum(true)?;
    let mut lines = Lines { out: encoder, digest: Sha256::new(), line: Vec::new(), total: 0 };
    lines.write(&LineRef::Header(&Header {
        format_version: FORMAT_VERSION,
        account: inventory.account.clone(),
        regions: inventory.regions.clone(),
        types: inventory.types.clone(),
    }))?;
    let (mut resources, mut unlisted, mut coverage) = (0, 0, 0);
    for resource in &inventory.resources {
        lines.write(&LineRef::Resource(resource))?;
        resources += 1;
    }
    for it in &inventory.unlisted {
        lines.write(&LineRef::Unlisted(it))?;
        unlisted += 1;
    }
    for row in inventory.coverage.rows(&inventory.account.id) {
        lines.write(&LineRef::Coverage(&row))?;
        coverage += 1;
    }
    let sha256 = hexadecimal(&lines.digest.clone().finalize());
    lines.write(&LineRef::Footer(&Footer { resources, unlisted, coverage, sha256 }))?;
    lines.out.finish()?;
    Ok(())
}

struct Lines<W: Write> {
    out: W,
    digest: Sha256,
    line: Vec<u8>,
    total: u64,
}

impl<W: Write> Lines<W> {
    fn write(&mut self, line: &LineRef<'_>) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line)?;
        self.line.push(b'\n');
        let length = self.line.len() as u64;
        self.total += length;
        if length > LONGEST_LINE || self.total > LARGEST_ACCOUNT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.digest.update(&self.line);
        self.out.write_all(&self.line)
    }
}
