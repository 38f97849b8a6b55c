//! One `u8` out of whatever serde is given as one: `Vec<u8>` behind bare derives is a sequence of them.

use serde::Serialize;
use serde::ser::{Error as _, Impossible, Serializer};

use crate::etf::error::Error;

/// Takes a `u8` and nothing else.
pub(super) struct Byte;

macro_rules! refused {
    ($($name:ident($($arg:ty),*) -> $ok:ty;)*) => {$(
        fn $name(self, $(_: $arg),*) -> Result<$ok, Error> {
            Err(other())
        }
    )*};
}

macro_rules! refused_generic {
    ($($name:ident($($arg:ty),*);)*) => {$(
        fn $name<T: ?Sized + Serialize>(self, $(_: $arg,)* _: &T) -> Result<u8, Error> {
            Err(other())
        }
    )*};
}

#[cold]
fn other() -> Error {
    Error::custom("a type that is called `u8` is written as something else")
}

type No = Impossible<u8, Error>;
type Name = &'static str;

impl Serializer for Byte {
    type Ok = u8;
    type Error = Error;
    type SerializeSeq = No;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStruct = No;
    type SerializeStructVariant = No;

    #[inline]
    fn serialize_u8(self, value: u8) -> Result<u8, Error> {
        Ok(value)
    }

    refused! {
        serialize_bool(bool) -> u8;
        serialize_i8(i8) -> u8;
        serialize_i16(i16) -> u8;
        serialize_i32(i32) -> u8;
        serialize_i64(i64) -> u8;
        serialize_u16(u16) -> u8;
        serialize_u32(u32) -> u8;
        serialize_u64(u64) -> u8;
        serialize_f32(f32) -> u8;
        serialize_f64(f64) -> u8;
        serialize_char(char) -> u8;
        serialize_str(&str) -> u8;
        serialize_bytes(&[u8]) -> u8;
        serialize_none() -> u8;
        serialize_unit() -> u8;
        serialize_unit_struct(Name) -> u8;
        serialize_unit_variant(Name, u32, Name) -> u8;
        serialize_seq(Option<usize>) -> No;
        serialize_tuple(usize) -> No;
        serialize_tuple_struct(Name, usize) -> No;
        serialize_tuple_variant(Name, u32, Name, usize) -> No;
        serialize_map(Option<usize>) -> No;
        serialize_struct(Name, usize) -> No;
        serialize_struct_variant(Name, u32, Name, usize) -> No;
    }

    refused_generic! {
        serialize_some();
        serialize_newtype_struct(Name);
        serialize_newtype_variant(Name, u32, Name);
    }
}
