//! Binaries: borrowed from the frame, kept with it, or read as the `u8`s of a sequence.

use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::Deserializer;
use crate::etf::bytes;
use crate::etf::error::{Error, ErrorKind};
use crate::etf::guard::skip_within;
use crate::etf::tags::{
    BINARY_EXT, BIT_BINARY_EXT, LARGE_TUPLE_EXT, LIST_EXT, NIL_EXT, SMALL_TUPLE_EXT, STRING_EXT,
};

impl<'de> Deserializer<'de> {
    /// A binary, or a bit string of whole bytes; and its tag.
    pub(super) fn binary(&mut self) -> Result<(&'de [u8], u8), Error> {
        let start = self.reader.at;
        let tag = self.reader.u8()?;
        match tag {
            BINARY_EXT => {
                let length = self.reader.length()?;
                Ok((self.reader.take(length)?, tag))
            }
            BIT_BINARY_EXT => match self.reader.bits()? {
                (bytes, 0 | 8) => Ok((bytes, tag)),
                _ => Err(self.mismatch("bytes", start)),
            },
            // A list of 1 to 65535 bytes has them in one piece too.
            STRING_EXT => {
                let length = usize::from(self.reader.u16()?);
                Ok((self.reader.take(length)?, tag))
            }
            NIL_EXT => Ok((&[], tag)),
            _ => Err(self.mismatch("bytes", start)),
        }
    }

    pub(super) fn bytes_or_list<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        if matches!(
            self.reader.peek()?,
            LIST_EXT | SMALL_TUPLE_EXT | LARGE_TUPLE_EXT
        ) {
            return self.seq(visitor);
        }
        let (bytes, _) = self.binary()?;
        let value = visitor.visit_borrowed_bytes(bytes);
        self.blame(value, start)
    }

    /// Bytes for [`crate::Bytes`], with the part of the frame that they are.
    pub(super) fn kept_bytes<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        if self.reader.peek()? == LIST_EXT {
            return self.seq(visitor);
        }
        let (slice, _) = self.binary()?;
        let value = bytes::with_part(self.frame, slice, || visitor.visit_borrowed_bytes(slice));
        self.blame(value, start)
    }

    /// A term as it stands.
    pub(super) fn raw<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        let end = skip_within(self.reader.bytes, start, self.depth)?;
        let raw = self.reader.take(end - start)?;
        let value = visitor.visit_borrowed_bytes(raw);
        value.map_err(|error: Error| error.offset_by(start).found(self.reader.bytes, start))
    }
}

/// The bytes of a binary or of STRING_EXT, one after the other, as elements of a sequence.
///
/// A binary is a sequence of `u8` and of nothing else: an element of another type is refused,
/// and so is the first element of an empty binary. STRING_EXT is a list like others.
pub(super) struct ByteElements<'de> {
    pub(super) bytes: std::slice::Iter<'de, u8>,
    pub(super) only_u8: bool,
    pub(super) done: usize,
}

impl<'de> SeqAccess<'de> for ByteElements<'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(&byte) = self.bytes.next() else {
            if self.only_u8 && self.done == 0 {
                probe(seed)?;
            }
            return Ok(None);
        };
        self.done += 1;
        if self.only_u8 {
            return seed.deserialize(OnlyByte(Some(byte))).map(Some);
        }
        // As a term, so that every type of element gets what it gets from other lists.
        let mut element = Deserializer::new(bytes::small_integer(byte), None);
        let value = element.one(seed);
        value
            .map(Some)
            .map_err(|error| error.in_index(self.done - 1))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.bytes.len())
    }
}

/// Finds out whether the elements of an empty binary would have been `u8`.
#[cold]
fn probe<'de, T: DeserializeSeed<'de>>(seed: T) -> Result<(), Error> {
    match seed.deserialize(OnlyByte(None)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::Truncated => Ok(()),
        Err(error) => Err(error),
    }
}

struct OnlyByte(Option<u8>);

impl<'de> serde::Deserializer<'de> for OnlyByte {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::mismatch(ErrorKind::Type, "a list"))
    }

    #[inline]
    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Some(byte) => visitor.visit_u8(byte),
            None => Err(Error::value(ErrorKind::Truncated, "no more bytes")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}
