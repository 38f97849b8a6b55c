//! Which keys of a map are one key.
//!
//! To the BEAM bytes are the same binary as text, whatever tag they came with; and eetf gives equal maps different
//! hashes.

use std::collections::{HashMap, HashSet};

use eetf::{Binary, ImproperList, List, Map, Term, Tuple};

use super::write::Writer;
use crate::etf::error::Error;

/// The keys of one map beside those that are found by their hash.
#[derive(Default)]
pub(super) struct Keys {
    /// Keys that hold maps, in the one form that all equal keys are written in.
    with_maps: HashSet<Vec<u8>>,
    /// Keys that hold bytes, as they would be with text in their place.
    with_bytes: HashSet<Term>,
}

impl Keys {
    /// Whether a key is in none of the pairs yet.
    pub(super) fn is_new(
        &mut self,
        key: &Term,
        pairs: &HashMap<Term, Term>,
    ) -> Result<bool, Error> {
        if !has(key, &is_bytes) {
            let is_known = pairs.contains_key(key) || self.with_bytes.contains(key);
            return Ok(!is_known && self.is_new_map(key)?);
        }
        let plain = plain(key);
        let is_known = pairs.contains_key(&plain);
        Ok(!is_known && self.is_new_map(&plain)? && self.with_bytes.insert(plain))
    }

    fn is_new_map(&mut self, key: &Term) -> Result<bool, Error> {
        if !has(key, &|term| {
            matches!(term, Term::Map(_) | Term::InternalFun(_))
        }) {
            return Ok(true);
        }
        let mut bytes = Vec::new();
        Writer::new(&mut bytes).term(key)?;
        Ok(self.with_maps.insert(bytes))
    }
}

fn is_bytes(term: &Term) -> bool {
    matches!(term, Term::BitBinary(bits) if matches!(bits.tail_bits_size, 0 | 8))
}

/// Whether a key is or holds such a term.
fn has(key: &Term, wanted: &dyn Fn(&Term) -> bool) -> bool {
    let has = |term: &Term| has(term, wanted);
    wanted(key)
        || match key {
            Term::List(list) => list.elements.iter().any(has),
            Term::Tuple(tuple) => tuple.elements.iter().any(has),
            Term::ImproperList(list) => list.elements.iter().any(has) || has(&list.last),
            Term::Map(map) => map.map.iter().any(|(key, value)| has(key) || has(value)),
            _ => false,
        }
}

/// The key with binaries in the place of bytes.
fn plain(key: &Term) -> Term {
    let all = |terms: &[Term]| terms.iter().map(plain).collect::<Vec<_>>();
    match key {
        Term::BitBinary(bits) if is_bytes(key) => Binary::from(bits.bytes.clone()).into(),
        Term::List(list) => List::from(all(&list.elements)).into(),
        Term::Tuple(tuple) => Tuple::from(all(&tuple.elements)).into(),
        Term::ImproperList(list) => {
            ImproperList::from((all(&list.elements), plain(&list.last))).into()
        }
        Term::Map(map) => {
            let pairs = map.map.iter();
            let pairs = pairs.map(|(key, value)| (plain(key), plain(value)));
            Map::from(pairs.collect::<HashMap<_, _>>()).into()
        }
        other => other.clone(),
    }
}
