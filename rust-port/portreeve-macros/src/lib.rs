//! The attributes of the crate `portreeve`. Use them through that crate, which documents and re-exports them.

mod facade;
mod function;
mod term;

use proc_macro::TokenStream;

// Documented where it is re-exported, where examples of it can run.
#[proc_macro_attribute]
pub fn function(options: TokenStream, item: TokenStream) -> TokenStream {
    function::function(options.into(), item.into()).into()
}

// As above.
#[proc_macro_attribute]
pub fn term(options: TokenStream, item: TokenStream) -> TokenStream {
    term::term(options.into(), item.into()).into()
}
