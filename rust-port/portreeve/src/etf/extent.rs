//! Where a term ends that is over a limit: its neighbours in the message are innocent, and are found behind it.
//!
//! Only bytes and tags are checked here, without recursion and without memory: what is over a limit is never decoded.

use super::error::{Error, ErrorKind};
use super::guard::spend;
use super::read::Reader;
use super::tags::{
    ATOM_EXT, ATOM_UTF8_EXT, EXPORT_EXT, NEW_FUN_EXT, NEW_PID_EXT, NEW_PORT_EXT, NEW_REFERENCE_EXT,
    NEWER_REFERENCE_EXT, PID_EXT, PORT_EXT, REFERENCE_EXT, SMALL_ATOM_EXT, SMALL_ATOM_UTF8_EXT,
    V4_PORT_EXT,
};

/// The position after the term that begins at `at`, whatever it is nested, and however long its atoms and integers are.
///
/// # Errors
/// As [`skip`](super::skip), without [`ErrorKind::Limit`].
pub(crate) fn extent(bytes: &[u8], at: usize) -> Result<usize, Error> {
    let mut reader = Reader::new(bytes, at);
    let mut owed = 1_usize;
    while owed > 0 {
        let start = reader.at;
        owed -= 1;
        if !reader.skip_common()
            && let Some(count) = reader.skip_any()?
        {
            owed = spend(owed, count, &reader, start)?;
        }
    }
    Ok(reader.at)
}

impl Reader<'_> {
    /// Passes one tag and what belongs to it; for a container gives the number of terms inside.
    fn skip_any(&mut self) -> Result<Option<usize>, Error> {
        let start = self.at;
        match self.skip_one() {
            Err(error) if error.kind() == ErrorKind::Limit => {
                // An integer is passed by the time that it is found to be too large.
                let end = self.at;
                self.at = start;
                let tag = self.u8()?;
                let inside = self.pass_names(tag)?;
                if self.at == start + 1 {
                    self.at = end;
                }
                Ok(inside)
            }
            passed => passed,
        }
    }

    /// Passes the rest of an atom of any length, or of what has atoms in it. Nothing for another tag.
    fn pass_names(&mut self, tag: u8) -> Result<Option<usize>, Error> {
        match tag {
            SMALL_ATOM_UTF8_EXT | SMALL_ATOM_EXT => {
                let length = usize::from(self.u8()?);
                self.pass(length)
            }
            ATOM_UTF8_EXT | ATOM_EXT => {
                let length = usize::from(self.u16()?);
                self.pass(length)
            }
            NEW_PID_EXT => self.pass_name(12),
            PID_EXT => self.pass_name(9),
            NEW_PORT_EXT => self.pass_name(8),
            V4_PORT_EXT => self.pass_name(12),
            PORT_EXT | REFERENCE_EXT => self.pass_name(5),
            NEWER_REFERENCE_EXT | NEW_REFERENCE_EXT => {
                let words = 4 * usize::from(self.u16()?);
                self.pass_name(words + if tag == NEWER_REFERENCE_EXT { 4 } else { 1 })
            }
            EXPORT_EXT => {
                self.pass_name(0)?;
                self.pass_name(2)
            }
            NEW_FUN_EXT => self.pass_fun().map(Some),
            _ => Ok(None),
        }
    }

    /// An atom, and so many bytes behind it.
    fn pass_name(&mut self, behind: usize) -> Result<Option<usize>, Error> {
        let start = self.at;
        match self.u8()? {
            tag @ (SMALL_ATOM_UTF8_EXT | SMALL_ATOM_EXT | ATOM_UTF8_EXT | ATOM_EXT) => {
                self.pass_names(tag)?;
                self.pass(behind)
            }
            _ => Err(Self::invalid(start, "expected an atom")),
        }
    }

    /// Size, arity, uniq, index and the count of free variables; module, two integers, a pid.
    fn pass_fun(&mut self) -> Result<usize, Error> {
        self.pass(4 + 1 + 16 + 4)?;
        let free = self.length()?;
        self.pass_name(0)?;
        self.whole_small()?;
        self.whole_small()?;
        let start = self.at;
        match self.u8()? {
            tag @ (NEW_PID_EXT | PID_EXT) => self.pass_names(tag)?,
            _ => return Err(Self::invalid(start, "expected a pid")),
        };
        Ok(free)
    }
}
