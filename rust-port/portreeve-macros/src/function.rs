//! `#[portreeve::function]`: three rooms. `parse` reads the tokens, `validate` refuses what cannot be a port
//! function (every refusal points at the tokens that caused it), `expand` writes the registration beside the
//! function, which itself stays as it was written.

mod expand;
mod parse;
mod validate;

use proc_macro2::TokenStream;
use quote::quote;

/// Expands the attribute; an error keeps the function and adds the complaint.
pub(crate) fn function(options: TokenStream, item: TokenStream) -> TokenStream {
    match parse::parse(options, item.clone()).and_then(validate::validate) {
        Ok(function) => expand::expand(&function),
        Err(error) => {
            let complaint = error.to_compile_error();
            quote!(#item #complaint)
        }
    }
}
