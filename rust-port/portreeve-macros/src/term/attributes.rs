//! Serde's attributes on an item, a variant or a field, as far as the shape depends on them.

use proc_macro2::TokenStream;
use syn::meta::ParseNestedMeta;
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Expr, ExprLit, Lit, LitStr, Path, Result, Token};

use super::fields;

/// What `#[serde(…)]` says.
#[derive(Default)]
pub(super) struct Serde {
    /// The words that are there, with or without a value.
    words: Vec<String>,
    values: Vec<(String, LitStr)>,
}

impl Serde {
    pub(super) fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut serde = Self::default();
        for attribute in attributes
            .iter()
            .filter(|found| found.path().is_ident("serde"))
        {
            attribute.parse_nested_meta(|meta| serde.one(&meta))?;
        }
        Ok(serde)
    }

    fn one(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let word = meta
            .path
            .get_ident()
            .map(ToString::to_string)
            .unwrap_or_default();
        if meta.input.peek(Token![=]) {
            if let Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) = meta.value()?.parse()?
            {
                self.values.push((word.clone(), text));
            }
        } else if meta.input.peek(syn::token::Paren) {
            // `rename(serialize = "a", deserialize = "b")`: the name that is written counts.
            meta.parse_nested_meta(|inner| {
                let text = if inner.input.peek(Token![=]) {
                    Some(inner.value()?.parse::<LitStr>()?)
                } else {
                    None
                };
                if let (true, Some(text)) = (inner.path.is_ident("serialize"), text) {
                    self.values.push((word.clone(), text));
                }
                Ok(())
            })?;
        }
        self.words.push(word);
        Ok(())
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.words.iter().any(|found| found == word)
    }

    pub(super) fn has_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.has(word))
    }

    pub(super) fn value(&self, word: &str) -> Option<&LitStr> {
        self.values
            .iter()
            .find(|(found, _)| found == word)
            .map(|(_, text)| text)
    }
}

/// The documentation comment, without the blank that opens each line.
pub(super) fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter(|found| found.path().is_ident("doc"));
    let lines = lines.filter_map(|found| match &found.meta.require_name_value().ok()?.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(line),
            ..
        }) => Some(line.value()),
        _ => None,
    });
    let lines: Vec<String> = lines
        .map(|line| {
            line.strip_prefix(' ')
                .unwrap_or(&line)
                .trim_end()
                .to_owned()
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

/// The `Serialize` or `Deserialize` of a `#[derive(…)]`, if it is there.
pub(super) fn derived_serde(attributes: &[Attribute]) -> Option<Path> {
    let derives = attributes
        .iter()
        .filter(|found| found.path().is_ident("derive"));
    let paths = derives.filter_map(|found| {
        found
            .parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
            .ok()
    });
    paths.flatten().find(|path| {
        let last = path
            .segments
            .last()
            .map(|segment| segment.ident.to_string());
        matches!(last.as_deref(), Some("Serialize" | "Deserialize"))
    })
}

/// The item without serde's attributes, which nobody knows without serde's derives.
pub(super) fn without_serde(item: TokenStream) -> TokenStream {
    let Ok(mut item) = syn::parse2::<DeriveInput>(item.clone()) else {
        return item;
    };
    let other = |attribute: &Attribute| !attribute.path().is_ident("serde");
    item.attrs.retain(other);
    if let Data::Enum(data) = &mut item.data {
        data.variants
            .iter_mut()
            .for_each(|variant| variant.attrs.retain(other));
    }
    for field in fields::all_mut(&mut item.data) {
        field.attrs.retain(other);
    }
    quote::quote!(#item)
}
