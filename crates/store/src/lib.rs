//! Findings, evaluations, resources and scans in one file.
//!
//! A scan is begun, its accounts are written, and it is finished:
//!
//! ```
//! # use std::collections::{BTreeMap, BTreeSet};
//! # use yagura_model::*;
//! # use yagura_store::{AccountRecord, ScanOrder, Store};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = Store::in_memory().await?;
//! let account = Account::bare(AccountId::new("111122223333")?);
//! let scope = ScanScope {
//!     accounts: BTreeSet::from([account.id.clone()]),
//!     regions: BTreeSet::new(),
//!     rules: BTreeSet::new(),
//!     types: BTreeSet::new(),
//!     digest: "packs and parameters".to_owned(),
//!     question: "the whole organisation".to_owned(),
//!     is_narrowed: false,
//! };
//! let organization = Organization::of_one(account.clone(), Partition::Aws);
//! let started = "2026-01-01T00:00:00Z".parse()?;
//! let order = ScanOrder { scope: &scope, organization: &organization, rules: &[], started, resume: true };
//!
//! let run = store.begin_scan(order).await?;
//! let (regions, switched_off) = Default::default();
//! let fared = AccountScan { account, state: AccountState::Scanned, regions, resources: 0, switched_off };
//! run.write(&[AccountRecord::new(fared, None, vec![])?]).await?;
//! let scan = run.finish("2026-01-01T00:05:00Z".parse()?).await?;
//!
//! assert_eq!(store.latest_scan().await?, Some(scan));
//! # Ok(())
//! # }
//! ```
//!
//! # Invariants
//!
//! - **Only what was looked at ends.** A finding ends when its rule passes its resource, or when the resource is missing from
//!   a list that was read. Accounts, regions, types and rules that a scan left out, and lists that it could not read,
//!   leave their findings alone.
//! - **All of an account or nothing.** A scan that is killed is taken up where it was; what comes out equals an uninterrupted one.
//! - **Nothing half-written.** Whatever fails leaves the store as it was, and says which file and what to do.
//! - **Memory does not grow with the organisation.** The accounts that are written together are held, and no others; readers get streams.
//! - **No secrets.** Nothing here sees credentials.

mod codes;
mod columns;
mod content;
mod database;
mod detections;
mod error;
mod import;
mod lifecycle;
mod lock;
mod merge;
mod names;
mod outbox;
mod presence;
mod prune;
mod read;
mod report;
mod requests;
mod scan;
mod schema;
mod store;
mod suppressions;
mod triage;
mod uid;
mod users;
mod write;

pub use columns::FindingColumns;
pub use detections::listed::listed_threat;
pub use detections::read::{IncidentDetail, IncidentFilter};
pub use detections::{
    BeginDetectionError, DetectionRun, DetectionWrite, GroupKey, MatchDigest, ProfileWrite, ReadFolder,
    ReadMark, StoredProfile, SubjectKey, Unmark,
};
pub use error::{DatabaseError, Place};
pub use import::Imported;
pub use outbox::{
    Claim, MessageState, NewMessage, OutboxMessage, OutboxPair, PlanRead, PlanState, PlanWrite, QueueEntry,
};
pub use presence::{Presence, Successor};
pub use read::events::FindingEvent;
pub use read::filter::{Filter, FindingFilter};
pub use read::finding_counts::{BySeverity, FindingCounts};
pub use read::history::ResourceVersion;
pub use read::page::{CursorError, FindingCursor, FindingOrder, FindingPage, FindingQuery};
pub use read::resources::{Related, ResourceCursor, ResourceCursorError, ResourceFilter, ResourcePage};
pub use read::vitals::OutboxCounts;
pub use read::{ReadError, Records};
pub use requests::{Requested, SuppressionRequest};
pub use scan::{BeginError, FinishError, ScanOrder, ScanRun};
pub use store::{OpenError, Store};
pub use suppressions::{Hidden, Hiding, LetGo};
pub use triage::{Selection, Triage, TriageError, Triaged};
pub use users::{
    Admission, AdmitError, AuditFilter, BeginServingError, Credentials, Deed, Identity, NewToken,
    SecretDigest, ServingRight, Session, Standing, UserError, ViewSaved,
};
pub use write::{AccountRecord, WriteError};
