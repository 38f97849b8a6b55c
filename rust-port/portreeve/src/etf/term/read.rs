//! Bytes to a tree. Runs only on what the guard let through.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use eetf::{
    Atom, BigInteger, Binary, BitBinary, ByteList, ExternalFun, FixInteger, Float, ImproperList,
    InternalFun, List, Map, Reference, Term, Tuple,
};

use crate::etf::error::{Error, ErrorKind};
use crate::etf::guard::skip;
use crate::etf::opaque::{Fun, Pid};
use crate::etf::read::{Integer, Reader};
use crate::etf::tags::{
    ATOM_EXT, ATOM_UTF8_EXT, BINARY_EXT, BIT_BINARY_EXT, EXPORT_EXT, FLOAT_EXT, LARGE_TUPLE_EXT,
    LIST_EXT, MAP_EXT, NEW_FLOAT_EXT, NEW_FUN_EXT, NEW_PID_EXT, NEW_PORT_EXT, NEW_REFERENCE_EXT,
    NEWER_REFERENCE_EXT, NIL_EXT, PID_EXT, PORT_EXT, REFERENCE_EXT, SMALL_ATOM_EXT,
    SMALL_ATOM_UTF8_EXT, SMALL_TUPLE_EXT, STRING_EXT, V4_PORT_EXT,
};
use crate::etf::{bigint, show};

use super::write::Writer;

/// How many maps may be keys inside keys of one another. A key is hashed as a whole, so each
/// such level costs its bytes once more.
const MAX_KEY_DEPTH: usize = 8;

/// The one term that `bytes` are.
pub(super) fn whole(bytes: &[u8]) -> Result<Term, Error> {
    let end = skip(bytes, 0)?;
    if end < bytes.len() {
        return Err(Error::bytes(
            ErrorKind::Trailing,
            end,
            "bytes after the term",
        ));
    }
    Tree {
        reader: Reader::new(bytes, 0),
        in_keys: 0,
    }
    .term()
}

struct Tree<'de> {
    reader: Reader<'de>,
    /// How many keys of maps the term at hand is inside of.
    in_keys: usize,
}

impl Tree<'_> {
    /// One term. Those without others inside have a function of their own, so that a level of
    /// nesting costs little stack.
    fn term(&mut self) -> Result<Term, Error> {
        let start = self.reader.at;
        match self.reader.u8()? {
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
            NEW_FUN_EXT => self.fun(),
            tag => leaf(&mut self.reader, tag),
        }
    }

    /// Elements one after the other. The guard has held their number against the bytes.
    fn terms(&mut self, count: usize) -> Result<Vec<Term>, Error> {
        let mut found = Vec::with_capacity(count.min(self.reader.left()));
        for _ in 0..count {
            found.push(self.term()?);
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
        let mut pairs = HashMap::with_capacity(count.min(self.reader.left()));
        // eetf gives equal maps different hashes, so keys with maps inside are told apart by
        // their bytes.
        let mut map_keys = HashSet::new();
        for _ in 0..count {
            let key_at = self.reader.at;
            let key = self.key()?;
            if pairs.contains_key(&key) || (has_map(&key) && !map_keys.insert(bytes_of(&key)?)) {
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

fn leaf(reader: &mut Reader<'_>, tag: u8) -> Result<Term, Error> {
    Ok(match tag {
        SMALL_ATOM_UTF8_EXT | ATOM_UTF8_EXT | SMALL_ATOM_EXT | ATOM_EXT => {
            atom(reader.atom(tag)?).into()
        }
        BINARY_EXT => {
            let length = reader.length()?;
            Binary::from(reader.take(length)?).into()
        }
        NIL_EXT => List::nil().into(),
        STRING_EXT => {
            let length = usize::from(reader.u16()?);
            string(reader.take(length)?)
        }
        NEW_FLOAT_EXT | FLOAT_EXT => Term::Float(Float {
            value: reader.float(tag)?,
        }),
        BIT_BINARY_EXT => {
            let (bytes, bits) = reader.bits()?;
            bit_string(bytes, bits)
        }
        _ => match reader.integer(tag)? {
            Some(value) => integer(value),
            None => return opaque(reader, tag),
        },
    })
}

fn opaque(reader: &mut Reader<'_>, tag: u8) -> Result<Term, Error> {
    Ok(match tag {
        NEW_PID_EXT | PID_EXT => pid(reader.pid(tag)?).into(),
        NEW_PORT_EXT | PORT_EXT | V4_PORT_EXT => {
            let port = reader.port(tag)?;
            let (node, id, creation) = (atom(port.node), port.id, port.creation);
            eetf::Port { node, id, creation }.into()
        }
        NEWER_REFERENCE_EXT | NEW_REFERENCE_EXT | REFERENCE_EXT => {
            let found = reader.reference(tag)?;
            let (words, _) = found.words.as_chunks();
            let id = words.iter().copied().map(u32::from_be_bytes).collect();
            Reference {
                node: atom(found.node),
                id,
                creation: found.creation,
            }
            .into()
        }
        EXPORT_EXT => {
            let found = reader.export()?;
            let (module, function) = (atom(found.module), atom(found.function));
            ExternalFun {
                module,
                function,
                arity: found.arity,
            }
            .into()
        }
        _ => {
            let why = format_args!("unknown tag {tag}");
            return Err(Reader::malformed(reader.at - 1, why));
        }
    })
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

fn string(bytes: &[u8]) -> Term {
    if bytes.is_empty() {
        List::nil().into()
    } else {
        ByteList::from(bytes.to_vec()).into()
    }
}

#[cold]
fn duplicate(bytes: &[u8], key_at: usize, start: usize) -> Error {
    let key = show::show(bytes, key_at);
    let error = Error::value(ErrorKind::DuplicateKey, format_args!("duplicate key {key}"));
    error.starting(start)
}

/// A key in the one form that all equal keys are written in.
fn bytes_of(key: &Term) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    Writer::new(&mut bytes).term(key)?;
    Ok(bytes)
}

/// Whether a key is or holds a map.
fn has_map(key: &Term) -> bool {
    match key {
        Term::Map(_) => true,
        Term::List(list) => list.elements.iter().any(has_map),
        Term::Tuple(tuple) => tuple.elements.iter().any(has_map),
        Term::ImproperList(list) => list.elements.iter().any(has_map) || has_map(&list.last),
        Term::InternalFun(_) => true,
        _ => false,
    }
}

fn integer(value: Integer<'_>) -> Term {
    match value {
        Integer::Small(value) if i32::try_from(value).is_ok() => {
            FixInteger::from(i32::try_from(value).unwrap_or_default()).into()
        }
        value => BigInteger {
            value: bigint::of(value),
        }
        .into(),
    }
}

/// eetf keeps the bits of the last byte at its low end.
fn bit_string(bytes: &[u8], bits: u8) -> Term {
    let mut bytes = bytes.to_vec();
    if matches!(bits, 0 | 8) {
        return Binary::from(bytes).into();
    }
    if let Some(last) = bytes.last_mut() {
        *last >>= 8 - bits;
    }
    BitBinary::from((bytes, bits)).into()
}

fn atom(name: Cow<'_, str>) -> Atom {
    Atom {
        name: name.into_owned(),
    }
}

fn pid(found: Pid<'_>) -> eetf::Pid {
    let Pid {
        node,
        id,
        serial,
        creation,
    } = found;
    eetf::Pid {
        node: atom(node),
        id,
        serial,
        creation,
    }
}
