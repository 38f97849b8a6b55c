//! Tokens to syntax: the options of the attribute and the function under it. No judgement beyond syntax.

use proc_macro2::{Span, TokenStream};
use syn::meta::ParseNestedMeta;
use syn::parse::Parser;
use syn::{ItemFn, LitStr, Path, Result};

/// What stands in the parentheses of `#[portreeve::function(…)]`.
#[derive(Default)]
pub(super) struct Options {
    /// `name = "…"`: the name on the wire, when it is not the function's own.
    pub name: Option<LitStr>,
    /// `blocking`: where it stands, for errors that concern it.
    pub blocking: Option<Span>,
    /// `idempotent`: the host may send a call again after a death.
    pub idempotent: bool,
    /// `crate = path`: where portreeve is, when it is not `::portreeve`.
    pub krate: Option<Path>,
}

/// The attribute as written.
pub(super) struct Parsed {
    pub options: Options,
    pub item: ItemFn,
}

/// Reads options and function.
pub(super) fn parse(options: TokenStream, item: TokenStream) -> Result<Parsed> {
    let mut parsed = Options::default();
    syn::meta::parser(|meta| parsed.read(&meta)).parse2(options)?;
    let item = syn::parse2(item).map_err(|error| {
        syn::Error::new(
            error.span(),
            format!("#[portreeve::function] stands on a free function with a body: {error}"),
        )
    })?;
    Ok(Parsed {
        options: parsed,
        item,
    })
}

impl Options {
    fn read(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        if meta.path.is_ident("name") {
            self.once(self.name.is_some(), meta)?;
            self.name = Some(meta.value()?.parse()?);
        } else if meta.path.is_ident("blocking") {
            self.once(self.blocking.is_some(), meta)?;
            self.blocking = Some(syn::spanned::Spanned::span(&meta.path));
        } else if meta.path.is_ident("idempotent") {
            self.once(self.idempotent, meta)?;
            self.idempotent = true;
        } else if meta.path.is_ident("crate") {
            self.once(self.krate.is_some(), meta)?;
            self.krate = Some(crate::facade::path(meta.value()?)?);
        } else {
            return Err(meta.error(
                "unknown option; #[portreeve::function] takes `name = \"…\"`, `blocking`, `idempotent` and `crate = path`",
            ));
        }
        Ok(())
    }

    fn once(&self, already: bool, meta: &ParseNestedMeta<'_>) -> Result<()> {
        if already {
            return Err(meta.error("this option stands here twice"));
        }
        Ok(())
    }
}
