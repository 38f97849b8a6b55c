//! The guard: checks arguments, and every other term that comes in, against the limits, and says where the term ends.
//!
//! It allocates nothing and does not recurse. Tags outside its list, lengths past the end,
//! counts larger than the bytes left, and nesting past the limit are refused here, so nothing
//! behind it ever meets them. Neighbour: the decoder on the host's side holds the same limits.

use super::error::{Error, ErrorKind};
use super::limits::MAX_DEPTH;
use super::read::Reader;
use super::tags::{
    ATOM_EXT, ATOM_UTF8_EXT, BINARY_EXT, BIT_BINARY_EXT, EXPORT_EXT, FLOAT_EXT, INTEGER_EXT,
    LARGE_BIG_EXT, LARGE_TUPLE_EXT, LIST_EXT, MAP_EXT, NEW_FLOAT_EXT, NEW_FUN_EXT, NEW_PID_EXT,
    NEW_PORT_EXT, NEW_REFERENCE_EXT, NEWER_REFERENCE_EXT, NIL_EXT, PID_EXT, PORT_EXT,
    REFERENCE_EXT, SMALL_ATOM_EXT, SMALL_ATOM_UTF8_EXT, SMALL_BIG_EXT, SMALL_INTEGER_EXT,
    SMALL_TUPLE_EXT, STRING_EXT, V4_PORT_EXT,
};

/// Checks the term that begins at `at` (behind the version byte, if there is one) and returns
/// the position after it.
///
/// # Errors
/// One of the kinds of error of bytes, such as [`ErrorKind::Truncated`], or [`ErrorKind::Limit`].
///
/// ```
/// use portreeve::etf;
///
/// let tuple = [104, 2, 97, 1, 97, 2, 255];
/// assert_eq!(etf::skip(&tuple, 0)?, 6);
/// let claim = [105, 255, 255, 255, 255, 97, 1];
/// assert_eq!(
///     etf::skip(&claim, 0).unwrap_err().to_string(),
///     "4294967295 elements in 2 bytes at byte 0",
/// );
/// # Ok::<(), etf::Error>(())
/// ```
pub fn skip(bytes: &[u8], at: usize) -> Result<usize, Error> {
    skip_within(bytes, at, 0)
}

/// The same for a term that lies `outer` levels deep in another.
#[inline]
pub(crate) fn skip_within(bytes: &[u8], at: usize, outer: usize) -> Result<usize, Error> {
    let mut reader = Reader::new(bytes, at);
    walk::<SHALLOW>(&mut reader, outer, 1)?;
    Ok(reader.at)
}

/// Levels that the first walk has room for. Few terms have more, and room for all of them costs
/// more to clear than most terms to check.
const SHALLOW: usize = 16;

/// Passes the term at hand; `owed` are the terms still to come, with it.
fn walk<const LEVELS: usize>(
    reader: &mut Reader<'_>,
    outer: usize,
    mut owed: usize,
) -> Result<(), Error> {
    // How many terms each open level still has to come, and the innermost.
    let mut open = [0_usize; LEVELS];
    let (mut level, mut here) = (0, 1);
    loop {
        let start = reader.at;
        here -= 1;
        owed -= 1;
        if !reader.skip_common()
            && let Some(count) = reader.skip_one()?
        {
            if outer + level == MAX_DEPTH {
                return Err(too_deep(start));
            }
            if level == LEVELS {
                reader.at = start;
                walk_deep(reader, outer + level, owed + 1)?;
            } else {
                owed = spend(owed, count, reader, start)?;
                open[level] = here;
                level += 1;
                here = count;
            }
        }
        while here == 0 {
            if level == 0 {
                return Ok(());
            }
            level -= 1;
            here = open[level];
        }
    }
}

#[cold]
fn walk_deep(reader: &mut Reader<'_>, outer: usize, owed: usize) -> Result<(), Error> {
    walk::<MAX_DEPTH>(reader, outer, owed)
}

