//! What fuzz targets call: snapshots as anybody may hand them over.

use std::path::Path;

use crate::snapshot::read_account;

/// Reads `data` as the uncompressed content of an account's file.
pub fn read_snapshot(data: &[u8]) {
    if let Ok(packed) = zstd::bulk::compress(data, 1) {
        let _ = read_account(Path::new("fuzz.zst"), packed.as_slice());
    }
}

/// Reads `data` as an account's file, compression and all.
pub fn read_packed_snapshot(data: &[u8]) {
    let _ = read_account(Path::new("fuzz.zst"), data);
}
