//! A tree to bytes, in the form that `term_to_binary` of OTP 26 and later picks.

use eetf::{BitBinary, InternalFun, Pid, Reference, Term};

use crate::etf::error::{Error, ErrorKind};
use crate::etf::guard::too_deep_value;
use crate::etf::limits::MAX_DEPTH;
use crate::etf::tags::{
    EXPORT_EXT, LIST_EXT, MAP_EXT, NEW_FUN_EXT, NEW_PID_EXT, NEWER_REFERENCE_EXT, NIL_EXT,
    STRING_EXT, V4_PORT_EXT,
};
use crate::etf::{BytesAs, bigint, write};

pub(super) struct Writer<'a> {
    out: &'a mut Vec<u8>,
    depth: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, depth: 0 }
    }

    pub(super) fn term(&mut self, term: &Term) -> Result<(), Error> {
        match term {
            Term::Atom(atom) => write::atom(self.out, &atom.name),
            Term::FixInteger(integer) => {
                write::i64(self.out, i64::from(integer.value));
                Ok(())
            }
            Term::BigInteger(integer) => bigint::append(self.out, &integer.value),
            Term::Float(float) => write::float(self.out, float.value),
            Term::Binary(binary) => write::bytes(self.out, &binary.bytes, BytesAs::Binary),
            Term::BitBinary(bits) => self.bit_string(bits),
            Term::ByteList(list) => self.bytes_as_list(&list.bytes),
            Term::List(list) => self.list(&list.elements),
            Term::ImproperList(list) => self.list_and_tail(&list.elements, &list.last),
            Term::Tuple(tuple) => {
                write::tuple(self.out, tuple.elements.len())?;
                self.all(&tuple.elements)
            }
            Term::Map(map) => self.map(map),
            Term::Pid(pid) => self.pid(pid),
            Term::Port(port) => {
                self.out.push(V4_PORT_EXT);
                write::atom(self.out, &port.node.name)?;
                self.out.extend(port.id.to_be_bytes());
                self.out.extend(port.creation.to_be_bytes());
                Ok(())
            }
            Term::Reference(reference) => self.reference(reference),
            Term::ExternalFun(fun) => {
                self.out.push(EXPORT_EXT);
                write::atom(self.out, &fun.module.name)?;
                write::atom(self.out, &fun.function.name)?;
                write::small(self.out, fun.arity);
                Ok(())
            }
            Term::InternalFun(fun) => self.fun(fun),
        }
    }

    fn all<'t>(&mut self, terms: impl IntoIterator<Item = &'t Term>) -> Result<(), Error> {
        if self.depth == MAX_DEPTH {
            return Err(too_deep_value());
        }
        self.depth += 1;
        for term in terms {
            self.term(term)?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn list(&mut self, elements: &[Term]) -> Result<(), Error> {
        if elements.is_empty() {
            self.out.push(NIL_EXT);
            return Ok(());
        }
        let at = self.out.len();
        if self.try_string(elements) {
            return Ok(());
        }
        self.out.truncate(at);
        write::open(self.out, LIST_EXT);
        write::fill(self.out, at, elements.len())?;
        self.all(elements)?;
        self.out.push(NIL_EXT);
        Ok(())
    }

    /// Writes STRING_EXT, or a part of it and `false` when an element is no byte.
    fn try_string(&mut self, elements: &[Term]) -> bool {
        let Ok(length) = u16::try_from(elements.len()) else {
            return false;
        };
        self.out.push(STRING_EXT);
        self.out.extend(length.to_be_bytes());
        elements.iter().all(|element| match element {
            Term::FixInteger(integer) => match u8::try_from(integer.value) {
                Ok(byte) => {
                    self.out.push(byte);
                    true
                }
                Err(_) => false,
            },
            _ => false,
        })
    }

    fn bytes_as_list(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match u16::try_from(bytes.len()) {
            Ok(0) => self.out.push(NIL_EXT),
            Ok(length) => {
                self.out.push(STRING_EXT);
                self.out.extend(length.to_be_bytes());
                self.out.extend_from_slice(bytes);
            }
            Err(_) => {
                self.out.push(LIST_EXT);
                write::length(self.out, bytes.len())?;
                bytes.iter().for_each(|&byte| write::small(self.out, byte));
                self.out.push(NIL_EXT);
            }
        }
        Ok(())
    }

    fn list_and_tail(&mut self, elements: &[Term], last: &Term) -> Result<(), Error> {
        if elements.is_empty() {
            return self.term(last);
        }
        self.out.push(LIST_EXT);
        write::length(self.out, elements.len())?;
        self.all(elements.iter().chain([last]))
    }

    /// Pairs in the order of their keys' bytes, so that equal maps give equal bytes.
    fn map(&mut self, map: &eetf::Map) -> Result<(), Error> {
        self.out.push(MAP_EXT);
        write::length(self.out, map.map.len())?;
        let mut pairs = Vec::with_capacity(map.map.len());
        for (key, value) in &map.map {
            let mut bytes = Vec::new();
            Writer {
                out: &mut bytes,
                depth: self.depth,
            }
            .all([key])?;
            pairs.push((bytes, value));
        }
        pairs.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        for (key, value) in pairs {
            self.out.extend(key);
            self.all([value])?;
        }
        Ok(())
    }

    fn bit_string(&mut self, string: &BitBinary) -> Result<(), Error> {
        let BitBinary {
            bytes,
            tail_bits_size: bits,
        } = string;
        match (bytes.split_last(), *bits) {
            (None, 0 | 8) | (Some(_), 8) => write::bytes(self.out, bytes, BytesAs::BitBinary),
            (Some((last, _)), bits @ 1..=7) => {
                let at = self.out.len();
                write::bits(self.out, bytes, bits)?;
                let end = at + 5 + bytes.len();
                self.out[end] = last << (8 - bits);
                Ok(())
            }
            (_, bits) => {
                let length = bytes.len();
                let why = format!("a bit string of {length} bytes with {bits} bits in the last");
                Err(Error::value(ErrorKind::Unsupported, why))
            }
        }
    }

    fn pid(&mut self, pid: &Pid) -> Result<(), Error> {
        self.out.push(NEW_PID_EXT);
        write::atom(self.out, &pid.node.name)?;
        for word in [pid.id, pid.serial, pid.creation] {
            self.out.extend(word.to_be_bytes());
        }
        Ok(())
    }

    fn reference(&mut self, reference: &Reference) -> Result<(), Error> {
        let Reference { node, id, creation } = reference;
        let Some(count) = u16::try_from(id.len())
            .ok()
            .filter(|count| (1..=5).contains(count))
        else {
            let why = format!("a reference of {} words", id.len());
            return Err(Error::value(ErrorKind::Unsupported, why));
        };
        self.out.push(NEWER_REFERENCE_EXT);
        self.out.extend(count.to_be_bytes());
        write::atom(self.out, &node.name)?;
        for word in std::iter::once(creation).chain(id) {
            self.out.extend(word.to_be_bytes());
        }
        Ok(())
    }

    fn fun(&mut self, fun: &InternalFun) -> Result<(), Error> {
        let InternalFun::New {
            module,
            arity,
            pid,
            free_vars,
            index,
            uniq,
            old_index,
            old_uniq,
        } = fun
        else {
            let why = "a fun of the form that OTP 23 stopped reading";
            return Err(Error::value(ErrorKind::Unsupported, why));
        };
        let at = self.out.len();
        write::open(self.out, NEW_FUN_EXT);
        self.out.push(*arity);
        self.out.extend(uniq);
        self.out.extend(index.to_be_bytes());
        write::length(self.out, free_vars.len())?;
        write::atom(self.out, &module.name)?;
        write::i64(self.out, i64::from(*old_index));
        write::i64(self.out, i64::from(*old_uniq));
        self.pid(pid)?;
        self.all(free_vars)?;
        // The size counts itself, and not the tag.
        let size = self.out.len() - at - 1;
        write::fill(self.out, at, size)
    }
}
