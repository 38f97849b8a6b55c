//! Terms without others inside, as nodes of the tree.

use std::borrow::Cow;

use eetf::{
    Atom, BigInteger, Binary, BitBinary, ByteList, ExternalFun, FixInteger, Float, List, Reference,
    Term,
};

use crate::etf::bigint;
use crate::etf::error::Error;
use crate::etf::opaque::Pid;
use crate::etf::read::{Integer, Reader};
use crate::etf::tags::{
    ATOM_EXT, ATOM_UTF8_EXT, BINARY_EXT, BIT_BINARY_EXT, EXPORT_EXT, FLOAT_EXT, NEW_FLOAT_EXT,
    NEW_PID_EXT, NEW_PORT_EXT, NEW_REFERENCE_EXT, NEWER_REFERENCE_EXT, NIL_EXT, PID_EXT, PORT_EXT,
    REFERENCE_EXT, SMALL_ATOM_EXT, SMALL_ATOM_UTF8_EXT, STRING_EXT, V4_PORT_EXT,
};

pub(super) fn leaf(reader: &mut Reader<'_>, tag: u8) -> Result<Term, Error> {
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
            return Err(Reader::unknown_tag(reader.at - 1, tag));
        }
    })
}

fn string(bytes: &[u8]) -> Term {
    if bytes.is_empty() {
        List::nil().into()
    } else {
        ByteList::from(bytes.to_vec()).into()
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

/// eetf keeps the bits of the last byte at its low end. Whole bytes keep the tag: it tells them from text.
fn bit_string(bytes: &[u8], bits: u8) -> Term {
    let mut bytes = bytes.to_vec();
    if bits == 0 || bits == 8 {
        return BitBinary::from((bytes, bits)).into();
    }
    if let Some(last) = bytes.last_mut() {
        *last >>= 8 - bits;
    }
    BitBinary::from((bytes, bits)).into()
}

pub(super) fn atom(name: Cow<'_, str>) -> Atom {
    Atom {
        name: name.into_owned(),
    }
}

pub(super) fn pid(found: Pid<'_>) -> eetf::Pid {
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
