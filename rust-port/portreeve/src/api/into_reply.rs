//! What a function returned, to the answer of its call. Chosen by the type and not by how the type is spelled, so
//! that an alias of `Result` is a `Result`. The attribute writes method calls on references to references; the
//! compiler takes the first trait whose bounds hold, from the most references to the fewest.

use std::cell::Cell;
use std::error::Error;

use serde::Serialize;

use crate::etf::{self, Encode, Encoded};
use crate::runtime::invocation::Invocation;
use crate::types::{Describe, Type, Types};
use crate::wire::failure::{Failure, Kind, with_sources};

/// A returned value: `(&&&answer).outcome()` gives what is to be sent.
pub struct Answer<R>(Cell<Option<R>>);

impl<R> Answer<R> {
    /// Takes what the function returned.
    pub fn new(returned: R) -> Self {
        Self(Cell::new(Some(returned)))
    }

    fn take(&self) -> Result<R, Failure> {
        let returned = self.0.take();
        returned.ok_or_else(|| Failure::new(Kind::Error, "an answer is taken once"))
    }
}

/// A `Result` whose error is in a box already, of any kind: `Box<dyn Error>` is not the boxed error that can go to
/// another thread, and nothing can be made of it but its text.
pub trait Boxed {
    /// What is sent when there is no error.
    type Value;
    /// The value, or the function's own failure.
    fn outcome(&self) -> Result<Self::Value, Failure>;
}

macro_rules! boxed {
    ($($error:ty),*) => {$(
        impl<T> Boxed for &&Answer<Result<T, $error>> {
            type Value = T;

            fn outcome(&self) -> Result<T, Failure> {
                self.take()?
                    .map_err(|error| Failure::new(Kind::Error, with_sources(&*error)))
            }
        }
    )*};
}

boxed!(
    Box<dyn Error>,
    Box<dyn Error + Send>,
    Box<dyn Error + Sync>,
    std::rc::Rc<dyn Error>,
    std::sync::Arc<dyn Error>,
    std::sync::Arc<dyn Error + Send + Sync>
);

/// A `Result` whose error may also be a term: it becomes the `data` of the failure.
pub trait WithData {
    /// What is sent when there is no error.
    type Value;
    /// The value, or the function's own failure.
    fn outcome(&self) -> Result<Self::Value, Failure>;
}

impl<T, E> WithData for &Answer<Result<T, E>>
where
    E: Describe + Encode + Into<Box<dyn Error + Send + Sync>>,
{
    type Value = T;

    fn outcome(&self) -> Result<T, Failure> {
        self.take()?.map_err(|error| {
            let data = data(&error);
            Failure {
                data,
                ..failure(error.into())
            }
        })
    }
}

impl<T, E> Answer<Result<T, E>> {
    /// A `Result` with any other error: its message, and those of its sources.
    ///
    /// # Errors
    /// The function's own.
    pub fn outcome(&self) -> Result<T, Failure>
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        self.take()?.map_err(|error| failure(error.into()))
    }
}

/// Any other value.
pub trait Plain {
    /// What is sent.
    type Value;
    /// The value.
    fn outcome(&self) -> Result<Self::Value, Failure>;
}

impl<R> Plain for Answer<R> {
    type Value = R;

    fn outcome(&self) -> Result<R, Failure> {
        self.take()
    }
}

/// A value to send: `(&Reply(&value)).send(call)`.
pub struct Reply<'a, T>(pub &'a T);

/// A value whose type tells bytes from lists.
pub trait ByType {
    /// Writes the answer of the call.
    fn send(&self, call: &mut Invocation<'_>) -> Result<(), Failure>;
}

impl<T: Encode> ByType for Reply<'_, T> {
    fn send(&self, call: &mut Invocation<'_>) -> Result<(), Failure> {
        call.reply(&Encoded(self.0))
    }
}

/// A value that only serde knows.
pub trait BySerde {
    /// Writes the answer of the call.
    fn send(&self, call: &mut Invocation<'_>) -> Result<(), Failure>;
}

impl<T: Serialize> BySerde for &Reply<'_, T> {
    fn send(&self, call: &mut Invocation<'_>) -> Result<(), Failure> {
        call.reply(self.0)
    }
}

/// The traits without names: imported all together, they hide no name of the user's.
pub mod traits {
    pub use super::{Boxed as _, BySerde as _, ByType as _, Plain as _, WithData as _};
}

fn failure(error: Box<dyn Error + Send + Sync>) -> Failure {
    Failure::new(Kind::Error, with_sources(&*error))
}

/// The error as a term, when it is a type of the program's own; the message says all that a `String` could.
fn data<E: Describe + Encode>(error: &E) -> Option<Box<[u8]>> {
    let is_own = matches!(E::describe(&mut Types::default()), Type::Named(_));
    let mut data = Vec::new();
    let written =
        is_own && etf::append(&mut data, &Encoded(error), etf::Options::default()).is_ok();
    written.then(|| data.into())
}
