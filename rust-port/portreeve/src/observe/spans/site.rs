//! Where the spans of calls come from, as `tracing` sees it: one callsite for each function, made when somebody first
//! wants spans. Which functions there are is known to the linker alone, so no macro of `tracing` can make them.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::Relaxed;

use tracing_core::field::FieldSet;
use tracing_core::metadata::Kind;
use tracing_core::subscriber::Interest;
use tracing_core::{Callsite, Dispatch, Level, Metadata, callsite, identify_callsite};

/// Fields of every call's span.
pub(super) const FIELDS: [&str; 4] = ["call", "trace_id", "parent_id", "error"];

/// The functions of the program.
static NAMES: OnceLock<Vec<&'static str>> = OnceLock::new();

/// Says which functions there are, before the first of them is called.
pub(crate) fn set_names(names: impl Iterator<Item = &'static str>) {
    NAMES.get_or_init(|| names.collect());
}

/// The callsite of one function.
pub(super) struct Site {
    /// Set when the site was made: it refers to the site.
    metadata: OnceLock<Metadata<'static>>,
    interest: AtomicU8,
}

const NEVER: u8 = 0;
const SOMETIMES: u8 = 1;
const ALWAYS: u8 = 2;

impl Site {
    /// The function's site.
    pub(super) fn of(function: &'static str) -> Option<&'static Self> {
        static SITES: OnceLock<HashMap<&'static str, &'static Site>> = OnceLock::new();
        let names = NAMES.get()?;
        let sites =
            SITES.get_or_init(|| names.iter().map(|name| (*name, Self::new(name))).collect());
        sites.get(function).copied()
    }

    fn new(name: &'static str) -> &'static Self {
        // `tracing` keeps callsites for ever; there are as many as functions.
        let site: &'static Self = Box::leak(Box::new(Self {
            metadata: OnceLock::new(),
            interest: AtomicU8::new(NEVER),
        }));
        site.metadata.get_or_init(|| {
            let fields = FieldSet::new(&FIELDS, identify_callsite!(site));
            let (target, level) = ("portreeve", Level::INFO);
            Metadata::new(name, target, level, None, None, None, fields, Kind::SPAN)
        });
        callsite::register(site);
        site
    }

    /// What is known of its spans before there are any.
    pub(super) fn metadata(&self) -> &Metadata<'static> {
        self.metadata.get().expect("set when the site was made")
    }

    /// Whether this subscriber wants a span now.
    pub(super) fn is_enabled(&self, dispatch: &Dispatch) -> bool {
        match self.interest.load(Relaxed) {
            NEVER => false,
            SOMETIMES => dispatch.enabled(self.metadata()),
            _ => true,
        }
    }
}

impl Callsite for Site {
    fn set_interest(&self, interest: Interest) {
        let interest = match interest {
            interest if interest.is_never() => NEVER,
            interest if interest.is_always() => ALWAYS,
            _ => SOMETIMES,
        };
        self.interest.store(interest, Relaxed);
    }

    fn metadata(&self) -> &Metadata<'_> {
        Site::metadata(self)
    }
}
