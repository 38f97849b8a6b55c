//! A tree from serde: from our reader as bytes, from another format value by value.

use std::collections::HashMap;
use std::fmt;

use eetf::{Atom, BigInteger, Binary, FixInteger, Float, List, Map};
use serde::Deserializer;
use serde::de::{self, MapAccess, SeqAccess, Visitor};

use super::Term;

pub(super) struct TermVisitor;

impl<'de> Visitor<'de> for TermVisitor {
    type Value = Term;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a term")
    }

    /// Our reader: the bytes are the term.
    fn visit_borrowed_bytes<E: de::Error>(self, bytes: &'de [u8]) -> Result<Term, E> {
        Term::read(bytes).map_err(E::custom)
    }

    /// Any other format.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Term, D::Error> {
        inner.deserialize_any(ValueVisitor)
    }
}

/// The values of a format that has no terms of its own.
struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Term;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that can be a term")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Term, E> {
        Ok(Term(
            Atom::from(if value { "true" } else { "false" }).into(),
        ))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Term, E> {
        self.visit_i128(i128::from(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Term, E> {
        self.visit_i128(i128::from(value))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Term, E> {
        Ok(Term(match i32::try_from(value) {
            Ok(value) => FixInteger::from(value).into(),
            Err(_) => BigInteger {
                value: value.into(),
            }
            .into(),
        }))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Term, E> {
        Ok(Term(match i32::try_from(value) {
            Ok(value) => FixInteger::from(value).into(),
            Err(_) => BigInteger {
                value: value.into(),
            }
            .into(),
        }))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Term, E> {
        Float::try_from(value)
            .map(|float| Term(eetf::Term::Float(float)))
            .map_err(E::custom)
    }

    fn visit_str<E>(self, text: &str) -> Result<Term, E> {
        Ok(Term(Binary::from(text.as_bytes()).into()))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Term, E> {
        Ok(Term::bytes(bytes))
    }

    fn visit_unit<E>(self) -> Result<Term, E> {
        Ok(Term(Atom::from("nil").into()))
    }

    fn visit_none<E>(self) -> Result<Term, E> {
        Ok(Term(Atom::from("nil").into()))
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Term, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Term, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Term, A::Error> {
        let mut elements = Vec::new();
        while let Some(Term(element)) = seq.next_element()? {
            elements.push(element);
        }
        Ok(Term(List::from(elements).into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Term, A::Error> {
        let mut pairs = HashMap::new();
        while let Some((Term(key), Term(value))) = map.next_entry()? {
            pairs.insert(key, value);
        }
        Ok(Term(Map::from(pairs).into()))
    }
}
