//! Files, plain or compressed with gzip or zstd: told by their first bytes, whatever they are called.

use std::fs::File;
use std::io::{self, BufReader, Chain, Cursor, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use thiserror::Error;

/// Why a file cannot be read.
#[derive(Debug, Error)]
pub enum CompressionError {
    /// The system does not give it.
    #[error(transparent)]
    Io(#[from] io::Error),
}

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Logs shrink to a tenth, at best to a fiftieth. What grows more than so many times over is made to fill a disk.
const RATIO: u64 = 300;
/// So much may come out of anything.
const FREE: u64 = 64 << 20;

/// Opens a file.
///
/// # Errors
///
/// It is not there, or may not be read. What is wrong inside is told when it is read.
pub fn open(path: &Path) -> Result<Box<dyn Read + Send>, CompressionError> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    unpack(file, Some(size))
}

/// Unpacks what is compressed; `size` is how large it is before, if that is known.
///
/// # Errors
///
/// The first bytes cannot be read.
pub fn unpack(
    mut input: impl Read + Send + 'static,
    size: Option<u64>,
) -> Result<Box<dyn Read + Send>, CompressionError> {
    let mut first = [0; 4];
    let mut filled = 0;
    while filled < first.len() {
        match input.read(&mut first[filled..])? {
            0 => break,
            more => filled += more,
        }
    }
    let all: Chain<Cursor<Vec<u8>>, _> = Cursor::new(first[..filled].to_vec()).chain(input);
    let limit = size.map_or(u64::MAX, |size| FREE.max(size.saturating_mul(RATIO)));
    Ok(if filled >= 2 && first[..2] == GZIP {
        Box::new(Bounded {
            inner: MultiGzDecoder::new(BufReader::with_capacity(128 << 10, all)),
            left: limit,
        })
    } else if first == ZSTD && filled == 4 {
        Box::new(Bounded { inner: zstd::Decoder::new(all)?, left: limit })
    } else {
        Box::new(all)
    })
}

/// Whether something that begins so is compressed.
pub(crate) fn is_compressed(first: &[u8]) -> bool {
    first.starts_with(&GZIP) || first.starts_with(&ZSTD)
}

/// Gives no more than a compressed file of its size reasonably holds.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => {
                let message = format!("it unpacks to more than {RATIO} times its size: no log does");
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        let size = bytes.len() as u64;
        unpack(Cursor::new(bytes), Some(size)).unwrap().read_to_end(&mut out).map(|_| out)
    }

    #[test]
    fn a_file_is_known_by_its_first_bytes() {
        let text = b"{\"Records\":[]}".to_vec();
        assert_eq!(read(text.clone()).unwrap(), text);
        assert_eq!(read(gzip(&text)).unwrap(), text);
        // Two files, one behind the other, are one.
        assert_eq!(read([gzip(b"a"), gzip(b"b")].concat()).unwrap(), b"ab");
        assert_eq!(read(zstd::encode_all(&text[..], 3).unwrap()).unwrap(), text);
        assert_eq!(read(b"{".to_vec()).unwrap(), b"{");
        assert_eq!(read(Vec::new()).unwrap(), b"");
    }

    #[test]
    fn a_cut_file_gives_what_it_holds_and_then_an_error() {
        let noise: Vec<u8> =
            (0..200_000_u32).map(|it| (it.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let packed = gzip(&noise);
        let mut input = unpack(Cursor::new(packed[..packed.len() / 2].to_vec()), None).unwrap();
        let (mut out, mut buffer) = (Vec::new(), [0; 4096]);
        let error = loop {
            match input.read(&mut buffer) {
                Ok(0) => panic!("no error"),
                Ok(read) => out.extend_from_slice(&buffer[..read]),
                Err(error) => break error,
            }
        };
        assert!(!out.is_empty() && noise.starts_with(&out));
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn a_bomb_is_refused() {
        let bomb = gzip(&vec![b' '; 200 << 20]);
        assert!(read(bomb).unwrap_err().to_string().contains("no log does"));
    }
}
