//! Compressed terms (`131 80 Size zlib`): read, never written.
//!
//! The output grows with what the stream really gives, stops at the size that was claimed, and
//! the claim is refused when it is over the limit. Neighbour: a host may send any message so.

use std::borrow::Cow;

use miniz_oxide::inflate::stream::{InflateState, inflate as step};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

use super::error::{Error, ErrorKind};
use super::read::Reader;
use super::tags::COMPRESSED;

/// Bytes made room for at a time.
const CHUNK: usize = 64 * 1024;

/// The term in a frame, without the version byte: a slice of the frame, or what it inflates to
/// when it is compressed.
///
/// # Errors
/// When the version byte is not 131, when the inflated size is over `limit` bytes, or when the
/// compressed data is damaged, of another size than it says, or followed by more bytes.
///
/// ```
/// use portreeve::etf;
///
/// assert_eq!(*etf::payload(&[131, 97, 7], 1024)?, [97, 7]);
/// # Ok::<(), etf::Error>(())
/// ```
pub fn payload(frame: &[u8], limit: usize) -> Result<Cow<'_, [u8]>, Error> {
    let mut reader = Reader::new(frame, 0);
    reader.version()?;
    if reader.peek()? != COMPRESSED {
        return Ok(Cow::Borrowed(&frame[1..]));
    }
    reader.u8()?;
    let size = reader.length()?;
    if size > limit {
        let why = format_args!("a term of {size} bytes inflated is over the limit of {limit}");
        return Err(Error::bytes(ErrorKind::Limit, 1, why));
    }
    let zlib = &frame[reader.at..];
    let (term, used) = inflate(zlib, size)?;
    match zlib.len() - used {
        0 => Ok(Cow::Owned(term)),
        left => {
            let why = format_args!("{left} bytes after the compressed term");
            Err(Error::bytes(ErrorKind::Trailing, reader.at + used, why))
        }
    }
}

/// What `zlib` inflates to, which must be `size` bytes, and how many bytes of it were used.
fn inflate(zlib: &[u8], size: usize) -> Result<(Vec<u8>, usize), Error> {
    let damaged = || Error::bytes(ErrorKind::Compressed, 6, "damaged compressed data");
    let mut state = InflateState::new_boxed(DataFormat::Zlib);
    let (mut term, mut used, mut done) = (Vec::new(), 0, 0);
    loop {
        // One byte more than claimed, so that a stream that is too long shows itself.
        let room = (done + CHUNK).min(size.saturating_add(1));
        term.resize(room, 0);
        let result = step(&mut state, &zlib[used..], &mut term[done..], MZFlush::None);
        used += result.bytes_consumed;
        done += result.bytes_written;
        match result.status {
            Ok(MZStatus::StreamEnd) if done == size => break,
            Ok(MZStatus::Ok) if done <= size && result.bytes_written > 0 => {}
            Ok(_) => return Err(wrong_size(size)),
            Err(_) => return Err(damaged()),
        }
    }
    term.truncate(size);
    Ok((term, used))
}

#[cold]
fn wrong_size(size: usize) -> Error {
    let why = format_args!("compressed data that is not the {size} bytes it says it is");
    Error::bytes(ErrorKind::Compressed, 2, why)
}
