//! [`Elements`]: a list read one element at a time, each as the type that it should have.
//!
//! This is how the arguments of a call are taken apart. Neighbour: the caller's side writes
//! `Args` of `{call, Id, Function, Args}` as a list, which for small integers is STRING_EXT.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;

use super::bytes::small_integer;
use super::de::Deserializer;
use super::error::{Error, ErrorKind};
use super::guard::skip;
use super::read::Reader;
use super::tags::{LIST_EXT, NIL_EXT, STRING_EXT};

/// The elements of a proper list, in any of its three forms.
///
/// ```
/// use portreeve::etf::Elements;
///
/// // [1, <<"two">>]
/// let list = [108, 0, 0, 0, 2, 97, 1, 109, 0, 0, 0, 3, b't', b'w', b'o', 106];
/// let mut elements = Elements::open(&list)?;
/// assert_eq!(elements.len(), 2);
/// assert_eq!(elements.next_value::<u8>().transpose()?, Some(1));
/// assert_eq!(elements.next_value::<&str>().transpose()?, Some("two"));
/// assert!(elements.next_raw().is_none());
/// # Ok::<(), portreeve::etf::Error>(())
/// ```
#[derive(Clone)]
pub struct Elements<'de> {
    reader: Reader<'de>,
    /// The bytes of STRING_EXT, which are elements too.
    string: &'de [u8],
    left: usize,
    frame: Option<&'de bytes::Bytes>,
}

impl<'de> Elements<'de> {
    /// Opens the list that `term` is; no version byte in front, nothing behind.
    ///
    /// # Errors
    /// When the bytes are not one term, or the term is not a proper list.
    pub fn open(term: &'de [u8]) -> Result<Self, Error> {
        let mut de = Deserializer::new(Reader::new(term, 0), None);
        de.reader.at = skip(term, 0)?;
        de.end()?;
        Self::of(term).map_err(|error| error.found(term, 0))
    }

    /// The same, for a list that lies in `frame`: [`crate::Bytes`] in it then keep the frame
    /// instead of a copy.
    ///
    /// # Errors
    /// As for [`Elements::open`].
    pub fn open_in(term: &'de [u8], frame: &'de super::Bytes) -> Result<Self, Error> {
        Ok(Self {
            frame: Some(frame.shared()),
            ..Self::open(term)?
        })
    }

    /// The same for a list that the guard has passed as part of a message. Whether it is proper shows at its end:
    /// ask [`Elements::is_closed`] when the last element was read.
    pub(crate) fn open_guarded(term: &'de [u8], frame: &'de bytes::Bytes) -> Result<Self, Error> {
        if term.first() != Some(&LIST_EXT) {
            let elements = Self::of(term).map_err(|error| error.found(term, 0))?;
            return Ok(Self {
                frame: Some(frame),
                ..elements
            });
        }
        let mut reader = Reader::new(term, 1);
        let left = reader.length()?;
        Ok(Self {
            reader,
            string: &[],
            left,
            frame: Some(frame),
        })
    }

    /// Whether the list ends here, with NIL_EXT as its tail.
    pub(crate) fn is_closed(&self) -> bool {
        let is_list = self.reader.bytes.first() == Some(&LIST_EXT);
        self.is_empty() && (!is_list || self.reader.bytes.get(self.reader.at..) == Some(&[NIL_EXT]))
    }

    fn of(term: &'de [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(term, 0);
        let (mut left, mut string): (usize, &[u8]) = (0, &[]);
        match reader.u8()? {
            NIL_EXT => {}
            STRING_EXT => {
                let length = usize::from(reader.u16()?);
                string = reader.take(length)?;
            }
            LIST_EXT => {
                left = reader.length()?;
                let mut tail = reader.at;
                for _ in 0..left {
                    tail = skip(term, tail)?;
                }
                if term.get(tail) != Some(&NIL_EXT) {
                    return Err(Error::mismatch(ErrorKind::Type, "a proper list"));
                }
            }
            _ => return Err(Error::mismatch(ErrorKind::Type, "a list")),
        }
        Ok(Self {
            reader,
            string,
            left,
            frame: None,
        })
    }

    /// How many elements are still to come.
    #[must_use]
    pub fn len(&self) -> usize {
        self.left + self.string.len()
    }

    /// Whether no element is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of the next element, a term without the version byte.
    pub fn next_raw(&mut self) -> Option<&'de [u8]> {
        if let Some(element) = self.next_byte() {
            return Some(element.bytes);
        }
        let start = self.reader.at;
        self.left = self.left.checked_sub(1)?;
        // The list was checked when it was opened.
        self.reader.at = skip(self.reader.bytes, start).ok()?;
        self.reader.bytes.get(start..self.reader.at)
    }

    /// The next element as a value; none at the end.
    pub fn next_value<T: Deserialize<'de>>(&mut self) -> Option<Result<T, Error>> {
        self.next_with(|de| de.one(PhantomData))
    }

    #[inline]
    pub(crate) fn next_with<T>(
        &mut self,
        read: impl FnOnce(&mut Deserializer<'de>) -> Result<T, Error>,
    ) -> Option<Result<T, Error>> {
        if let Some(element) = self.next_byte() {
            return Some(read(&mut Deserializer::new(element, None)));
        }
        self.left = self.left.checked_sub(1)?;
        let start = self.reader.at;
        let mut de = Deserializer::new(self.reader, self.frame);
        let value = read(&mut de);
        self.reader.at = match value {
            Ok(_) => de.reader.at,
            // So that the elements after one that could not be read can still be.
            Err(_) => skip(self.reader.bytes, start).unwrap_or(self.reader.bytes.len()),
        };
        Some(value)
    }

    fn next_byte(&mut self) -> Option<Reader<'de>> {
        let (&byte, rest) = self.string.split_first()?;
        self.string = rest;
        Some(small_integer(byte))
    }
}

impl fmt::Debug for Elements<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Elements")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
