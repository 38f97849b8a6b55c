//! How generated code describes a field of a struct, of whose type it knows the name only: by [`Describe`], or by that
//! name. The choice
//! is made as in `etf::via`.

use super::{Describe, Type, Types};
use crate::etf::via::Via;

/// Types with a description.
pub trait DescribeKnown {
    fn describe(&self, types: &mut Types) -> Type;
}

impl<T: ?Sized + Describe> DescribeKnown for &Via<T> {
    fn describe(&self, types: &mut Types) -> Type {
        T::describe(types)
    }
}

/// All other types.
pub trait DescribeAny {
    fn describe(&self, types: &mut Types) -> Type;
}

impl<T: ?Sized> DescribeAny for Via<T> {
    fn describe(&self, types: &mut Types) -> Type {
        types.unknown::<T>()
    }
}
