//! One thing to read: a file, the new end of a file, an object of S3, a record that came in a message.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek as _, SeekFrom};
use std::path::PathBuf;

use bytes::Bytes;
use tokio::runtime::Handle;
use yagura_logs::s3::{Bucket, ObjectReader};
use yagura_logs::{CompressionError, DecodeError, Decoded, ParquetFileError, RecordsError};
use yagura_store::ReadMark;

/// An object may be so large; CloudTrail's have some megabytes, flow logs' some hundred.
const LARGEST: u64 = 8 << 30;

/// What to read.
#[derive(Debug, Clone)]
pub struct Job {
    /// What it is called in messages.
    pub shown: String,
    /// What is stored when it was read to its end.
    pub mark: Option<ReadMark>,
    pub(crate) input: Input,
}

#[derive(Debug, Clone)]
pub(crate) enum Input {
    File(PathBuf),
    /// A part of a plain file.
    Part(PathBuf, u64, u64),
    Object(Bucket, String),
    Bytes(Bytes),
    Stdin,
}

impl Job {
    /// A file on this machine.
    #[must_use]
    pub fn file(path: PathBuf, mark: Option<ReadMark>) -> Self {
        Self { shown: path.display().to_string(), mark, input: Input::File(path) }
    }

    /// A part of a plain file: from a byte up to another.
    #[must_use]
    pub fn part(path: PathBuf, from: u64, to: u64, mark: Option<ReadMark>) -> Self {
        Self { shown: path.display().to_string(), mark, input: Input::Part(path, from, to) }
    }

    /// An object of S3.
    #[must_use]
    pub fn object(bucket: &Bucket, key: &str, mark: Option<ReadMark>) -> Self {
        let shown = format!("s3://{}/{key}", bucket.name());
        Self { shown, mark, input: Input::Object(bucket.clone(), key.to_owned()) }
    }

    /// Bytes that came by themselves.
    #[must_use]
    pub fn bytes(shown: String, bytes: Bytes) -> Self {
        Self { shown, mark: None, input: Input::Bytes(bytes) }
    }

    /// A record that came by itself.
    #[must_use]
    pub fn record(shown: String, record: String) -> Self {
        Self::bytes(shown, record.into())
    }

    /// What comes through standard input.
    #[must_use]
    pub fn stdin() -> Self {
        Self { shown: "standard input".to_owned(), mark: None, input: Input::Stdin }
    }

    /// Begins to read. Waits, so not on a thread that runs futures.
    pub(crate) fn open(&self, runtime: &Handle) -> Result<Decoded, DecodeError> {
        match &self.input {
            Input::File(path) => Decoded::open(path),
            Input::Part(path, from, to) => {
                let part = File::open(path).and_then(|mut file| {
                    file.seek(SeekFrom::Start(*from))?;
                    Ok(file.take(to.saturating_sub(*from)))
                });
                Decoded::new(part.map_err(unreadable)?, None)
            }
            Input::Object(bucket, key) => {
                let object = runtime.block_on(bucket.open(key, LARGEST));
                let object = object.map_err(|error| unreadable(io::Error::other(error)))?;
                let size = object.size();
                Decoded::new(ObjectReader::new(object, runtime.clone()), size)
            }
            Input::Bytes(bytes) => Decoded::new(Cursor::new(bytes.clone()), Some(bytes.len() as u64)),
            Input::Stdin => Decoded::new(io::stdin(), None),
        }
    }
}

impl Job {
    /// Whether trying again later may help, with nothing changed by anybody.
    pub(crate) fn is_passing(&self, error: &DecodeError) -> bool {
        match error {
            DecodeError::Compression(CompressionError::Io(error))
            | DecodeError::Parquet(ParquetFileError::Io(error)) => is_passing(error),
            // A full disk says nothing of the object.
            DecodeError::Parquet(ParquetFileError::Room(_)) => true,
            DecodeError::Parquet(_) => false,
        }
    }

    /// The same of an error in the middle.
    pub(crate) fn is_passing_error(error: &RecordsError) -> bool {
        let RecordsError::Io(error) = error;
        is_passing(error)
    }
}

fn is_passing(error: &io::Error) -> bool {
    ObjectReader::cause(error).is_some_and(|it| it.is_passing())
}

fn unreadable(error: io::Error) -> DecodeError {
    DecodeError::Compression(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_no_failed_try_and_a_broken_file_is_one() {
        let job = Job::stdin();
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert!(job.is_passing(&DecodeError::Parquet(ParquetFileError::Room(full))));
        assert!(!job.is_passing(&DecodeError::Parquet(ParquetFileError::Unknown)));
        assert!(!job.is_passing(&unreadable(io::ErrorKind::UnexpectedEof.into())));
    }
}
