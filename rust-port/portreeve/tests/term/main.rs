//! `#[portreeve::term]`: every shape, both ways, with serde's attributes, and its description.

mod described;
mod enums;
mod enums_for_flatten;
mod generics;
mod serde_attributes;
mod structs;
mod true_types;

use portreeve::{Term, etf};
use serde::{Deserialize, Serialize};

/// The term of a value, as Erlang prints it.
fn shown<T: Serialize>(value: &T) -> String {
    let bytes = etf::to_vec(value).expect("a term");
    etf::from_slice::<Term>(&bytes).expect("a term").to_string()
}

/// What comes back of a value.
fn back<T: Serialize + for<'de> Deserialize<'de>>(value: &T) -> T {
    let bytes = etf::to_vec(value).expect("a term");
    etf::from_slice(&bytes).expect("the value")
}

/// The sentence of the error that a value of another shape gives.
fn refused<T: for<'de> Deserialize<'de> + std::fmt::Debug>(value: &impl Serialize) -> String {
    let bytes = etf::to_vec(value).expect("a term");
    etf::from_slice::<T>(&bytes)
        .expect_err("an error")
        .to_string()
}
