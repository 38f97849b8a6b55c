//! Bytes to a tree, within the limits that the guard holds.

use std::collections::HashMap;

use eetf::{FixInteger, ImproperList, InternalFun, List, Map, Term, Tuple};

use super::keys::Keys;
use super::leaf::{atom, leaf, pid};
use crate::etf::error::{Error, ErrorKind};
use crate::etf::guard::{short, too_deep};
use crate::etf::limits::MAX_DEPTH;
use crate::etf::opaque::Fun;
use crate::etf::read::Reader;
use crate::etf::show;
use crate::etf::tags::{
    INTEGER_EXT, LARGE_TUPLE_EXT, LIST_EXT, MAP_EXT, NEW_FUN_EXT, NIL_EXT, SMALL_INTEGER_EXT,
    SMALL_TUPLE_EXT,
};

/// How many maps may be keys inside keys of one another. A key is hashed as a whole, so each
/// such level costs its bytes once more.
const MAX_KEY_DEPTH: usize = 8;

/// The one term that `bytes` are.
///
/// Depth and counts are held here as by the guard, so that nothing relies on its having run.
pub(super) fn whole(bytes: &[u8]) -> Result<Term, Error> {
    let reader = Reader::new(bytes, 0);
    let mut tree = Tree {
        reader,
        in_keys: 0,
        depth: 0,
        budget: bytes.len(),
    };
    let term = tree.term()?;
    match tree.reader.left() {
        0 => Ok(term),
        _ => Err(Error::bytes(
            ErrorKind::Trailing,
            tree.reader.at,
            "bytes after the term",
        )),
    }
}

struct Tree<'de> {
    reader: Reader<'de>,
    /// How many keys of maps the term at hand is inside of.
    in_keys: usize,
    /// Containers that are open.
    depth: usize,
    /// Terms that containers may still have.
    budget: usize,
}

impl Tree<'_> {
    /// One term. Those without others inside have a function of their own, so that a level of
    /// nesting costs little stack.
    fn term(&mut self) -> Result<Term, Error> {
        let start = self.reader.at;
        let tag = self.reader.u8()?;
        if !matches!(
            tag,
            SMALL_TUPLE_EXT | LARGE_TUPLE_EXT | LIST_EXT | MAP_EXT | NEW_FUN_EXT
        ) {
            return leaf(&mut self.reader, tag);
        }
        if self.depth == MAX_DEPTH {
            return Err(too_deep(start));
        }
        self.depth += 1;
        let term = self.container(tag, start);
        self.depth -= 1;
        term
    }

    fn container(&mut self, tag: u8, start: usize) -> Result<Term, Error> {
        match tag {
            SMALL_TUPLE_EXT => {
                let count = usize::from(self.reader.u8()?);
                self.tuple(count)
            }
            LARGE_TUPLE_EXT => {
                let count = self.reader.length()?;
                self.tuple(count)
            }
            LIST_EXT => self.list(),
            MAP_EXT => self.map(start),
            _ => self.fun(),
        }
    }

    /// Sets terms aside for a container. Each needs a byte at least.
    fn spend(&mut self, count: usize) -> Result<(), Error> {
        let budget = self.budget.min(self.reader.left());
        if count > budget {
            return Err(short(count, budget, self.reader.at));
        }
        self.budget -= count;
        Ok(())
    }

    /// Elements one after the other.
    fn terms(&mut self, count: usize) -> Result<Vec<Term>, Error> {
        self.spend(count)?;
        let mut found = Vec::with_capacity(count);
        for _ in 0..count {
            found.push(match small_integer(&mut self.reader) {
                Some(value) => value,
                None => self.term()?,
            });
        }
        Ok(found)
    }

    fn tuple(&mut self, count: usize) -> Result<Term, Error> {
        self.terms(count)
            .map(|elements| Tuple::from(elements).into())
    }

    /// A list may go on in its tail, and one of no elements is its tail.
    fn list(&mut self) -> Result<Term, Error> {
        let count = self.reader.length()?;
        let elements = self.terms(count)?;
        if self.reader.peek()? == NIL_EXT {
            self.reader.u8()?;
            return Ok(List::from(elements).into());
        }
        let tail = self.term()?;
        Ok(if elements.is_empty() {
            tail
        } else {
            joined(elements, tail)
        })
    }

    fn map(&mut self, start: usize) -> Result<Term, Error> {
        let count = self.reader.length()?;
        self.spend(count.saturating_mul(2))?;
        let mut pairs = HashMap::with_capacity(count);
        let mut keys = Keys::default();
        for _ in 0..count {
            let key_at = self.reader.at;
            let key = self.key()?;
            if !keys.is_new(&key, &pairs)? {
                return Err(duplicate(self.reader.bytes, key_at, start));
            }
            let value = self.term()?;
            pairs.insert(key, value);
        }
        Ok(Map::from(pairs).into())
    }

    fn key(&mut self) -> Result<Term, Error> {
        if self.in_keys == MAX_KEY_DEPTH {
            let why = format_args!("map keys nested deeper than {MAX_KEY_DEPTH} levels");
            return Err(Error::bytes(ErrorKind::Limit, self.reader.at, why));
        }
        self.in_keys += 1;
        let key = self.term();
        self.in_keys -= 1;
        key
    }

    fn fun(&mut self) -> Result<Term, Error> {
        let Fun {
            arity,
            uniq,
            index,
            free,
            module,
            old_index,
            old_uniq,
            pid: creator,
        } = self.reader.fun()?;
        let (module, pid) = (atom(module), pid(creator));
        let free_vars = self.terms(free)?;
        let fun = InternalFun::New {
            module,
            arity,
            pid,
            free_vars,
            index,
            uniq,
            old_index,
            old_uniq,
        };
        Ok(fun.into())
    }
}

/// An integer of up to 32 bits, of which long lists are made.
#[inline]
fn small_integer(reader: &mut Reader<'_>) -> Option<Term> {
    let value = match reader.rest() {
        [SMALL_INTEGER_EXT, value, ..] => {
            reader.at += 2;
            FixInteger::from(*value)
        }
        [INTEGER_EXT, a, b, c, d, ..] => {
            reader.at += 5;
            FixInteger::from(i32::from_be_bytes([*a, *b, *c, *d]))
        }
        _ => return None,
    };
    Some(Term::FixInteger(value))
}

fn joined(mut elements: Vec<Term>, tail: Term) -> Term {
    match tail {
        Term::List(more) => {
            elements.extend(more.elements);
            List::from(elements).into()
        }
        Term::ByteList(more) => {
            elements.extend(List::from(more).elements);
            List::from(elements).into()
        }
        Term::ImproperList(more) => {
            elements.extend(more.elements);
            ImproperList {
                elements,
                last: more.last,
            }
            .into()
        }
        last => ImproperList::from((elements, last)).into(),
    }
}

#[cold]
fn duplicate(bytes: &[u8], key_at: usize, start: usize) -> Error {
    let key = show::show(bytes, key_at);
    let error = Error::value(ErrorKind::DuplicateKey, format_args!("duplicate key {key}"));
    error.starting(start)
}
