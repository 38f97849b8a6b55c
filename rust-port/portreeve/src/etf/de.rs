//! Terms to Rust values: serde straight over the bytes, without a tree in between.
//!
//! Bounds, depth and counts are held by the reading itself, as strictly as by the guard.
//! Neighbour: the encoder on the host's side wrote what is read here.

mod bytes;
mod enums;
mod key;
mod map;
mod number;
mod seen;
mod seq;
mod structs;
mod text;

use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Visitor};

use super::buffered;
use super::error::{Error, ErrorKind};
use super::guard::{short, skip, skip_within, too_deep};
use super::limits::MAX_DEPTH;
use super::read::Reader;
use super::tags::{
    ATOM_EXT, ATOM_UTF8_EXT, BINARY_EXT, BIT_BINARY_EXT, FLOAT_EXT, INTEGER_EXT, LARGE_BIG_EXT,
    LARGE_TUPLE_EXT, LIST_EXT, MAP_EXT, NEW_FLOAT_EXT, NIL_EXT, SMALL_ATOM_EXT,
    SMALL_ATOM_UTF8_EXT, SMALL_BIG_EXT, SMALL_INTEGER_EXT, SMALL_TUPLE_EXT, STRING_EXT,
};
use super::tunnel;
pub(crate) use structs::Form;
pub(crate) use text::in_key;
use text::visit_text;

/// Reads one value after the other from bytes that hold terms without the version byte.
#[derive(Debug)]
pub(crate) struct Deserializer<'de> {
    pub(crate) reader: Reader<'de>,
    /// Containers that are open.
    depth: usize,
    /// The form of the next map.
    form: Option<Form<'static>>,
    /// Terms that containers may still have.
    budget: usize,
    /// The buffer that the bytes lie in, where values may keep a part of it.
    frame: Option<&'de ::bytes::Bytes>,
    /// Whether an integer was read as any value, as serde does for a buffer of its own.
    buffers: bool,
    /// Whether the key at hand was taken by its text, whatever term that text is.
    by_name: bool,
}

impl<'de> Deserializer<'de> {
    pub(crate) fn new(reader: Reader<'de>, frame: Option<&'de ::bytes::Bytes>) -> Self {
        Self {
            reader,
            depth: 0,
            form: None,
            budget: reader.left(),
            frame,
            buffers: false,
            by_name: false,
        }
    }

    /// Reads a value and insists that nothing comes after it.
    pub(crate) fn only<T: Deserialize<'de>>(mut self) -> Result<T, Error> {
        let value = self.one(PhantomData)?;
        self.end()?;
        Ok(value)
    }

    /// Reads one value whole: what serde's buffers could not hold is an error.
    #[inline]
    pub(crate) fn one<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let value = seed.deserialize(&mut *self)?;
        if self.buffers {
            buffered::lost()?;
        }
        Ok(value)
    }

    pub(crate) fn end(&self) -> Result<(), Error> {
        match self.reader.left() {
            0 => Ok(()),
            1 => Err(trailing("1 byte after the term", self.reader.at)),
            left => Err(trailing(
                &format!("{left} bytes after the term"),
                self.reader.at,
            )),
        }
    }

    /// Enters a container of `count` terms whose tag stands at `start`.
    pub(crate) fn open(&mut self, count: usize, start: usize) -> Result<(), Error> {
        if self.depth == MAX_DEPTH {
            return Err(too_deep(start));
        }
        self.depth += 1;
        self.spend(count, start)
    }

    /// Sets terms aside for a container. Each needs a byte at least, so that all containers
    /// together cannot have more than there are bytes.
    pub(crate) fn spend(&mut self, count: usize, start: usize) -> Result<(), Error> {
        let budget = self.budget.min(self.reader.left());
        let Some(left) = budget.checked_sub(count) else {
            return Err(short(count, budget, start));
        };
        self.budget -= budget - left;
        Ok(())
    }

    /// Leaves a container.
    pub(crate) fn close(&mut self) {
        self.depth -= 1;
    }

    /// Passes a term unread.
    pub(crate) fn pass(&mut self) -> Result<(), Error> {
        self.reader.at = skip_within(self.reader.bytes, self.reader.at, self.depth)?;
        Ok(())
    }

    /// A term of another type than the one expected begins at `start`.
    #[cold]
    fn mismatch(&self, expected: impl std::fmt::Display, start: usize) -> Error {
        // Bytes that are no term at all are the greater fault.
        match skip(self.reader.bytes, start) {
            Err(error) => error,
            Ok(_) => Error::mismatch(ErrorKind::Type, expected).found(self.reader.bytes, start),
        }
    }

    /// The same where text was expected.
    #[cold]
    fn no_text(&self, expected: &str, start: usize) -> Error {
        if let Err(error) = skip(self.reader.bytes, start) {
            return error;
        }
        let hint = match self.reader.bytes.get(start) {
            Some(&BIT_BINARY_EXT) => Some(": bytes, not text"),
            Some(&(STRING_EXT | NIL_EXT)) => Some(": a charlist; send a binary"),
            _ => None,
        };
        let error = Error::mismatch(ErrorKind::Type, expected).hinting(hint);
        error.found(self.reader.bytes, start)
    }

    /// Says at which term a visitor was not content.
    #[inline]
    fn blame<T>(&self, result: Result<T, Error>, start: usize) -> Result<T, Error> {
        result.map_err(|error| error.found(self.reader.bytes, start))
    }
}

