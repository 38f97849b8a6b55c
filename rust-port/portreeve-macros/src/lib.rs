//! The attributes of the crate `portreeve`. Use them through that crate, which documents and re-exports them.

mod function;

use proc_macro::TokenStream;

/// Makes a plain function callable by the host of this port program.
///
/// The function stays as it is: callable and testable from Rust. Its arguments are decoded from the frame, its
/// result is encoded into the answer, and its name, doc comment and types are announced in the program's `hello`.
///
/// Options, all of them optional: `name = "…"` (the name on the wire), `blocking` (the function waits for
/// something outside, such as a disk or a lock: it runs on a pool of its own), `idempotent` (the host may send a
/// call again after a death of the program).
///
/// Parameters are any types that serde can read, by value or by shared reference; `&str`, `&[u8]` and `&Path` are
/// slices of the frame. `Host`, `Cancel`, `Deadline` and `State<T>` come from portreeve and have no place in the
/// argument list. A `Result<T, E>` answers with `T` or fails the call with `E`, for any `E` that becomes a
/// `Box<dyn Error + Send + Sync>`.
#[proc_macro_attribute]
pub fn function(options: TokenStream, item: TokenStream) -> TokenStream {
    function::function(options.into(), item.into()).into()
}
