//! The files' contents.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use yagura_model::{
    Account, AccountId, AccountScan, CallCoverage, Organization, Region, Resource, ResourceType, Timestamp,
    Unlisted,
};

/// The version that is written; older ones are read too.
pub const FORMAT_VERSION: u32 = 1;

/// The longest line that is written or read.
pub(super) const LONGEST_LINE: u64 = 64 << 20;
/// The largest account that is written or read, unpacked.
pub(super) const LARGEST_ACCOUNT: u64 = 4 << 30;

/// What stands in `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SnapshotManifest {
    /// The version of the format.
    pub format_version: u32,
    /// What wrote it: `yagura 0.1.0`.
    pub tool: String,
    /// When the snapshot was begun.
    pub created: Timestamp,
    /// What surrounds the accounts.
    pub organization: Organization,
    /// Each type that was asked for, with the fields that further calls were made for. A field that is not named
    /// here was not asked for, unless the list of the type tells it.
    pub asked: BTreeMap<ResourceType, BTreeSet<String>>,
    /// How every account fared, by id: those that were skipped or could not be reached too.
    pub accounts: Vec<AccountScan>,
}

/// The part of a manifest that every version has.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AnyManifest {
    pub(super) format_version: u32,
}

/// The first line of an account's file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Header {
    pub(super) format_version: u32,
    pub(super) account: Account,
    pub(super) regions: Vec<Region>,
    pub(super) types: BTreeSet<ResourceType>,
}

/// The last line of an account's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Footer {
    pub(super) resources: u64,
    pub(super) unlisted: u64,
    pub(super) coverage: u64,
    /// Of every byte before this line, in hexadecimal.
    pub(super) sha256: String,
}

/// A line to be written.
#[derive(Debug, Serialize)]
pub(super) enum LineRef<'a> {
    Header(&'a Header),
    Resource(&'a Resource),
    Unlisted(&'a Unlisted),
    Coverage(&'a CallCoverage),
    Footer(&'a Footer),
}

/// A line that was read.
#[derive(Debug, Deserialize)]
pub(super) enum Line {
    Header(Box<Header>),
    Resource(Box<Resource>),
    Unlisted(Box<Unlisted>),
    Coverage(Box<CallCoverage>),
    Footer(Footer),
}

pub(super) fn manifest_path(directory: &Path) -> PathBuf {
    directory.join("manifest.json")
}

pub(super) fn accounts_path(directory: &Path) -> PathBuf {
    directory.join("accounts")
}

pub(super) const ACCOUNT_ENDING: &str = ".ndjson.zst";

pub(super) fn account_path(directory: &Path, account: &AccountId) -> PathBuf {
    accounts_path(directory).join(format!("{account}{ACCOUNT_ENDING}"))
}

pub(super) fn hexadecimal(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(digest.len() * 2);
    for byte in digest {
        // Writing into a text does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
