//! [`Arguments`]: what a call to the host is given. The list on the wire is made of a tuple or a sequence, whatever its
//! elements are; anything else is no list of arguments, and the compiler says so.

use serde::Serialize;

use crate::etf::{Error, Options, append};

/// The arguments of [`Host::call`](crate::Host::call): a tuple, an array, a slice or a `Vec`; `()` for none.
///
/// ```compile_fail
/// # fn f(host: portreeve::Host) -> Result<u8, portreeve::HostError> {
/// // One argument is `&(5,)`: this is none.
/// host.call("double", &5)
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "the arguments of a call are a tuple or a list, not `{Self}`",
    label = "one argument is written as `&(value,)`"
)]
pub trait Arguments {
    /// How many there are.
    #[doc(hidden)]
    fn count(&self) -> usize;

    /// Writes them one behind the other.
    #[doc(hidden)]
    fn append_each(&self, out: &mut Vec<u8>, options: Options) -> Result<(), Error>;
}

impl<T: Serialize> Arguments for [T] {
    fn count(&self) -> usize {
        self.len()
    }

    fn append_each(&self, out: &mut Vec<u8>, options: Options) -> Result<(), Error> {
        for (index, argument) in self.iter().enumerate() {
            append(out, argument, options).map_err(|error| error.in_index(index))?;
        }
        Ok(())
    }
}

macro_rules! like_a_slice {
    ($([$($params:tt)*] $type:ty;)*) => {$(
        impl<T: Serialize, $($params)*> Arguments for $type {
            fn count(&self) -> usize {
                self.len()
            }

            fn append_each(&self, out: &mut Vec<u8>, options: Options) -> Result<(), Error> {
                self[..].append_each(out, options)
            }
        }
    )*};
}

like_a_slice! {
    [] Vec<T>;
    [const N: usize] [T; N];
}

impl<A: Arguments + ?Sized> Arguments for &A {
    fn count(&self) -> usize {
        (**self).count()
    }

    fn append_each(&self, out: &mut Vec<u8>, options: Options) -> Result<(), Error> {
        (**self).append_each(out, options)
    }
}

impl Arguments for () {
    fn count(&self) -> usize {
        0
    }

    fn append_each(&self, _: &mut Vec<u8>, _: Options) -> Result<(), Error> {
        Ok(())
    }
}

macro_rules! tuples {
    ($($count:literal $($part:ident $index:tt)+;)*) => {$(
        impl<$($part: Serialize),+> Arguments for ($($part,)+) {
            fn count(&self) -> usize {
                $count
            }

            fn append_each(&self, out: &mut Vec<u8>, options: Options) -> Result<(), Error> {
                $(append(out, &self.$index, options).map_err(|error| error.in_index($index))?;)+
                Ok(())
            }
        }
    )*};
}

tuples! {
    1 A 0; 2 A 0 B 1; 3 A 0 B 1 C 2; 4 A 0 B 1 C 2 D 3; 5 A 0 B 1 C 2 D 3 E 4;
    6 A 0 B 1 C 2 D 3 E 4 F 5; 7 A 0 B 1 C 2 D 3 E 4 F 5 G 6; 8 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
    9 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8; 10 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9;
    11 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10;
    12 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11;
}
