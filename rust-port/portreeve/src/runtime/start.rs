//! `on_start`: what runs once, before the first call, with the host's `start` term.

use std::any::{Any, TypeId};
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::DeserializeOwned;

use crate::etf;
use crate::runtime::panics;
use crate::runtime::registry::Registry;
use crate::wire::failure::with_sources;

/// What `on_start` gives: the state, as any type.
type Set = Arc<dyn Any + Send + Sync>;
type Hook = Box<dyn FnOnce(&[u8]) -> Result<Set, String> + Send>;

/// The atom `undefined`: the `start` of a host that gave none.
const UNDEFINED: &[u8] = b"\x77\x09undefined";

/// The hook, until it has run.
pub(crate) struct Start {
    hook: Mutex<Option<Hook>>,
    /// The type of the state, and its name for errors.
    sets: (TypeId, &'static str),
}

impl Start {
    /// No hook, no state.
    #[must_use]
    pub(crate) fn none() -> Self {
        Self::new(|(): ()| Ok::<(), String>(()))
    }

    /// A hook that takes the host's term as an `A`.
    pub(crate) fn new<A, S, E, F>(hook: F) -> Self
    where
        A: DeserializeOwned,
        S: Send + Sync + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
        F: FnOnce(A) -> Result<S, E> + Send + 'static,
    {
        let hook: Hook = Box::new(move |term| {
            let argument = etf::from_term(term).map_err(|error| format!("start: {error}"))?;
            match hook(argument) {
                Ok(state) => Ok(Arc::new(state)),
                Err(error) => Err(with_sources(&*error.into())),
            }
        });
        let sets = (TypeId::of::<S>(), std::any::type_name::<S>());
        Self {
            hook: Mutex::new(Some(hook)),
            sets,
        }
    }

    /// Runs the hook, the first time; later it gives `None`.
    pub(crate) fn run(
        &self,
        registry: &Registry,
        term: Option<&[u8]>,
    ) -> Option<Result<Set, String>> {
        let hook = self
            .hook
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()?;
        if let Err(missing) = self.check(registry) {
            return Some(Err(missing));
        }
        let outcome = panics::catch(|| hook(term.unwrap_or(UNDEFINED)));
        Some(
            outcome.unwrap_or_else(|panic| Err(format!("on_start panicked: {}", panic.sentence()))),
        )
    }

    /// Every `State<T>` that a function asks for must be the one that the hook sets up.
    fn check(&self, registry: &Registry) -> Result<(), String> {
        let (set, set_name) = self.sets;
        for function in registry.iter() {
            let mut states = function
                .parameters
                .iter()
                .filter_map(|parameter| (parameter.state)());
            if let Some(wanted) = states.find(|state| (state.id)() != set) {
                let (function, wanted) = (function.name, (wanted.name)());
                return Err(format!(
                    "`{function}` takes State<{wanted}>, but on_start sets up {set_name}"
                ));
            }
        }
        Ok(())
    }
}
