//! Without the feature `tracing` there are no spans.

use crate::calls::batch::Ticket;
use crate::wire::failure::Failure;

/// Nothing.
#[derive(Clone, Copy, Default)]
pub struct CallSpan;

impl CallSpan {
    #[cfg(feature = "async")]
    pub fn none() -> Self {
        Self
    }

    pub fn is_wanted() -> bool {
        false
    }

    pub fn begin(_function: &'static str, _ticket: &Ticket) -> Self {
        Self
    }

    pub fn enter(self) {}

    pub fn exit(self) {}

    #[cfg(feature = "async")]
    pub fn cancel(self, _function: &'static str) {}

    pub fn end(self, _function: &'static str, _failure: Option<&Failure>) {}
}

/// The host takes spans, and gets none.
pub fn ask() {}

/// The functions of the program, which nobody asks for.
pub fn set_names(_names: impl Iterator<Item = &'static str>) {}
