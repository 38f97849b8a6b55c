//! A term as Erlang prints it, cut short: what error messages say was there.

use std::borrow::Cow;
use std::fmt::Write;

use super::read::{Integer, Reader};
use super::tags::{
    ATOM_EXT, ATOM_UTF8_EXT, BINARY_EXT, BIT_BINARY_EXT, EXPORT_EXT, FLOAT_EXT, LARGE_TUPLE_EXT,
    LIST_EXT, MAP_EXT, NEW_FLOAT_EXT, NEW_FUN_EXT, NEW_PID_EXT, NEW_PORT_EXT, NEW_REFERENCE_EXT,
    NEWER_REFERENCE_EXT, NIL_EXT, PID_EXT, PORT_EXT, REFERENCE_EXT, SMALL_ATOM_EXT,
    SMALL_ATOM_UTF8_EXT, SMALL_TUPLE_EXT, STRING_EXT, V4_PORT_EXT,
};

/// Characters of a term that an error message shows.
pub(crate) const SHOWN: usize = 60;

/// Levels of nesting that an error message shows.
const LEVELS: usize = 4;

/// The first characters of a text, with `…` where something was cut off.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The term at `at`. Bytes that are no term end the text with `…`.
pub(crate) fn show(bytes: &[u8], at: usize) -> String {
    let mut printer = Printer {
        reader: Reader::new(bytes, at),
        out: String::new(),
    };
    if printer.term(LEVELS).is_none() {
        printer.out.push('…');
    }
    shorten(&printer.out, SHOWN)
}

/// An atom, in quotes where Erlang needs them.
pub(crate) fn atom(name: &str) -> Cow<'_, str> {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(char::is_lowercase)
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '@'));
    if plain {
        return Cow::Borrowed(name);
    }
    Cow::Owned(format!(
        "'{}'",
        name.replace('\\', "\\\\").replace('\'', "\\'")
    ))
}

struct Printer<'de> {
    reader: Reader<'de>,
    out: String,
}

impl Printer<'_> {
    /// Prints one term; none when there is no room left or the bytes end.
    fn term(&mut self, levels: usize) -> Option<()> {
        if levels == 0 || self.out.len() > SHOWN {
            return None;
        }
        let tag = self.reader.u8().ok()?;
        match tag {
            NEW_FLOAT_EXT | FLOAT_EXT => {
                let value = self.reader.float(tag).ok()?;
                write!(self.out, "{value:?}").ok()
            }
            ATOM_EXT | SMALL_ATOM_EXT | ATOM_UTF8_EXT | SMALL_ATOM_UTF8_EXT => {
                let name = self.reader.atom(tag).ok()?;
                self.text(&atom(&name))
            }
            BINARY_EXT => {
                let length = self.reader.length().ok()?;
                let bytes = self.reader.take(length).ok()?;
                self.binary(bytes)
            }
            BIT_BINARY_EXT => self.bits(),
            SMALL_TUPLE_EXT => {
                let count = usize::from(self.reader.u8().ok()?);
                self.series(('{', '}'), count, levels)
            }
            LARGE_TUPLE_EXT => {
                let count = self.reader.length().ok()?;
                self.series(('{', '}'), count, levels)
            }
            NIL_EXT => self.text("[]"),
            STRING_EXT => self.charlist(),
            LIST_EXT => self.list(levels),
            MAP_EXT => self.map(levels),
            _ => self.other(tag),
        }
    }

    fn other(&mut self, tag: u8) -> Option<()> {
        let name = match tag {
            NEW_PID_EXT | PID_EXT => "a pid",
            NEW_PORT_EXT | PORT_EXT | V4_PORT_EXT => "a port",
            NEWER_REFERENCE_EXT | NEW_REFERENCE_EXT | REFERENCE_EXT => "a reference",
            NEW_FUN_EXT | EXPORT_EXT => "a fun",
            _ => {
                let integer = self.reader.integer(tag).ok()??;
                return self.integer(&integer);
            }
        };
        self.text(name)?;
        super::guard::skip(self.reader.bytes, self.reader.at - 1)
            .ok()
            .map(|end| {
                self.reader.at = end;
            })
    }

    fn text(&mut self, text: &str) -> Option<()> {
        self.out.push_str(text);
        Some(())
    }

    fn integer(&mut self, integer: &Integer<'_>) -> Option<()> {
        match (integer.magnitude128(), integer) {
            (Some((negative, size)), _) => {
                let sign = if negative { "-" } else { "" };
                write!(self.out, "{sign}{size}").ok()
            }
            (None, Integer::Big { magnitude, .. }) => {
                write!(self.out, "an integer of {} bytes", magnitude.len()).ok()
            }
            (None, Integer::Small(_)) => None,
        }
    }

    /// Text in quotes where the bytes are text, else their numbers.
    fn binary(&mut self, bytes: &[u8]) -> Option<()> {
        let head = &bytes[..bytes.len().min(4 * SHOWN)];
        let text = match std::str::from_utf8(head) {
            Ok(text) => Some(text),
            Err(error) if error.error_len().is_none() => {
                std::str::from_utf8(&head[..error.valid_up_to()]).ok()
            }
            Err(_) => None,
        };
        if let Some(text) = text {
            return write!(self.out, "{text:?}").ok();
        }
        self.numbers("<<", bytes);
        self.text(">>")
    }

    fn bits(&mut self) -> Option<()> {
        let (bytes, bits) = self.reader.bits().ok()?;
        self.numbers("<<", bytes);
        if !matches!(bits, 0 | 8) {
            write!(self.out, ":{bits}").ok()?;
        }
        self.text(">>")
    }

    fn charlist(&mut self) -> Option<()> {
        let length = usize::from(self.reader.u16().ok()?);
        let bytes = self.reader.take(length).ok()?;
        self.numbers("[", bytes);
        self.text("]")
    }

    fn numbers(&mut self, open: &str, bytes: &[u8]) {
        self.out.push_str(open);
        for (place, byte) in bytes.iter().take(SHOWN).enumerate() {
            let comma = if place == 0 { "" } else { "," };
            // Writing to a String cannot fail.
            let _ = write!(self.out, "{comma}{byte}");
        }
    }

    fn elements(&mut self, count: usize, levels: usize) -> Option<()> {
        for place in 0..count {
            if place > 0 {
                self.out.push(',');
            }
            self.term(levels - 1)?;
        }
        Some(())
    }

    fn series(&mut self, (open, close): (char, char), count: usize, levels: usize) -> Option<()> {
        self.out.push(open);
        self.elements(count, levels)?;
        self.out.push(close);
        Some(())
    }

    fn list(&mut self, levels: usize) -> Option<()> {
        let count = self.reader.length().ok()?;
        self.out.push('[');
        self.elements(count, levels)?;
        if self.reader.peek().ok()? == NIL_EXT {
            self.reader.u8().ok()?;
        } else {
            self.out.push('|');
            self.term(levels - 1)?;
        }
        self.text("]")
    }

    fn map(&mut self, levels: usize) -> Option<()> {
        let count = self.reader.length().ok()?;
        self.out.push_str("#{");
        for place in 0..count {
            if place > 0 {
                self.out.push(',');
            }
            self.term(levels - 1)?;
            self.out.push_str("=>");
            self.term(levels - 1)?;
        }
        self.text("}")
    }
}
