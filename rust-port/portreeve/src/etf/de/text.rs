//! Atoms and text, and each where the other is a name.

use std::borrow::Cow;

use serde::de::Visitor;

use super::Deserializer;
use crate::etf::error::{Error, ErrorKind};
use crate::etf::read::Reader;
use crate::etf::show::show;
use crate::etf::tags::{ATOM_EXT, ATOM_UTF8_EXT, BINARY_EXT, SMALL_ATOM_EXT, SMALL_ATOM_UTF8_EXT};

impl<'de> Deserializer<'de> {
    /// An atom in the form of today, up to 255 bytes; anything else is left where it is.
    #[inline]
    pub(super) fn short_atom(&mut self) -> Option<&'de str> {
        let [SMALL_ATOM_UTF8_EXT, length, rest @ ..] = self.reader.rest() else {
            return None;
        };
        let name = std::str::from_utf8(rest.get(..usize::from(*length))?).ok()?;
        self.reader.at += 2 + name.len();
        Some(name)
    }

    /// Whether an atom that stands for "no value" is next; it is passed.
    #[inline]
    pub(super) fn nothing(&mut self) -> Result<bool, Error> {
        match self.reader.rest() {
            [SMALL_ATOM_UTF8_EXT, 3, b'n', b'i', b'l', ..] => {
                self.reader.at += 5;
                Ok(true)
            }
            [
                SMALL_ATOM_UTF8_EXT | ATOM_UTF8_EXT | SMALL_ATOM_EXT | ATOM_EXT,
                ..,
            ] => self.other_nothing(),
            [_, ..] => Ok(false),
            [] => Err(self.reader.truncated()),
        }
    }

    fn other_nothing(&mut self) -> Result<bool, Error> {
        let mut ahead = self.reader;
        let is_nothing = matches!(&*ahead.whole_atom()?, "nil" | "undefined" | "null");
        if is_nothing {
            self.reader = ahead;
        }
        Ok(is_nothing)
    }

    pub(super) fn atom_any<V: Visitor<'de>>(
        &mut self,
        tag: u8,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let name = self.reader.atom(tag)?;
        match &*name {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            "nil" | "undefined" | "null" => visitor.visit_unit(),
            _ => visit_text(name, visitor),
        }
    }

    /// A name: an atom or text.
    pub(super) fn name(&mut self, expected: &str) -> Result<Cow<'de, str>, Error> {
        let start = self.reader.at;
        match self.reader.u8()? {
            tag @ (SMALL_ATOM_UTF8_EXT | ATOM_UTF8_EXT | SMALL_ATOM_EXT | ATOM_EXT) => {
                self.reader.atom(tag)
            }
            BINARY_EXT => self.text(start).map(Cow::Borrowed),
            _ => Err(self.no_text(expected, start)),
        }
    }

    /// The rest of BINARY_EXT as text.
    pub(super) fn text(&mut self, start: usize) -> Result<&'de str, Error> {
        let length = self.reader.length()?;
        let bytes = self.reader.take(length)?;
        std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, start, &error))
    }
}

pub(super) fn visit_text<'de, V: Visitor<'de>>(
    text: Cow<'de, str>,
    visitor: V,
) -> Result<V::Value, Error> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

#[cold]
fn not_utf8(bytes: &[u8], start: usize, error: &std::str::Utf8Error) -> Error {
    let (length, valid) = (bytes.len(), error.valid_up_to());
    let got = format!("{length} bytes that are not UTF-8 from byte {valid} on");
    Error::mismatch(ErrorKind::Utf8, "a string")
        .with_got(got)
        .starting(start)
}

/// A key as an error path shows it: text as it is, anything else as Erlang prints it.
#[cold]
pub(crate) fn in_key(error: Error, bytes: &[u8], key_at: usize) -> Error {
    let mut reader = Deserializer::new(Reader::new(bytes, key_at), None);
    match reader.name("a name") {
        Ok(name) => error.in_key(&name),
        Err(_) => error.in_index(show(bytes, key_at)),
    }
}
