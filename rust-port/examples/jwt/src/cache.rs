//! Parsed keys, remembered by what they were parsed from. Parsing an Ed25519 key costs as much as a signature,
//! an RSA key a good part of one.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::{Algorithm, JwtError};

/// More keys than this and all are forgotten: a service has a handful, and memory stays bounded.
const CAPACITY: usize = 64;

type Name = (Algorithm, Box<[u8]>);

pub(crate) struct Cache<K> {
    keys: RwLock<Option<HashMap<Name, Arc<K>>>>,
}

impl<K> Cache<K> {
    pub(crate) const fn new() -> Self {
        Cache {
            keys: RwLock::new(None),
        }
    }

    /// The key that `text` stands for: the remembered one, or `parse`'s.
    pub(crate) fn get(
        &self,
        algorithm: Algorithm,
        text: &[u8],
        parse: impl FnOnce(Algorithm, &[u8]) -> Result<K, JwtError>,
    ) -> Result<Arc<K>, JwtError> {
        let name: Name = (algorithm, text.into());
        if let Some(known) = self.find(&name) {
            return Ok(known);
        }
        let key = Arc::new(parse(algorithm, text)?);
        self.remember(name, Arc::clone(&key));
        Ok(key)
    }

    fn find(&self, name: &Name) -> Option<Arc<K>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.as_ref()?.get(name).cloned()
    }

    fn remember(&self, name: Name, key: Arc<K>) {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        let keys = keys.get_or_insert_default();
        if keys.len() >= CAPACITY {
            keys.clear();
        }
        keys.insert(name, key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_once_and_forgets_before_it_grows() {
        let cache = Cache::new();
        let mut parsed = 0;
        let mut get = |text: &[u8]| {
            cache
                .get(Algorithm::HS256, text, |_, text| {
                    parsed += 1;
                    Ok(text.to_vec())
                })
                .expect("this parser never fails")
        };
        assert_eq!(*get(b"a"), b"a");
        get(b"a");
        (0..CAPACITY).for_each(|n| drop(get(&n.to_be_bytes())));
        assert_eq!(parsed, 1 + CAPACITY);
        let held = cache
            .keys
            .read()
            .expect("no panic while it was held")
            .as_ref()
            .map(HashMap::len);
        assert_eq!(held, Some(1));
    }

    #[test]
    fn a_key_that_does_not_parse_is_not_remembered() {
        let cache = Cache::<()>::new();
        let wrong = |algorithm, _: &[u8]| Err(JwtError::Key(algorithm, "no".into()));
        assert!(cache.get(Algorithm::EdDSA, b"k", wrong).is_err());
        assert!(cache.get(Algorithm::EdDSA, b"k", |_, _| Ok(())).is_ok());
    }
}
