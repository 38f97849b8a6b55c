//! Lists and tuples, each taken for the other.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, SeqAccess, Visitor};

use super::Deserializer;
use super::bytes::ByteElements;
use crate::etf::error::{Error, ErrorKind};
use crate::etf::guard::skip;
use crate::etf::tags::{
    BINARY_EXT, BIT_BINARY_EXT, LARGE_TUPLE_EXT, LIST_EXT, NIL_EXT, SMALL_TUPLE_EXT, STRING_EXT,
};

impl<'de> Deserializer<'de> {
    /// The number of elements of the tuple or list at hand, whose header is passed; none when
    /// it is neither.
    pub(super) fn header(&mut self) -> Result<Option<Header>, Error> {
        let header = match self.reader.peek()? {
            SMALL_TUPLE_EXT => {
                self.reader.at += 1;
                Header {
                    count: usize::from(self.reader.u8()?),
                    tail: false,
                }
            }
            LARGE_TUPLE_EXT => {
                self.reader.at += 1;
                Header {
                    count: self.reader.length()?,
                    tail: false,
                }
            }
            NIL_EXT => {
                self.reader.at += 1;
                Header {
                    count: 0,
                    tail: false,
                }
            }
            LIST_EXT => {
                self.reader.at += 1;
                Header {
                    count: self.reader.length()?,
                    tail: true,
                }
            }
            _ => return Ok(None),
        };
        Ok(Some(header))
    }

    pub(super) fn seq<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        if let Some(header) = self.header()? {
            return self.elements(header, start, visitor);
        }
        match self.reader.peek()? {
            tag @ (STRING_EXT | BINARY_EXT | BIT_BINARY_EXT) => {
                let (bytes, _) = self.binary()?;
                let only_u8 = tag != STRING_EXT;
                let access = ByteElements {
                    bytes: bytes.iter(),
                    only_u8,
                    done: 0,
                };
                let value = visitor.visit_seq(access);
                self.blame(value, start)
            }
            _ => Err(self.mismatch("a list", start)),
        }
    }

    pub(super) fn tuple<V: Visitor<'de>>(
        &mut self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let start = self.reader.at;
        let wrong = |de: &Self| {
            let expected = format!("a tuple of {length}");
            Error::mismatch(ErrorKind::Length, expected).found(de.reader.bytes, start)
        };
        if let Some(header) = self.header()? {
            if header.count != length && self.length(header, start)? != length {
                return Err(wrong(self));
            }
            return self.elements(header, start, visitor);
        }
        match self.reader.peek()? {
            tag @ (STRING_EXT | BINARY_EXT | BIT_BINARY_EXT) => {
                let (bytes, _) = self.binary()?;
                if bytes.len() != length {
                    return Err(wrong(self));
                }
                let only_u8 = tag != STRING_EXT;
                let access = ByteElements {
                    bytes: bytes.iter(),
                    only_u8,
                    done: 0,
                };
                let value = visitor.visit_seq(access);
                self.blame(value, start)
            }
            _ => Err(self.mismatch(format_args!("a tuple of {length}"), start)),
        }
    }

    /// The number of elements of a tuple, or of a list that may go on in its tail.
    #[cold]
    fn length(&self, header: Header, start: usize) -> Result<usize, Error> {
        skip(self.reader.bytes, start)?;
        let Header {
            mut count,
            mut tail,
        } = header;
        let (mut ahead, mut sum) = (Self::new(self.reader, None), count);
        while tail {
            for _ in 0..count {
                ahead.pass()?;
            }
            tail = false;
            match ahead.reader.u8()? {
                NIL_EXT => {}
                STRING_EXT => sum += usize::from(ahead.reader.u16()?),
                LIST_EXT => {
                    (count, tail) = (ahead.reader.length()?, true);
                    sum += count;
                }
                _ => return Err(self.mismatch("a proper list", start)),
            }
        }
        Ok(sum)
    }

    pub(super) fn elements<V: Visitor<'de>>(
        &mut self,
        header: Header,
        start: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut terms = Terms::open(self, header, start)?;
        let value = visitor.visit_seq(&mut terms);
        let value = value.and_then(|value| terms.close().map(|()| value));
        self.blame(value, start)
    }
}

