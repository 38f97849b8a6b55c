//! A value of any type as serde sees it, to hold against the tree.

use std::fmt;

use portreeve::eetf::Term;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Any {
    Bool(bool),
    Signed(i128),
    Unsigned(u128),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    Nothing,
    Seq(Vec<Any>),
    Map(Vec<(Any, Any)>),
}

impl Any {
    /// Whether this is what serde should have seen of `term`.
    pub(crate) fn agrees(&self, term: &Term) -> bool {
        match (self, term) {
            (Self::Bool(value), Term::Atom(atom)) => atom.name == value.to_string(),
            (Self::Nothing, Term::Atom(atom)) => {
                matches!(&*atom.name, "nil" | "undefined" | "null")
            }
            (Self::Text(text), Term::Atom(atom)) => *text == atom.name,
            (Self::Signed(value), Term::FixInteger(integer)) => *value == i128::from(integer.value),
            (Self::Signed(value), Term::BigInteger(integer)) => integer.value == (*value).into(),
            (Self::Unsigned(value), Term::BigInteger(integer)) => integer.value == (*value).into(),
            (Self::Float(value), Term::Float(float)) => value.to_bits() == float.value.to_bits(),
            (Self::Text(text), Term::Binary(binary)) => text.as_bytes() == binary.bytes,
            (Self::Bytes(bytes), Term::Binary(binary)) => *bytes == binary.bytes,
            (Self::Bytes(bytes), Term::BitBinary(bits)) => *bytes == bits.bytes,
            (Self::Seq(items), Term::List(list)) => all_agree(items, &list.elements),
            (Self::Seq(items), Term::Tuple(tuple)) => all_agree(items, &tuple.elements),
            (Self::Seq(items), Term::ByteList(list)) => {
                let bytes = list.bytes.iter().map(|&byte| Self::Signed(byte.into()));
                items.iter().cloned().eq(bytes)
            }
            (Self::Map(pairs), Term::Map(map)) => {
                let known = |(key, value): &(Self, Self)| {
                    map.map
                        .iter()
                        .any(|(k, v)| key.agrees(k) && value.agrees(v))
                };
                pairs.len() == map.map.len() && pairs.iter().all(known)
            }
            _ => false,
        }
    }
}

fn all_agree(items: &[Any], terms: &[Term]) -> bool {
    items.len() == terms.len()
        && items
            .iter()
            .zip(terms)
            .all(|(item, term)| item.agrees(term))
}

/// Terms that serde has no word for.
pub(crate) fn beyond_serde(term: &Term) -> bool {
    match term {
        Term::Pid(_) | Term::Port(_) | Term::Reference(_) => true,
        Term::ExternalFun(_) | Term::InternalFun(_) => true,
        Term::BitBinary(bits) => !matches!(bits.tail_bits_size, 0 | 8),
        Term::ImproperList(_) => true,
        Term::BigInteger(integer) => integer.value.bits() > 127,
        Term::List(list) => list.elements.iter().any(beyond_serde),
        Term::Tuple(tuple) => tuple.elements.iter().any(beyond_serde),
        Term::Map(map) => map
            .map
            .iter()
            .any(|(k, v)| beyond_serde(k) || beyond_serde(v)),
        _ => false,
    }
}

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyVisitor)
    }
}

struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Any;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Any, E> {
        Ok(Any::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Any, E> {
        Ok(Any::Signed(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Any, E> {
        Ok(Any::Signed(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Any, E> {
        Ok(Any::Signed(value))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Any, E> {
        Ok(Any::Unsigned(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Any, E> {
        Ok(Any::Float(value))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Any, E> {
        Ok(Any::Text(text.to_owned()))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Any, E> {
        Ok(Any::Bytes(bytes.to_vec()))
    }

    fn visit_unit<E>(self) -> Result<Any, E> {
        Ok(Any::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Any, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Any::Seq(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Any, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Any::Map(pairs))
    }
}
