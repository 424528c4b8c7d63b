//! One scan: a [`Source`] of accounts, the rules, the store.
//!
//! Accounts stream through: each is collected, judged, written in one transaction and dropped, so that memory follows
//! the number of accounts at once and not the size of the organisation. The command line and the server run the same
//! scan; nothing here knows a terminal or a format.

mod assess;
mod filter;
mod live;
mod progress;
mod reported;
mod run;
mod snapshot;
mod source;
mod trend;

pub use assess::{AssessError, assess};
pub use filter::{AccountFilter, FilterError, RegionFilter, Selection, glob};
pub use live::{Live, LiveError, LiveSettings};
pub use progress::{Progress, Silent};
pub use reported::{ChooseError, Reported, reported, scans_to_report};
pub use run::{Job, Outcome, ScanError, run};
pub use snapshot::{Recorded, RecordedError, SaveError, save};
pub use source::{Source, SourceError};
pub use trend::{narrowed, trend};