/// What the first bytes of a tuple or list say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header {
    pub(super) count: usize,
    /// Whether a tail follows the elements.
    pub(super) tail: bool,
}

/// The elements of a tuple or list.
pub(crate) struct Terms<'a, 'de> {
    de: &'a mut Deserializer<'de>,
    left: usize,
    tail: bool,
    /// How many were read, for the path of an error.
    done: usize,
    /// The bytes of a list that went on as STRING_EXT.
    string: std::slice::Iter<'de, u8>,
    start: usize,
}

impl<'a, 'de> Terms<'a, 'de> {
    pub(super) fn open(
        de: &'a mut Deserializer<'de>,
        header: Header,
        start: usize,
    ) -> Result<Self, Error> {
        let Header { count, tail } = header;
        de.open(count.saturating_add(usize::from(tail)), start)?;
        Ok(Self {
            de,
            left: count,
            tail,
            done: 0,
            string: [].iter(),
            start,
        })
    }

    /// Whether another element is there. A list may go on in its tail.
    #[inline]
    pub(super) fn more(&mut self) -> Result<bool, Error> {
        while self.left == 0 && self.tail {
            self.tail = false;
            self.go_on()?;
        }
        Ok(self.left > 0)
    }

    fn go_on(&mut self) -> Result<(), Error> {
        let at = self.de.reader.at;
        match self.de.reader.u8()? {
            NIL_EXT => {}
            LIST_EXT => {
                self.left = self.de.reader.length()?;
                self.tail = true;
                let count = self.left.saturating_add(1);
                self.de.spend(count, at)?;
            }
            STRING_EXT => {
                let length = usize::from(self.de.reader.u16()?);
                self.string = self.de.reader.take(length)?.iter();
                self.left = length;
            }
            _ => return Err(self.de.mismatch("a proper list", self.start)),
        }
        Ok(())
    }

    /// The next term; none at the end.
    #[inline]
    pub(super) fn next<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if self.left == 0 && !self.more()? {
            return Ok(None);
        }
        self.left -= 1;
        self.done += 1;
        if self.string.len() > 0 {
            return self.byte(seed);
        }
        seed.deserialize(&mut *self.de).map(Some)
    }

    /// The next element of a list that went on as STRING_EXT.
    #[cold]
    fn byte<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let byte = self.string.next().copied().unwrap_or_default();
        let reader = crate::etf::bytes::small_integer(byte);
        Deserializer::new(reader, None).one(seed).map(Some)
    }

    /// The tag at the head of a record or variant: none when it is no name. It does not count
    /// among the elements that a path numbers.
    pub(super) fn name(&mut self) -> Result<Option<Cow<'de, str>>, Error> {
        let mut ahead = Deserializer::new(self.de.reader, None);
        let Ok(name) = ahead.name("a name") else {
            return Ok(None);
        };
        self.de.reader = ahead.reader;
        self.left -= 1;
        Ok(Some(name))
    }

    pub(super) fn count_left(&self) -> usize {
        self.left
    }

    /// Whether more elements may follow in the tail of a list.
    pub(super) fn may_go_on(&self) -> bool {
        self.tail
    }

    /// The whole tuple or list is not what was wanted.
    #[cold]
    pub(super) fn wrong(&self, expected: impl std::fmt::Display) -> Error {
        self.de.mismatch(expected, self.start)
    }

    /// Leaves the container, which must have been read to its end.
    pub(super) fn close(&mut self) -> Result<(), Error> {
        if self.more()? {
            let expected = match self.done {
                1 => "1 element".to_owned(),
                done => format!("{done} elements"),
            };
            let error = Error::mismatch(ErrorKind::Length, expected);
            return Err(error.found(self.de.reader.bytes, self.start));
        }
        self.de.close();
        Ok(())
    }
}

impl<'de> SeqAccess<'de> for &mut Terms<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if self.left == 0 && !self.more()? {
            return Ok(None);
        }
        let place = self.done;
        self.next(seed).map_err(|error| error.in_index(place))
    }

    fn size_hint(&self) -> Option<usize> {
        // Already checked against the bytes that are left.
        Some(self.left)
    }
}
