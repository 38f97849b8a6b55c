//! What the host said in its hello, and what follows from it for everything that is written to it.

use super::output::Link;
use crate::etf;
use crate::wire::failure::{Failure, Kind};
use crate::wire::host_hello::{MAX_FRAME, Settings, Word};
use crate::wire::message::write;

/// The host, worked out once.
pub(super) struct Peer {
    settings: Settings,
    encoding: etf::Options,
}

impl Link {
    /// Keeps what the host said; only the first hello counts.
    pub(crate) fn greet(&self, settings: Settings) {
        let bytes = if settings.accepts(Word::Bytes) {
            etf::BytesAs::BitBinary
        } else {
            etf::BytesAs::Binary
        };
        // A second hello finds the cell full and changes nothing.
        self.peer.get_or_init(|| Peer {
            settings,
            encoding: etf::Options { bytes },
        });
    }

    /// What the host said, if it said hello.
    pub(crate) fn settings(&self) -> Option<&Settings> {
        self.peer.get().map(|peer| &peer.settings)
    }

    /// The largest message that is taken, in bytes: what the host takes it may send, too.
    pub(crate) fn max_received(&self) -> usize {
        self.settings().map_or(MAX_FRAME, Settings::max_received)
    }

    /// Whether the host takes such messages.
    pub(crate) fn accepts(&self, word: Word) -> bool {
        self.settings()
            .is_some_and(|settings| settings.accepts(word))
    }

    /// How values for this host are written.
    pub(crate) fn encoding(&self) -> etf::Options {
        self.peer
            .get()
            .map_or_else(etf::Options::default, |peer| peer.encoding)
    }

    /// Puts the length into a frame, which must be within what the host takes.
    ///
    /// # Errors
    /// When it is not; the frame is taken out again.
    pub(crate) fn end_frame(&self, out: &mut Vec<u8>, start: usize) -> Result<(), Failure> {
        let max = self
            .settings()
            .map_or(MAX_FRAME, |settings| settings.max_frame);
        write::end(out, start, max).map_err(|large| {
            let text = format!(
                "the result is a message of {} bytes; the host takes {}",
                large.size, large.max
            );
            Failure::new(Kind::Error, text)
        })
    }
}
