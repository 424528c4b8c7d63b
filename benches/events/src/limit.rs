//! The least that reading files of events can cost: they are unpacked and every byte is checked to be JSON.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::PathBuf;

use flate2::bufread::MultiGzDecoder;
use serde::Serialize;
use serde::de::IgnoredAny;

/// What was read.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Read {
    files: u64,
    bytes: u64,
}

/// Unpacks gzip files with the library that Yagura uses, whole files at once, and lets the JSON reader pass over them.
pub(crate) fn read(paths: &[PathBuf]) -> io::Result<Read> {
    let (mut read, mut buffer) = (Read::default(), Vec::new());
    for path in paths {
        for file in yagura_logs::find(path)? {
            buffer.clear();
            let input = BufReader::with_capacity(128 << 10, File::open(&file.path)?);
            io::copy(&mut MultiGzDecoder::new(input), &mut buffer)?;
            for value in serde_json::Deserializer::from_slice(&buffer).into_iter::<IgnoredAny>() {
                value?;
            }
            read.files += 1;
            read.bytes += buffer.len() as u64;
        }
    }
    Ok(read)
}