/// Adds the elements of a container to those still to come. Each needs a byte at least, so
/// their sum may never be more than the bytes left.
#[inline]
pub(super) fn spend(
    owed: usize,
    count: usize,
    reader: &Reader<'_>,
    start: usize,
) -> Result<usize, Error> {
    match owed.checked_add(count) {
        Some(sum) if sum <= reader.left() => Ok(sum),
        _ => Err(short(count, reader.left(), start)),
    }
}

#[cold]
pub(crate) fn short(count: usize, left: usize, start: usize) -> Error {
    let why = format_args!("{count} elements in {left} bytes");
    Error::bytes(ErrorKind::Truncated, start, why)
}

#[cold]
pub(crate) fn too_deep(start: usize) -> Error {
    let why = format_args!("deeper than {MAX_DEPTH} levels");
    Error::bytes(ErrorKind::Limit, start, why)
}

/// The same for a value that is being written.
#[cold]
pub(crate) fn too_deep_value() -> Error {
    Error::value(
        ErrorKind::Limit,
        format_args!("deeper than {MAX_DEPTH} levels"),
    )
}

impl Reader<'_> {
    /// Passes a term of the kinds that are most of all terms, if that is what comes and all of
    /// it is there.
    #[inline]
    pub(super) fn skip_common(&mut self) -> bool {
        let length = match self.rest() {
            [SMALL_INTEGER_EXT, _, ..] => 2,
            [INTEGER_EXT, _, _, _, _, ..] => 5,
            [NIL_EXT, ..] => 1,
            [BINARY_EXT, a, b, c, d, rest @ ..] => {
                let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
                if length > rest.len() {
                    return false;
                }
                5 + length
            }
            [SMALL_ATOM_UTF8_EXT, length, rest @ ..] => match rest.get(..usize::from(*length)) {
                Some(name) if name.is_ascii() => 2 + name.len(),
                _ => return false,
            },
            _ => return false,
        };
        self.at += length;
        true
    }

    /// Passes one tag and what belongs to it; for a container gives the number of terms inside.
    pub(super) fn skip_one(&mut self) -> Result<Option<usize>, Error> {
        let start = self.at;
        let tag = self.u8()?;
        match tag {
            SMALL_INTEGER_EXT => self.pass(1),
            INTEGER_EXT => self.pass(4),
            SMALL_ATOM_UTF8_EXT | ATOM_UTF8_EXT | SMALL_ATOM_EXT | ATOM_EXT => {
                self.atom(tag).map(|_| None)
            }
            BINARY_EXT => {
                let length = self.length()?;
                self.pass(length)
            }
            SMALL_TUPLE_EXT => Ok(Some(usize::from(self.u8()?))),
            LARGE_TUPLE_EXT => self.length().map(Some),
            NIL_EXT => Ok(None),
            // The tail is a term like the others.
            LIST_EXT => Ok(Some(self.length()?.saturating_add(1))),
            MAP_EXT => Ok(Some(self.length()?.saturating_mul(2))),
            STRING_EXT => {
                let length = usize::from(self.u16()?);
                self.pass(length)
            }
            NEW_FLOAT_EXT | FLOAT_EXT => self.float(tag).map(|_| None),
            SMALL_BIG_EXT | LARGE_BIG_EXT => self.integer(tag).map(|_| None),
            BIT_BINARY_EXT => self.bits().map(|_| None),
            NEW_PID_EXT | PID_EXT => self.pid(tag).map(|_| None),
            NEW_PORT_EXT | PORT_EXT | V4_PORT_EXT => self.port(tag).map(|_| None),
            NEWER_REFERENCE_EXT | NEW_REFERENCE_EXT | REFERENCE_EXT => {
                self.reference(tag).map(|_| None)
            }
            EXPORT_EXT => self.export().map(|_| None),
            NEW_FUN_EXT => self.fun().map(|fun| Some(fun.free)),
            _ => Err(Self::unknown_tag(start, tag)),
        }
    }

    pub(super) fn pass(&mut self, length: usize) -> Result<Option<usize>, Error> {
        self.take(length).map(|_| None)
    }
}
