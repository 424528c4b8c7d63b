//! Event sources: from files of logs to single records, with bounded memory and nothing lost that can be read.
//!
//! Files are on disk ([`find`]), in a bucket ([`s3`]), or announced by a queue ([`sqs`]); [`digest`] says whether CloudTrail's
//! are as CloudTrail wrote them.

mod compression;
mod decode;
pub mod digest;
mod files;
mod ordered;
mod records;
pub mod s3;
pub mod sqs;

pub use compression::{CompressionError, open, unpack};
pub use decode::{DecodeError, Decoded, ParquetFileError, SourceKind, keep_quiet_of_handled_panics};
pub use files::{FileKind, Found, find, find_rules};
pub use ordered::in_order;
pub use records::{Broken, Next, Records, RecordsError};
