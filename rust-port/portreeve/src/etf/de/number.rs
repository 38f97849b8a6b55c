//! Numbers: every width checked, integers taken where floats are wanted.

use serde::de::Visitor;

use super::Deserializer;
use crate::etf::buffered;
use crate::etf::error::{Error, ErrorKind};
use crate::etf::read::Integer;
use crate::etf::tags::{
    FLOAT_EXT, INTEGER_EXT, LARGE_BIG_EXT, NEW_FLOAT_EXT, SMALL_BIG_EXT, SMALL_INTEGER_EXT,
};

/// A width, and how an error calls it.
pub(super) struct Width {
    /// What serde's own visitors for it say that they expect.
    pub(super) name: &'static str,
    pub(super) range: &'static str,
}

/// One method of `serde::Deserializer` for each width.
macro_rules! integers {
    ($($method:ident $width:ident $lowest:literal $highest:literal),* $(,)?) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            const WIDTH: number::Width = number::Width {
                name: stringify!($width),
                range: concat!(stringify!($width), " (", $lowest, " to ", $highest, ")"),
            };
            let start = self.reader.at;
            self.sized_integer(visitor).map_err(|error| self.out_of_range(error, start, &WIDTH))
        }
    )*};
}
pub(super) use integers;

impl<'de> Deserializer<'de> {
    #[inline]
    pub(super) fn sized_integer<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        match self.reader.rest() {
            [SMALL_INTEGER_EXT, value, ..] => {
                self.reader.at += 2;
                visitor.visit_u64(u64::from(*value))
            }
            [INTEGER_EXT, a, b, c, d, ..] => {
                self.reader.at += 5;
                visitor.visit_i64(i64::from(i32::from_be_bytes([*a, *b, *c, *d])))
            }
            _ => self.other_integer(visitor),
        }
    }

    fn other_integer<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        let tag = self.reader.u8()?;
        match self.reader.integer(tag)? {
            Some(integer) => visit(integer, visitor),
            None => Err(self.mismatch(&visitor as &dyn serde::de::Expected, start)),
        }
    }

    pub(super) fn any_integer<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        if !self.buffers {
            self.buffers = true;
            buffered::begin();
        }
        let is_big = matches!(self.reader.peek()?, SMALL_BIG_EXT | LARGE_BIG_EXT);
        let value = self.sized_integer(visitor);
        let value = value.map_err(|error| {
            if is_big {
                buffered::refused(error)
            } else {
                error
            }
        });
        self.blame(value, start)
    }

    /// Says what the range was, where serde only says that the number is not in it.
    #[cold]
    pub(super) fn out_of_range(&self, error: Error, start: usize, width: &Width) -> Error {
        let plain = error
            .expected()
            .is_none_or(|expected| expected == width.name);
        // A visitor that takes no integer as wide as this one reports a wrong type.
        let is_range = error.kind() == ErrorKind::Range
            || (error.kind() == ErrorKind::Type && error.expected().is_some() && plain);
        if !is_range || error.offset().is_some() {
            return error.found(self.reader.bytes, start);
        }
        let expected = if plain {
            width.range
        } else {
            error.expected().unwrap_or(width.name)
        };
        Error::mismatch(ErrorKind::Range, expected).found(self.reader.bytes, start)
    }

    #[inline]
    pub(super) fn float64(&mut self, expected: &dyn serde::de::Expected) -> Result<f64, Error> {
        if let [NEW_FLOAT_EXT, a, b, c, d, e, f, g, h, ..] = self.reader.rest() {
            let value = f64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
            if value.is_finite() {
                self.reader.at += 9;
                return Ok(value);
            }
        }
        let start = self.reader.at;
        let tag = self.reader.u8()?;
        if matches!(tag, NEW_FLOAT_EXT | FLOAT_EXT) {
            return self.reader.float(tag);
        }
        let Some(integer) = self.reader.integer(tag)? else {
            return Err(self.mismatch(expected, start));
        };
        integer.to_f64().ok_or_else(|| {
            let error = Error::mismatch(ErrorKind::Range, "an integer that f64 holds exactly");
            error.found(self.reader.bytes, start)
        })
    }

    pub(super) fn float32<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        let value = self.float64(&visitor)?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "rounding is what f32 means"
        )]
        let narrow = value as f32;
        if !narrow.is_finite() {
            let error = Error::mismatch(ErrorKind::Range, "f32 (up to 3.4028235e38)");
            return Err(error.found(self.reader.bytes, start));
        }
        let value = visitor.visit_f32(narrow);
        self.blame(value, start)
    }
}

#[inline]
fn visit<'de, V: Visitor<'de>>(integer: Integer<'de>, visitor: V) -> Result<V::Value, Error> {
    if let Integer::Small(value) = integer {
        return match u64::try_from(value) {
            Ok(value) => visitor.visit_u64(value),
            Err(_) => visitor.visit_i64(value),
        };
    }
    wide(integer, visitor)
}

#[cold]
fn wide<'de, V: Visitor<'de>>(integer: Integer<'de>, visitor: V) -> Result<V::Value, Error> {
    match integer.magnitude128() {
        Some((false, size)) => match u64::try_from(size) {
            Ok(value) => visitor.visit_u64(value),
            Err(_) => visitor.visit_u128(size),
        },
        Some((true, size)) => match 0_i128.checked_sub_unsigned(size) {
            Some(value) => visitor.visit_i128(value),
            None => Err(Error::mismatch(
                ErrorKind::Range,
                &visitor as &dyn serde::de::Expected,
            )),
        },
        None => Err(Error::mismatch(
            ErrorKind::Range,
            &visitor as &dyn serde::de::Expected,
        )),
    }
}
