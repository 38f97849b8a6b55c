//! The item with serde's derives and the attributes that make up its shape.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Field, LitStr, Result, parse_quote};

use super::attributes::Serde;
use super::check::Form;
use super::fields::{self, Owned};
use super::{names, runtime};

/// Writes the item again.
pub(super) fn shape(form: &Form, mut item: DeriveInput) -> Result<TokenStream> {
    let written: Result<Vec<_>> = fields::all(&item)
        .into_iter()
        .enumerate()
        .map(|(place, field)| fields::written(&item, place, field))
        .collect();
    for (field, written) in fields::all_mut(&mut item.data).into_iter().zip(written?) {
        if let Some(written) = written {
            let path = text(&written.function.to_string());
            field
                .attrs
                .push(parse_quote!(#[serde(serialize_with = #path)]));
        }
        read_bytes(field)?;
    }
    if let Form::Enum { .. } = form {
        name_variants(&mut item)?;
    }
    let serde = Serde::of(&item.attrs)?;
    // Serde's attributes may only stand behind the derive that knows them.
    item.attrs.splice(0..0, container(form, &serde));
    Ok(quote!(#item))
}

/// Attributes of the item as a whole.
fn container(form: &Form, serde: &Serde) -> Vec<Attribute> {
    let runtime = runtime();
    let path = text(&format!("{runtime}::etf::via::serde").replace(' ', ""));
    let serialize = quote!(#runtime::etf::via::serde::Serialize);
    let deserialize = quote!(#runtime::etf::via::serde::Deserialize);
    let mut attributes = vec![parse_quote!(#[derive(#serialize, #deserialize)])];
    if !serde.has("crate") {
        attributes.push(parse_quote!(#[serde(crate = #path)]));
    }
    if let Some(name) = marker(form) {
        let name = text(&name);
        attributes.push(parse_quote!(#[serde(rename = #name)]));
    }
    match form {
        Form::Enum { open: true, .. } | Form::Module { flat: true, .. } | Form::Flat => {
            attributes.push(parse_quote!(#[serde(remote = "Self")]));
        }
        Form::OtherEnum if !serde.has_any(&["untagged", "tag", "from", "into", "try_from"]) => {
            attributes.push(parse_quote!(#[serde(untagged)]));
        }
        _ => {}
    }
    attributes
}

/// The name that tells the runtime which shape a struct has.
fn marker(form: &Form) -> Option<String> {
    match form {
        Form::Module {
            name,
            exception: true,
            ..
        } => Some(format!("$exception:{name}")),
        Form::Module { name, .. } => Some(format!("$module:{name}")),
        Form::Record(tag) => Some(format!("$record:{tag}")),
        Form::Tuple => Some("$tuple".to_owned()),
        Form::Enum { flat: true, .. } => Some("$map".to_owned()),
        Form::Plain | Form::Flat | Form::Enum { .. } | Form::OtherEnum => None,
    }
}

/// Reads a field that is bytes in one piece; serde would ask for each byte.
fn read_bytes(field: &mut Field) -> Result<()> {
    let serde = Serde::of(&field.attrs)?;
    let owned = fields::owned_bytes(&field.ty);
    let settled = [
        "with",
        "deserialize_with",
        "flatten",
        "skip",
        "skip_deserializing",
        "borrow",
    ];
    if owned == Owned::No || serde.has_any(&settled) {
        return Ok(());
    }
    let path = text(&format!("{}::etf::via::bytes", runtime()).replace(' ', ""));
    field
        .attrs
        .push(parse_quote!(#[serde(deserialize_with = #path)]));
    // An option that serde reads by a function is no longer allowed to be missing.
    if owned == Owned::OptionalBytes && !serde.has("default") {
        field.attrs.push(parse_quote!(#[serde(default)]));
    }
    Ok(())
}

/// Gives variants the names that Rustler gives them, unless other names were asked for.
fn name_variants(item: &mut DeriveInput) -> Result<()> {
    let Data::Enum(data) = &mut item.data else {
        return Ok(());
    };
    if Serde::of(&item.attrs)?.has("rename_all") {
        return Ok(());
    }
    for variant in &mut data.variants {
        if !Serde::of(&variant.attrs)?.has_any(&["rename", "other"]) {
            let name = text(&names::variant(variant, None)?);
            variant.attrs.push(parse_quote!(#[serde(rename = #name)]));
        }
    }
    Ok(())
}

fn text(value: &str) -> LitStr {
    LitStr::new(value, proc_macro2::Span::call_site())
}
