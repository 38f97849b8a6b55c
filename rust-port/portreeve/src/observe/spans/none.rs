//! Without the feature `tracing` there are no spans.

use crate::calls::batch::Ticket;
use crate::wire::failure::Failure;

/// Nothing.
#[derive(Clone, Copy, Default)]
pub(crate) struct CallSpan;

impl CallSpan {
    #[cfg(feature = "async")]
    pub(crate) fn none() -> Self {
        Self
    }

    pub(crate) fn is_wanted() -> bool {
        false
    }

    pub(crate) fn begin(_function: &'static str, _ticket: &Ticket) -> Self {
        Self
    }

    pub(crate) fn enter(self) {}

    pub(crate) fn exit(self) {}

    #[cfg(feature = "async")]
    pub(crate) fn cancel(self, _function: &'static str) {}

    pub(crate) fn end(self, _function: &'static str, _failure: Option<&Failure>) {}
}

/// The host takes spans, and gets none.
pub(crate) fn ask() {}

/// The functions of the program, which nobody asks for.
pub(crate) fn set_names(_names: impl Iterator<Item = &'static str>) {}
