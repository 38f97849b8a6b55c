//! Keys of maps: atoms or text for names, text also for numbers and booleans.
//!
//! A JavaScript object has text for all its keys, so `#{<<"7">> => …}` reads as a map by `u32`.

use serde::de::Visitor;
use serde::forward_to_deserialize_any;

use super::number::Width;
use super::{Deserializer, visit_text};
use crate::etf::error::{Error, ErrorKind};
use crate::etf::tags::{ATOM_EXT, ATOM_UTF8_EXT, BINARY_EXT, SMALL_ATOM_EXT, SMALL_ATOM_UTF8_EXT};
use crate::etf::tunnel;

pub(super) struct Key<'a, 'de>(pub(super) &'a mut Deserializer<'de>);

impl<'de> Key<'_, 'de> {
    /// The key where it is an atom or text.
    fn name(&mut self) -> Result<Option<std::borrow::Cow<'de, str>>, Error> {
        match self.0.reader.peek()? {
            BINARY_EXT | SMALL_ATOM_UTF8_EXT | ATOM_UTF8_EXT | SMALL_ATOM_EXT | ATOM_EXT => {
                self.0.by_name = true;
                self.0.name("a name").map(Some)
            }
            _ => Ok(None),
        }
    }

    fn text<V: Visitor<'de>>(self, expected: &str, visitor: V) -> Result<V::Value, Error> {
        self.0.by_name = true;
        let name = self.0.name(expected)?;
        visit_text(name, visitor)
    }
}

/// A number as text, for a key that is one, in the one form that JavaScript and Erlang write it in.
fn parse(text: &str, expected: &dyn serde::de::Expected) -> Result<Number, Error> {
    let wrong = || Error::mismatch(ErrorKind::Type, expected);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let has_other_form = digits.starts_with(['0', '+']) && text != "0";
    if has_other_form {
        return Err(wrong());
    }
    let signed = text.parse().map(Number::Signed);
    let wide = || text.parse().map(Number::Wide);
    let widest = || text.parse().map(Number::Widest);
    signed
        .or_else(|_| wide())
        .or_else(|_| widest())
        .map_err(|_| wrong())
}

enum Number {
    Signed(i64),
    Wide(i128),
    Widest(u128),
}

macro_rules! integer_keys {
    ($($method:ident $width:ident $lowest:literal $highest:literal),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
            let start = self.0.reader.at;
            let Some(text) = self.name()? else {
                return self.0.$method(visitor);
            };
            let value = match parse(&text, &visitor)? {
                Number::Signed(value) => visitor.visit_i64(value),
                Number::Wide(value) => visitor.visit_i128(value),
                Number::Widest(value) => visitor.visit_u128(value),
            };
            const WIDTH: Width = Width {
                name: stringify!($width),
                range: concat!(stringify!($width), " (", $lowest, " to ", $highest, ")"),
            };
            value.map_err(|error| self.0.out_of_range(error, start, &WIDTH))
        }
    )*};
}

impl<'de> serde::Deserializer<'de> for Key<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.reader.peek()? {
            SMALL_ATOM_UTF8_EXT | ATOM_UTF8_EXT | SMALL_ATOM_EXT | ATOM_EXT => {
                self.text("a name", visitor)
            }
            _ => self.0.deserialize_any(visitor),
        }
    }

    integer_keys! {
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

    fn deserialize_bool<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        match self.name()?.as_deref() {
            Some("true") => visitor.visit_bool(true),
            Some("false") => visitor.visit_bool(false),
            Some(_) => Err(Error::mismatch(ErrorKind::Type, "a boolean")),
            None => self.0.deserialize_bool(visitor),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text("a character", visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text("a string", visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text("a string", visitor)
    }

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        if let Some(name) = self.0.short_atom() {
            return visitor.visit_borrowed_str(name);
        }
        match self.name()? {
            Some(name) => visit_text(name, visitor),
            // A struct may be one part of a larger map: keys that are no names are not its own.
            None => {
                self.0.pass()?;
                visitor.visit_borrowed_bytes(b"")
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.nothing()? {
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            tunnel::ATOM => {
                self.0.by_name = true;
                self.0.deserialize_newtype_struct(name, visitor)
            }
            tunnel::RAW | tunnel::BYTES | tunnel::ENUM => {
                self.0.deserialize_newtype_struct(name, visitor)
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_tuple(length, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_tuple_struct(name, length, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_struct(name, fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_bytes(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_byte_buf(visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_unit(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_map(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_ignored_any(visitor)
    }

    forward_to_deserialize_any! { f32 f64 unit_struct }
}
