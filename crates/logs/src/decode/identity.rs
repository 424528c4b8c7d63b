//! Ids for records that have none: the same record has the same id, wherever it was delivered and in whatever order its fields stand.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The id of a record with these fields; the order of the fields does not count.
pub(super) fn id<'f>(kind: &str, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> String {
    let mut fields: Vec<_> = fields.into_iter().collect();
    fields.sort_unstable();
    let mut hash = Sha256::new_with_prefix(kind);
    for part in fields.into_iter().flat_map(|(name, value)| [name, value]) {
        // With its length, no two lists of fields are the same bytes.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize()[..16].iter().fold(String::with_capacity(32), |mut id, byte| {
        // Writing to a text cannot fail.
        let _ = write!(id, "{byte:02x}");
        id
    })
}
