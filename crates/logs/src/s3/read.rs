//! An object of S3 as a file that is read: for what unpacks and splits files of every kind.

use std::io::{self, Read};

use tokio::runtime::Handle;
use yagura_aws::{Object, ObjectError};

/// Reads an object. What goes wrong is an [`io::Error`] that holds the [`ObjectError`].
///
/// To be used on a thread that may wait (`spawn_blocking`, a thread of its own), never on one that runs futures.
#[derive(Debug)]
pub struct ObjectReader {
    object: Object,
    runtime: Handle,
    piece: io::Cursor<Vec<u8>>,
}

impl ObjectReader {
    /// Waits for pieces on this runtime.
    #[must_use]
    pub fn new(object: Object, runtime: Handle) -> Self {
        Self { object, runtime, piece: io::Cursor::default() }
    }

    /// Its size before it is unpacked, where S3 told it.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.object.size()
    }

    /// What an error of reading was, if it was S3's.
    #[must_use]
    pub fn cause(error: &io::Error) -> Option<&ObjectError> {
        error.get_ref()?.downcast_ref()
    }
}

impl Read for ObjectReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.piece.read(buffer)? {
                0 if !buffer.is_empty() => {}
                read => return Ok(read),
            }
            match self.runtime.block_on(self.object.next()).map_err(io::Error::other)? {
                Some(piece) => self.piece = io::Cursor::new(piece),
                None => return Ok(0),
            }
        }
    }
}
