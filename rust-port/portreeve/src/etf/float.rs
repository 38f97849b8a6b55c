//! The two forms of a float: eight bytes, and the text of old.

use super::error::Error;
use super::read::Reader;
use super::tags::NEW_FLOAT_EXT;

impl Reader<'_> {
    /// The rest of NEW_FLOAT_EXT or FLOAT_EXT, behind its tag.
    pub(crate) fn float(&mut self, tag: u8) -> Result<f64, Error> {
        let start = self.at.saturating_sub(1);
        let value = if tag == NEW_FLOAT_EXT {
            f64::from_be_bytes(self.array()?)
        } else {
            let text: [u8; 31] = self.array()?;
            parse(&text).ok_or_else(|| Self::invalid(start, "a float that is no number"))?
        };
        if value.is_finite() {
            return Ok(value);
        }
        Err(Self::invalid(start, "a float that is not finite"))
    }
}

/// The text of FLOAT_EXT, up to its first NUL: what the BEAM takes, that is a point (or comma)
/// with digits on both sides.
fn parse(text: &[u8; 31]) -> Option<f64> {
    let end = text
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(text.len());
    let text = std::str::from_utf8(&text[..end])
        .ok()?
        .replacen(',', ".", 1);
    let (whole, rest) = text.split_once('.')?;
    let whole = whole.strip_prefix(['+', '-']).unwrap_or(whole);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let fraction = rest.split(['e', 'E']).next()?;
    if digits(whole) && digits(fraction) {
        text.parse().ok()
    } else {
        None
    }
}
