//! Describes the type of each parameter and of the result, for the hello: by [`Describe`] where a type has it, by its name
//! alone where it has not. The same trick of references to references as in `answer`.

use std::marker::PhantomData;

use crate::types::{Describe, Type, Types};

/// Stands for the type.
pub struct Probe<T: ?Sized>(PhantomData<T>);

impl<T: ?Sized> Probe<T> {
    /// For one type.
    #[expect(clippy::new_without_default, reason = "only the attribute makes one")]
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// A type that is described.
pub trait Described {
    /// Its description.
    fn describe(&self, types: &mut Types) -> Type;
}

impl<T: ?Sized + Describe> Described for &Probe<T> {
    fn describe(&self, types: &mut Types) -> Type {
        T::describe(types)
    }
}

/// Any other type: its name, and no more.
pub trait Opaque {
    /// Its name.
    fn describe(&self, types: &mut Types) -> Type;
}

impl<T: ?Sized> Opaque for Probe<T> {
    fn describe(&self, types: &mut Types) -> Type {
        types.unknown::<T>()
    }
}

/// The result of a `Result`.
pub trait DescribedOk {
    /// The description of what is in `Ok`.
    fn result(&self, types: &mut Types) -> Type;
}

impl<T: Describe, E> DescribedOk for &&&Probe<Result<T, E>> {
    fn result(&self, types: &mut Types) -> Type {
        T::describe(types)
    }
}

/// The result of a `Result` that is not described.
pub trait OpaqueOk {
    /// The name of what is in `Ok`.
    fn result(&self, types: &mut Types) -> Type;
}

impl<T, E> OpaqueOk for &&Probe<Result<T, E>> {
    fn result(&self, types: &mut Types) -> Type {
        types.unknown::<T>()
    }
}

/// Any other described result.
pub trait DescribedValue {
    /// Its description.
    fn result(&self, types: &mut Types) -> Type;
}

impl<T: Describe> DescribedValue for &Probe<T> {
    fn result(&self, types: &mut Types) -> Type {
        T::describe(types)
    }
}

/// Any other result.
pub trait OpaqueValue {
    /// Its name.
    fn result(&self, types: &mut Types) -> Type;
}

impl<T> OpaqueValue for Probe<T> {
    fn result(&self, types: &mut Types) -> Type {
        types.unknown::<T>()
    }
}

/// The error of a `Result`, when it is a type of the program's own and so becomes `data`.
pub trait DescribedError {
    /// The description of the error, if it goes to the caller as data.
    fn error(&self, types: &mut Types) -> Option<Type>;
}

impl<T, E: Describe> DescribedError for &Probe<Result<T, E>> {
    fn error(&self, types: &mut Types) -> Option<Type> {
        Some(E::describe(types)).filter(|error| matches!(error, Type::Named(_)))
    }
}

/// No such error.
pub trait OpaqueError {
    /// None.
    fn error(&self, _types: &mut Types) -> Option<Type> {
        None
    }
}

impl<T> OpaqueError for Probe<T> {}

/// The traits without names: imported all together, they hide no name of the user's.
pub mod traits {
    pub use super::{
        Described as _, DescribedError as _, DescribedOk as _, DescribedValue as _, Opaque as _,
        OpaqueError as _, OpaqueOk as _, OpaqueValue as _,
    };
}

/// The description of a parameter.
#[doc(hidden)]
#[macro_export]
macro_rules! __portreeve_describe {
    ($type:ty, $types:expr) => {{
        use $crate::__private::describing::traits::*;
        (&&$crate::__private::describing::Probe::<$type>::new()).describe($types)
    }};
}

/// The description of a result.
#[doc(hidden)]
#[macro_export]
macro_rules! __portreeve_describe_result {
    ($type:ty, $types:expr) => {{
        use $crate::__private::describing::traits::*;
        (&&&&$crate::__private::describing::Probe::<$type>::new()).result($types)
    }};
}

/// The description of an error.
#[doc(hidden)]
#[macro_export]
macro_rules! __portreeve_describe_error {
    ($type:ty, $types:expr) => {{
        use $crate::__private::describing::traits::*;
        (&&$crate::__private::describing::Probe::<$type>::new()).error($types)
    }};
}
