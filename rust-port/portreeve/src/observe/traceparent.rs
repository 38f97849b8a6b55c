//! The trace that a call belongs to: the option `trace` of `{call, …}`, a traceparent by W3C Trace Context
//! (<https://www.w3.org/TR/trace-context/#traceparent-header>). The host writes it in `src/wire/envelope.ts`.

use crate::calls::batch::Ticket;
use crate::calls::current::with_current;
use crate::wire::message;

/// The traceparent of the call that this thread runs: `00-<trace id>-<id of the caller's span>-<flags>`. `None` outside
/// of a call, and in one whose host sent none or a malformed one.
///
/// For a program that exports spans by a subscriber or SDK of its own: they go on with the host's trace when this is
/// their remote parent. A program without one needs nothing of it, for its `tracing` spans go to a host that asks for
/// them.
///
/// A thread or task that the function starts runs no call: take it before, and hand it over.
///
/// ```
/// /// What to tell a service that is asked on behalf of this call.
/// #[portreeve::function]
/// fn headers() -> Vec<(String, String)> {
///     let trace = portreeve::trace().map(|trace| ("traceparent".to_owned(), trace));
///     trace.into_iter().collect()
/// }
///
/// // By hand it is no call.
/// assert_eq!(headers(), []);
/// ```
#[must_use]
pub fn trace() -> Option<String> {
    with_current(|ticket| {
        let traceparent = Traceparent::of(ticket?)?;
        Some(traceparent.0.to_owned())
    })
}

/// A traceparent of the right form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Traceparent<'a>(&'a str);

/// Bytes of version 00: version 2, trace id 32, parent id 16 and flags 2, with a dash between each.
const LENGTH: usize = 55;

impl<'a> Traceparent<'a> {
    /// What the options of a call say; `None` when they say nothing, or something malformed: the call goes on without.
    pub(crate) fn of(ticket: &'a Ticket) -> Option<Self> {
        Self::parse(message::bytes(message::entry(
            ticket.options()?,
            b"trace",
        )?)?)
    }

    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (head, rest) = (bytes.get(..LENGTH)?, &bytes[LENGTH..]);
        let [version, trace, parent, flags] =
            [&head[..2], &head[3..35], &head[36..52], &head[53..]];
        let dashes = [head[2], head[35], head[52]] == [b'-'; 3];
        let hex = [version, trace, parent, flags]
            .concat()
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let zero = |id: &[u8]| id.iter().all(|byte| *byte == b'0');
        // A later version may have more behind a dash; version ff is never one.
        let end = rest.is_empty() || (version != b"00" && rest[0] == b'-');
        let valid = dashes && hex && end && version != b"ff" && !zero(trace) && !zero(parent);
        valid.then_some(Self(text))
    }
}

#[cfg(feature = "tracing")]
impl<'a> Traceparent<'a> {
    /// As it came.
    #[must_use]
    pub(crate) fn text(self) -> &'a str {
        self.0
    }

    /// 32 hex digits.
    #[must_use]
    pub(crate) fn trace_id(self) -> &'a str {
        &self.0[3..35]
    }

    /// 16 hex digits: the caller's span.
    #[must_use]
    pub(crate) fn parent_id(self) -> &'a str {
        &self.0[36..52]
    }

    /// Whether the caller records this trace.
    #[must_use]
    pub(crate) fn is_sampled(self) -> bool {
        let last = char::from(self.0.as_bytes()[LENGTH - 1]);
        last.to_digit(16).is_some_and(|flags| flags & 1 == 1)
    }
}

#[cfg(all(test, feature = "tracing"))]
mod tests {
    use super::Traceparent;

    const GOOD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_traceparent_is_taken_apart() {
        let trace = Traceparent::parse(GOOD.as_bytes()).expect("well formed");
        assert_eq!(trace.trace_id(), "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(trace.parent_id(), "b7ad6b7169203331");
        assert_eq!(trace.text(), GOOD);
    }

    #[test]
    fn the_lowest_flag_says_whether_it_is_recorded() {
        for (flags, sampled) in [
            ("00", false),
            ("01", true),
            ("02", false),
            ("0a", false),
            ("ff", true),
            ("1b", true),
            ("fe", false),
        ] {
            let text = format!("{}{flags}", &GOOD[..53]);
            let trace = Traceparent::parse(text.as_bytes()).expect("well formed");
            assert_eq!(trace.is_sampled(), sampled, "{flags}");
        }
    }

    #[test]
    fn what_is_malformed_is_none() {
        let cases = [
            String::new(),
            GOOD[..54].to_owned(),
            format!("{GOOD}-more"),
            GOOD.to_uppercase(),
            GOOD.replacen("00", "ff", 1),
            GOOD.replace('-', "_"),
            GOOD.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32)),
            GOOD.replace("b7ad6b7169203331", &"0".repeat(16)),
            GOOD.replace("b7ad", "b7aé"),
            GOOD.replace("b7ad", "b7ag"),
        ];
        for case in cases {
            assert_eq!(Traceparent::parse(case.as_bytes()), None, "{case}");
        }
        assert_eq!(Traceparent::parse(&[0xff; 55]), None);
    }

    #[test]
    fn a_later_version_may_have_more() {
        let later = GOOD.replacen("00", "cc", 1);
        assert!(Traceparent::parse(later.as_bytes()).is_some());
        assert!(Traceparent::parse(format!("{later}-more").as_bytes()).is_some());
        assert!(Traceparent::parse(format!("{later}.more").as_bytes()).is_none());
    }
}
