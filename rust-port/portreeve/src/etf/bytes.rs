//! [`Bytes`]: a binary that keeps the frame it came in instead of a copy.

use std::cell::Cell;
use std::fmt;
use std::ops::Deref;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::read::Reader;
use super::tags::SMALL_INTEGER_EXT;
use super::tunnel;

/// Bytes, cheap to clone and to pass on.
///
/// As an argument of 4 KiB and more it is the part of the frame in which the call came: nothing is
/// copied, and the frame lives as long as the last `Bytes` of it. Fewer bytes are copied, so that they
/// do not keep the block of 64 KiB that small calls share. As a result it is written as a binary.
///
/// ```
/// use portreeve::Bytes;
///
/// let bytes = Bytes::from(vec![1, 2, 3]);
/// assert_eq!(bytes.len(), 3);
/// assert_eq!(&bytes[1..], [2, 3]);
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(bytes::Bytes);

impl Bytes {
    /// The same bytes as the type of the crate `bytes`. Feature `bytes`, as the conversions.
    #[cfg(feature = "bytes")]
    #[must_use]
    pub fn into_inner(self) -> bytes::Bytes {
        self.0
    }

    /// What is shared.
    pub(super) fn shared(&self) -> &bytes::Bytes {
        &self.0
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes::Bytes::copy_from_slice(bytes))
    }
}

#[cfg(feature = "bytes")]
impl From<bytes::Bytes> for Bytes {
    fn from(bytes: bytes::Bytes) -> Self {
        Self(bytes)
    }
}

#[cfg(feature = "bytes")]
impl From<Bytes> for bytes::Bytes {
    fn from(bytes: Bytes) -> Self {
        bytes.0
    }
}

impl From<Bytes> for Vec<u8> {
    fn from(bytes: Bytes) -> Self {
        bytes.0.into()
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(tunnel::BYTES, BytesVisitor)
    }
}

thread_local! {
    /// The part of the frame that is being handed to a `BytesVisitor` at this moment. Serde has
    /// no way to pass on more than the slice.
    static PART: Cell<Option<bytes::Bytes>> = const { Cell::new(None) };
}

/// Fewer bytes than these are copied.
const KEPT: usize = 4096;

/// Runs `visit` with the part of `frame` that `slice` is within reach of [`Bytes`].
pub(super) fn with_part<T>(
    frame: Option<&bytes::Bytes>,
    slice: &[u8],
    visit: impl FnOnce() -> T,
) -> T {
    let keeps = |frame: &&bytes::Bytes| slice.len() >= KEPT && holds(frame, slice);
    let Some(frame) = frame.filter(keeps) else {
        return visit();
    };
    PART.set(Some(frame.slice_ref(slice)));
    let result = visit();
    PART.set(None);
    result
}

fn holds(frame: &[u8], slice: &[u8]) -> bool {
    let (outer, inner) = (frame.as_ptr_range(), slice.as_ptr_range());
    outer.start <= inner.start && inner.end <= outer.end
}

struct BytesVisitor;

impl<'de> Visitor<'de> for BytesVisitor {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes")
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Bytes, E> {
        let part = PART
            .take()
            .filter(|part| part.as_ptr_range() == bytes.as_ptr_range());
        Ok(Bytes(
            part.unwrap_or_else(|| bytes::Bytes::copy_from_slice(bytes)),
        ))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
        Ok(Bytes::from(bytes))
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
        Ok(Bytes::from(bytes))
    }

    fn visit_str<E>(self, text: &str) -> Result<Bytes, E> {
        Ok(Bytes::from(text.as_bytes()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Bytes, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        Ok(Bytes::from(bytes))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Bytes, D::Error> {
        inner.deserialize_byte_buf(self)
    }
}

/// SMALL_INTEGER_EXT for each byte: the elements of STRING_EXT as terms of their own.
static SMALL_INTEGERS: [[u8; 2]; 256] = {
    let mut terms = [[SMALL_INTEGER_EXT, 0]; 256];
    let mut byte = 1;
    while byte < 256 {
        terms[byte][1] = terms[byte - 1][1] + 1;
        byte += 1;
    }
    terms
};

/// A byte as a term.
pub(super) fn small_integer(byte: u8) -> Reader<'static> {
    Reader::new(&SMALL_INTEGERS[usize::from(byte)], 0)
}
