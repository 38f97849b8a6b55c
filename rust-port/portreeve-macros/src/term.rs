//! `#[portreeve::term]`: gives a struct or enum its shape as a term.
//!
//! The attribute is read (`options`, `attributes`), checked (`check`), and the item is written
//! again with serde's derives and attributes (`shape`), its description (`describe`) and the
//! rest of what the runtime asks of a type (`support`).

mod attributes;
mod check;
mod describe;
mod fields;
mod names;
mod options;
mod shape;
mod support;

use std::cell::RefCell;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Item, Path, Result};

use options::Options;

thread_local! {
    /// Where generated code finds the runtime, while one item is expanded: every piece of code names it.
    static RUNTIME: RefCell<Option<Path>> = const { RefCell::new(None) };
}

/// Where generated code finds the runtime.
fn runtime() -> TokenStream {
    let path = RUNTIME.with_borrow(Clone::clone);
    path.unwrap_or_else(crate::facade::default)
        .into_token_stream()
}

/// Expands the attribute, or says what is wrong with its use.
pub(crate) fn term(options: TokenStream, item: TokenStream) -> TokenStream {
    let original = item.clone();
    expand(options, item).unwrap_or_else(|error| {
        // The item stays, so that its other uses do not add errors of their own.
        let item = attributes::without_serde(original);
        let error = error.to_compile_error();
        quote::quote!(#item #error)
    })
}

fn expand(options: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let options: Options = syn::parse2(options)?;
    RUNTIME.set(options.krate.clone());
    let item = match syn::parse2(item)? {
        Item::Struct(item) => syn::DeriveInput::from(item),
        Item::Enum(item) => syn::DeriveInput::from(item),
        other => {
            let why = "`#[portreeve::term]` is for structs and enums";
            return Err(syn::Error::new_spanned(other, why));
        }
    };
    let form = check::form(&options, &item)?;
    let described = describe::describe(&form, &item, options.name.as_ref())?;
    let supported = support::support(&form, &item);
    let shaped = shape::shape(&form, item)?;
    Ok(quote::quote!(#shaped #described #supported))
}
