//! The attributes of the crate `portreeve`. Use them through that crate, which documents and re-exports them.

mod function;
mod term;

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

/// Gives a struct or enum its shape as a term: serde's derives with the shapes of Rustler.
///
/// | item | term |
/// | --- | --- |
/// | struct | map with atom keys |
/// | `module = "MyApp.User"` | Elixir struct; `exception` makes it an exception |
/// | `record` or `record = "user"` | tuple that begins with the name; by default the struct's, in snake_case |
/// | `tuple` | tuple of the fields in their order |
/// | tuple struct, newtype, unit struct | tuple, what is in it, `nil` |
/// | enum | atom in snake_case, or `{tag, …}` for a variant with data |
/// | `untagged` | the data of the variant alone |
///
/// Serde's attributes (`rename`, `default`, `skip`, `flatten`, …) keep working. Fields that are `Vec<u8>`, also
/// deep inside or empty, are bytes. The item also gets its description, with its documentation, for the program's
/// `hello`.
#[proc_macro_attribute]
pub fn term(options: TokenStream, item: TokenStream) -> TokenStream {
    term::term(options.into(), item.into()).into()
}
