//! The terms that only the BEAM can make use of: pids, ports, references, funs, bit strings.
//!
//! They are checked as `binary_to_term` checks them and kept whole.

use std::borrow::Cow;

use super::error::Error;
use super::read::{Integer, Reader};
use super::tags::{
    NEW_PID_EXT, NEW_PORT_EXT, NEW_REFERENCE_EXT, NEWER_REFERENCE_EXT, PID_EXT, PORT_EXT,
    REFERENCE_EXT, V4_PORT_EXT,
};

pub(crate) struct Pid<'de> {
    pub(crate) node: Cow<'de, str>,
    pub(crate) id: u32,
    pub(crate) serial: u32,
    pub(crate) creation: u32,
}

pub(crate) struct Port<'de> {
    pub(crate) node: Cow<'de, str>,
    pub(crate) id: u64,
    pub(crate) creation: u32,
}

pub(crate) struct Reference<'de> {
    pub(crate) node: Cow<'de, str>,
    pub(crate) creation: u32,
    /// Big-endian words of 32 bits.
    pub(crate) words: &'de [u8],
}

pub(crate) struct Export<'de> {
    pub(crate) module: Cow<'de, str>,
    pub(crate) function: Cow<'de, str>,
    pub(crate) arity: u8,
}

/// A fun without its free variables, which follow as `free` terms.
pub(crate) struct Fun<'de> {
    pub(crate) arity: u8,
    pub(crate) uniq: [u8; 16],
    pub(crate) index: u32,
    pub(crate) free: usize,
    pub(crate) module: Cow<'de, str>,
    pub(crate) old_index: i32,
    pub(crate) old_uniq: i32,
    pub(crate) pid: Pid<'de>,
}

impl<'de> Reader<'de> {
    /// BIT_BINARY_EXT: its bytes and how many bits of the last one count.
    pub(crate) fn bits(&mut self) -> Result<(&'de [u8], u8), Error> {
        let start = self.at.saturating_sub(1);
        let length = self.length()?;
        let bits = self.u8()?;
        let bytes = self.take(length)?;
        let fits = if length == 0 {
            bits == 0
        } else {
            (1..=8).contains(&bits)
        };
        if fits {
            return Ok((bytes, bits));
        }
        let why = format_args!("a bit string of {length} bytes with {bits} bits in the last");
        Err(Self::invalid(start, why))
    }

    pub(crate) fn pid(&mut self, tag: u8) -> Result<Pid<'de>, Error> {
        let node = self.whole_atom()?;
        let (id, serial) = (self.u32()?, self.u32()?);
        let creation = self.creation(tag == PID_EXT)?;
        Ok(Pid {
            node,
            id,
            serial,
            creation,
        })
    }

    pub(crate) fn port(&mut self, tag: u8) -> Result<Port<'de>, Error> {
        let node = self.whole_atom()?;
        let id = if tag == V4_PORT_EXT {
            u64::from_be_bytes(self.array()?)
        } else {
            u64::from(self.u32()?)
        };
        debug_assert!(matches!(tag, V4_PORT_EXT | NEW_PORT_EXT | PORT_EXT));
        let creation = self.creation(tag == PORT_EXT)?;
        Ok(Port { node, id, creation })
    }

    pub(crate) fn reference(&mut self, tag: u8) -> Result<Reference<'de>, Error> {
        let start = self.at.saturating_sub(1);
        if tag == REFERENCE_EXT {
            let node = self.whole_atom()?;
            let words = self.take(4)?;
            return Ok(Reference {
                node,
                words,
                creation: self.creation(true)?,
            });
        }
        debug_assert!(matches!(tag, NEWER_REFERENCE_EXT | NEW_REFERENCE_EXT));
        let count = usize::from(self.u16()?);
        let node = self.whole_atom()?;
        let creation = self.creation(tag == NEW_REFERENCE_EXT)?;
        if !(1..=5).contains(&count) {
            return Err(Self::invalid(
                start,
                format_args!("a reference of {count} words"),
            ));
        }
        Ok(Reference {
            node,
            creation,
            words: self.take(4 * count)?,
        })
    }

    pub(crate) fn export(&mut self) -> Result<Export<'de>, Error> {
        let (module, function) = (self.whole_atom()?, self.whole_atom()?);
        let start = self.at;
        let arity = u8::try_from(self.whole_small()?)
            .map_err(|_| Self::invalid(start, "an arity that is not from 0 to 255"))?;
        Ok(Export {
            module,
            function,
            arity,
        })
    }

    /// NEW_FUN_EXT. Its size field is not used, as the BEAM does not use it either.
    pub(crate) fn fun(&mut self) -> Result<Fun<'de>, Error> {
        self.u32()?;
        let arity = self.u8()?;
        let uniq = self.array()?;
        let index = self.u32()?;
        let free = self.length()?;
        let module = self.whole_atom()?;
        let (old_index, old_uniq) = (self.whole_small()?, self.whole_small()?);
        let start = self.at;
        let tag = self.u8()?;
        if !matches!(tag, NEW_PID_EXT | PID_EXT) {
            return Err(Self::invalid(start, "expected a pid"));
        }
        let pid = self.pid(tag)?;
        Ok(Fun {
            arity,
            uniq,
            index,
            free,
            module,
            old_index,
            old_uniq,
            pid,
        })
    }

    /// A creation: 32 bits, or 2 bits in a byte in the old forms.
    fn creation(&mut self, old: bool) -> Result<u32, Error> {
        if !old {
            return self.u32();
        }
        let start = self.at;
        match self.u8()? {
            creation @ 0..=3 => Ok(u32::from(creation)),
            other => Err(Self::invalid(start, format_args!("a creation of {other}"))),
        }
    }

    pub(super) fn whole_small(&mut self) -> Result<i32, Error> {
        let start = self.at;
        let tag = self.u8()?;
        match self.integer(tag)? {
            Some(Integer::Small(value)) => i32::try_from(value).ok(),
            _ => None,
        }
        .ok_or_else(|| Self::invalid(start, "expected an integer of 32 bits"))
    }
}
