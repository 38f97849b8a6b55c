//! Bytes to a tree. Runs only on what the guard let through.

use std::borrow::Cow;
use std::collections::HashMap;

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
    term(&mut Reader::new(bytes, 0))
}

fn term(reader: &mut Reader<'_>) -> Result<Term, Error> {
    let start = reader.at;
    let tag = reader.u8()?;
    Ok(match tag {
        SMALL_ATOM_UTF8_EXT | ATOM_UTF8_EXT | SMALL_ATOM_EXT | ATOM_EXT => {
            atom(reader.atom(tag)?).into()
        }
        BINARY_EXT => {
            let length = reader.length()?;
            Binary::from(reader.take(length)?).into()
        }
        SMALL_TUPLE_EXT => {
            let count = usize::from(reader.u8()?);
            Tuple::from(terms(reader, count)?).into()
        }
        LARGE_TUPLE_EXT => {
            let count = reader.length()?;
            Tuple::from(terms(reader, count)?).into()
        }
        NIL_EXT => List::nil().into(),
        STRING_EXT => {
            let length = usize::from(reader.u16()?);
            string(reader.take(length)?)
        }
        LIST_EXT => list(reader)?,
        MAP_EXT => map(reader, start)?,
        NEW_FLOAT_EXT | FLOAT_EXT => Term::Float(Float {
            value: reader.float(tag)?,
        }),
        BIT_BINARY_EXT => {
            let (bytes, bits) = reader.bits()?;
            bit_string(bytes, bits)
        }
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
        NEW_FUN_EXT => fun(reader)?,
        _ => match reader.integer(tag)? {
            Some(value) => integer(value),
            None => return Err(Reader::malformed(start, format_args!("unknown tag {tag}"))),
        },
    })
}

/// Elements one after the other. The guard has held their number against the bytes.
fn terms(reader: &mut Reader<'_>, count: usize) -> Result<Vec<Term>, Error> {
    let mut found = Vec::with_capacity(count.min(reader.left()));
    for _ in 0..count {
        found.push(term(reader)?);
    }
    Ok(found)
}

/// A list may go on in its tail, and one of no elements is its tail.
fn list(reader: &mut Reader<'_>) -> Result<Term, Error> {
    let count = reader.length()?;
    let mut elements = terms(reader, count)?;
    if reader.peek()? == NIL_EXT {
        reader.u8()?;
        return Ok(List::from(elements).into());
    }
    let tail = term(reader)?;
    if elements.is_empty() {
        return Ok(tail);
    }
    Ok(match tail {
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
    })
}

fn string(bytes: &[u8]) -> Term {
    if bytes.is_empty() {
        List::nil().into()
    } else {
        ByteList::from(bytes.to_vec()).into()
    }
}

fn map(reader: &mut Reader<'_>, start: usize) -> Result<Term, Error> {
    let count = reader.length()?;
    let mut pairs = HashMap::with_capacity(count.min(reader.left()));
    for _ in 0..count {
        let key_at = reader.at;
        let key = term(reader)?;
        let is_double =
            pairs.contains_key(&key) || (has_map(&key) && pairs.keys().any(|k| *k == key));
        if is_double {
            let key = show::show(reader.bytes, key_at);
            let error = Error::value(ErrorKind::DuplicateKey, format_args!("duplicate key {key}"));
            return Err(error.starting(start));
        }
        let value = term(reader)?;
        pairs.insert(key, value);
    }
    Ok(Map::from(pairs).into())
}

/// Whether a key is or holds a map: eetf gives equal maps different hashes.
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

fn fun(reader: &mut Reader<'_>) -> Result<Term, Error> {
    let Fun {
        arity,
        uniq,
        index,
        free,
        module,
        old_index,
        old_uniq,
        pid: creator,
    } = reader.fun()?;
    let free_vars = terms(reader, free)?;
    let (module, pid) = (atom(module), pid(creator));
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
