//! [`FromCall`]: parameters that are made of the call and not of an argument. What a parameter is, is asked of its
//! type and not of how the type is spelled, so that aliases work and other types of the same names are arguments.

use std::error::Error;
use std::marker::PhantomData;

use serde::Deserialize;

use crate::calls::batch::Ticket;
use crate::etf::via::{FromBytes, ReadBytes, Via};
use crate::runtime::invocation::{Arguments, Invocation};
use crate::runtime::program::Program;
use crate::runtime::registry::RequiredState;
use crate::wire::failure::{Failure, Kind, with_sources};

/// A call that has begun, as [`FromCall`] sees it: what [`Host`](crate::Host), [`Cancel`](crate::Cancel),
/// [`Deadline`](crate::Deadline) and [`State`](crate::State) are made of.
pub struct Call<'a> {
    pub(super) program: &'static Program,
    pub(super) ticket: &'a Ticket,
}

impl std::fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}

/// A type that a parameter may have without an argument in the call: it is made of the call itself. It may stand
/// anywhere among the parameters, by value or by reference, and is not announced to the host.
///
/// Types of one's own can be made of those that portreeve has:
///
/// ```
/// use std::error::Error;
/// use portreeve::{Call, Deadline, FromCall, State};
///
/// struct Pool;
///
/// /// A connection, if there is time for one.
/// struct Connection(State<Pool>);
///
/// impl FromCall for Connection {
///     fn from_call(call: &Call<'_>) -> Result<Self, Box<dyn Error + Send + Sync>> {
///         if Deadline::from_call(call)?.is_over() {
///             return Err("no time left for a connection".into());
///         }
///         Ok(Self(State::from_call(call)?))
///     }
/// }
///
/// #[portreeve::function]
/// fn query(text: &str, connection: &Connection) -> usize {
///     let _pool: &Pool = &connection.0;
///     text.len()
/// }
///
/// // From the host: `await port.call("query", [text])`.
/// assert_eq!(query("select 1", &Connection(State::new(Pool))), 8);
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not made of a call")]
pub trait FromCall: Sized {
    /// Makes the value, when the call begins.
    ///
    /// # Errors
    /// Whatever keeps the call from beginning: it is answered with an `error` of that text.
    fn from_call(call: &Call<'_>) -> Result<Self, Box<dyn Error + Send + Sync>>;

    /// The state that `on_start` must have set up, checked before the program is ready.
    #[doc(hidden)]
    #[must_use]
    fn required() -> Option<RequiredState> {
        None
    }
}

/// How the attribute gets the value of a parameter: methods and constants by the type, as in `into_reply`.
pub struct Taken<T>(PhantomData<fn() -> T>);

impl<T> Taken<T> {
    /// Stands for the type.
    #[expect(clippy::new_without_default, reason = "only the attribute makes one")]
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// An argument that serde alone reads. No trait: the compiler then names the bound that does not hold.
    ///
    /// # Errors
    /// When the argument is no `T`.
    pub fn take<'de>(
        &self,
        _: &Invocation<'_>,
        arguments: &mut Arguments<'de>,
    ) -> Result<T, Failure>
    where
        T: Deserialize<'de>,
    {
        arguments.take(|elements| Via::<T>::new().next(elements))
    }
}

/// Made of the call.
pub trait TakeFromCall<'de, T> {
    /// # Errors
    /// Those of [`FromCall::from_call`].
    fn take(&self, call: &Invocation<'_>, arguments: &mut Arguments<'de>) -> Result<T, Failure>;
}

impl<'de, T: FromCall> TakeFromCall<'de, T> for &&Taken<T> {
    fn take(&self, call: &Invocation<'_>, _: &mut Arguments<'de>) -> Result<T, Failure> {
        let (program, ticket) = (call.program(), call.ticket());
        T::from_call(&Call { program, ticket })
            .map_err(|error| Failure::new(Kind::Error, with_sources(&*error)))
    }
}

/// Bytes, which serde would read one by one.
pub trait TakeBytes<'de, T> {
    /// # Errors
    /// When the argument is no bytes.
    fn take(&self, call: &Invocation<'_>, arguments: &mut Arguments<'de>) -> Result<T, Failure>;
}

impl<'de, T: FromBytes> TakeBytes<'de, T> for &Taken<T> {
    fn take(&self, _: &Invocation<'_>, arguments: &mut Arguments<'de>) -> Result<T, Failure> {
        arguments.take(|elements| ReadBytes::next(&&Via::<T>::new(), elements))
    }
}

impl<T: FromCall> Taken<T> {
    /// It has no place in the argument list.
    pub const IS_ARGUMENT: bool = false;
}

/// Any other type.
pub trait IsArgument {
    /// It is an argument.
    const IS_ARGUMENT: bool = true;
}

impl<T> IsArgument for Taken<T> {}

impl<T> Taken<Option<T>> {
    /// At the end of the argument list it may be left out.
    pub const MAY_BE_MISSING: bool = true;
}

/// Any other type.
pub trait MustBeThere {
    /// It may not be left out.
    const MAY_BE_MISSING: bool = false;
}

impl<T> MustBeThere for Taken<T> {}

/// What a parameter asks of `on_start`.
pub trait Requires {
    /// That of the type, if it has any.
    fn required(&self) -> Option<RequiredState>;
}

impl<T: FromCall> Requires for &Taken<T> {
    fn required(&self) -> Option<RequiredState> {
        T::required()
    }
}

/// Any other type.
pub trait RequiresNothing {
    /// None.
    fn required(&self) -> Option<RequiredState>;
}

impl<T> RequiresNothing for Taken<T> {
    fn required(&self) -> Option<RequiredState> {
        None
    }
}

/// The traits without names: imported all together, they hide no name of the user's.
pub mod traits {
    pub use super::{
        IsArgument as _, MustBeThere as _, Requires as _, RequiresNothing as _, TakeBytes as _,
        TakeFromCall as _,
    };
}
