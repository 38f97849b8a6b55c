//! The functions of `compute` inside of Node, by napi-rs, each in its three ways: synchronous, as an `AsyncTask` on
//! libuv's threads, and as an `async fn` on tokio's. JavaScript sees `sum`, `sumTask` and `sumAsync`.
//!
//! Orders and rows come and go as JSON text: napi-rs reads objects property by property, which takes more than twice
//! as long, and a text can be parsed on another thread.

mod asynchronous;
mod synchronous;
mod task;

use compute::tokens::Algorithm;
use napi::{Error, Result};

/// An error of a function, as napi-rs wants it.
fn error(error: impl ToString) -> Error {
    Error::from_reason(error.to_string())
}

fn algorithm(name: &str) -> Result<Algorithm> {
    serde_json::from_value(name.into()).map_err(error)
}

/// From JSON text to JSON text.
fn by_json<T, R>(text: &str, function: impl FnOnce(T) -> R) -> Result<String>
where
    T: serde::de::DeserializeOwned,
    R: serde::Serialize,
{
    let argument = serde_json::from_str(text).map_err(error)?;
    serde_json::to_string(&function(argument)).map_err(error)
}
