//! Event sources: from files of logs to single records, with bounded memory and nothing lost that can be read.

mod compression;
mod files;
mod ordered;
mod records;

pub use compression::{CompressionError, open, unpack};
pub use files::{FileKind, Found, find, find_rules};
pub use ordered::in_order;
pub use records::{Broken, Next, Records, RecordsError};