#[cold]
fn trailing(why: &str, at: usize) -> Error {
    Error::bytes(ErrorKind::Trailing, at, why)
}

impl<'de> serde::Deserializer<'de> for &mut Deserializer<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        let tag = self.reader.peek()?;
        match tag {
            SMALL_INTEGER_EXT | INTEGER_EXT | SMALL_BIG_EXT | LARGE_BIG_EXT => {
                self.any_integer(visitor)
            }
            NEW_FLOAT_EXT | FLOAT_EXT => self.deserialize_f64(visitor),
            SMALL_ATOM_UTF8_EXT | ATOM_UTF8_EXT | SMALL_ATOM_EXT | ATOM_EXT => {
                self.reader.at += 1;
                let value = self.atom_any(tag, visitor);
                self.blame(value, start)
            }
            BINARY_EXT => {
                let (bytes, _) = self.binary()?;
                let value = match std::str::from_utf8(bytes) {
                    Ok(text) => visitor.visit_borrowed_str(text),
                    Err(_) => visitor.visit_borrowed_bytes(bytes),
                };
                self.blame(value, start)
            }
            BIT_BINARY_EXT => self.deserialize_bytes(visitor),
            NIL_EXT | STRING_EXT | LIST_EXT | SMALL_TUPLE_EXT | LARGE_TUPLE_EXT => {
                self.deserialize_seq(visitor)
            }
            MAP_EXT => self.deserialize_map(visitor),
            _ => Err(self.mismatch(&visitor as &dyn serde::de::Expected, start)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        let mut ahead = self.reader;
        let tag = ahead.u8()?;
        let value = match ahead.atom(tag).as_deref() {
            Ok("true") => visitor.visit_bool(true),
            Ok("false") => visitor.visit_bool(false),
            _ => return Err(self.mismatch("a boolean", start)),
        };
        self.reader = ahead;
        self.blame(value, start)
    }

    number::integers! {
        deserialize_i8 i8 "-128" "127",
        deserialize_u8 u8 "0" "255",
        deserialize_i16 i16 "-32768" "32767",
        deserialize_u16 u16 "0" "65535",
        deserialize_i32 i32 "-2147483648" "2147483647",
        deserialize_u32 u32 "0" "4294967295",
        deserialize_i64 i64 "-9223372036854775808" "9223372036854775807",
        deserialize_u64 u64 "0" "18446744073709551615",
        deserialize_i128 i128 "-170141183460469231731687303715884105728" "170141183460469231731687303715884105727",
        deserialize_u128 u128 "0" "340282366920938463463374607431768211455",
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.float32(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        let value = self.float64(&visitor)?;
        let value = visitor.visit_f64(value);
        self.blame(value, start)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        match self.reader.u8()? {
            BINARY_EXT => {}
            _ => return Err(self.no_text("a character", start)),
        }
        let text = self.text(start)?;
        let mut chars = text.chars();
        let value = match (chars.next(), chars.next()) {
            (Some(only), None) => visitor.visit_char(only),
            _ => Err(Error::mismatch(ErrorKind::Length, "a character")),
        };
        self.blame(value, start)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        match self.reader.u8()? {
            BINARY_EXT => {}
            _ => return Err(self.no_text("a string", start)),
        }
        let text = self.text(start)?;
        let value = visitor.visit_borrowed_str(text);
        self.blame(value, start)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.bytes_or_list(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.bytes_or_list(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        if self.nothing()? {
            let value = visitor.visit_none();
            return self.blame(value, start);
        }
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        if !self.nothing()? {
            return Err(self.mismatch("nil", start));
        }
        let value = visitor.visit_unit();
        self.blame(value, start)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            tunnel::RAW => self.raw(visitor),
            tunnel::ATOM => {
                let start = self.reader.at;
                let name = self.name("an atom")?;
                let value = visit_text(name, visitor);
                self.blame(value, start)
            }
            tunnel::BYTES => self.kept_bytes(visitor),
            tunnel::ENUM => self.tunnelled_enum(visitor),
            _ => self.newtype(name, visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.seq(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.tuple(length, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.tuple_struct(name, length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let form = self.form.take();
        self.map(visitor, form, map::Keys::Data)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.structure(name, fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.enumeration(name, variants, visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        let name = self.name("a name")?;
        let value = visit_text(name, visitor);
        self.blame(value, start)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.pass()?;
        visitor.visit_unit()
    }
}
