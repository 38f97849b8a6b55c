//! The description of the type, for the program's hello.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Field, Fields, LitStr, Result, Type, Variant};

use super::attributes::{Serde, doc};
use super::check::Form;
use super::support::bounded;
use super::{fields, names, runtime};

/// Serde's attributes that put another form in the place of a field's type.
const OTHER_FORM: [&str; 4] = ["with", "serialize_with", "deserialize_with", "getter"];

/// The implementation of `Describe`.
pub fn describe(form: &Form, item: &DeriveInput) -> Result<TokenStream> {
    let (runtime, name) = (runtime(), &item.ident);
    let doc = doc(&item.attrs);
    let serde = Serde::of(&item.attrs)?;
    let described = match (&item.data, conversion(&serde)?) {
        (_, Some(other)) => of_type(&other),
        (Data::Struct(data), None) => of_struct(form, &serde, &data.fields)?,
        (Data::Enum(data), None) => of_enum(form, &serde, data.variants.iter())?,
        (Data::Union(_), None) => quote!(#runtime::types::Type::Term),
    };
    let generics = bounded(&item.generics, &quote!(#runtime::types::Describe));
    let (params, arguments, bounds) = generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #params #runtime::types::Describe for #name #arguments #bounds {
            fn describe(types: &mut #runtime::types::Types) -> #runtime::types::Type {
                use #runtime::etf::via::{DescribeAny as _, DescribeKnown as _};
                types.define::<Self>(#doc, |types| #described)
            }
        }
    })
}

/// The type that serde converts from and to.
fn conversion(serde: &Serde) -> Result<Option<Type>> {
    let word = ["from", "try_from", "into"]
        .into_iter()
        .find_map(|word| serde.value(word));
    word.map(LitStr::parse).transpose()
}

fn of_struct(form: &Form, serde: &Serde, fields: &Fields) -> Result<TokenStream> {
    let runtime = runtime();
    let types = quote!(#runtime::types);
    let atom = quote!(#types::Type::Atom);
    if serde.has("transparent") {
        let only = fields
            .iter()
            .find(|field| !is_skipped(field).unwrap_or(false));
        return only.map_or_else(|| Ok(quote!(#types::Type::Nil)), of_field);
    }
    match (form, fields) {
        (Form::Record(_), fields) => tuple(Some(atom), fields),
        (Form::Tuple, fields) => tuple(None, fields),
        (Form::Module { exception, .. }, fields) => {
            let mut own = vec![quote!(("__struct__", #types::Type::Atom))];
            if *exception {
                own.push(quote!(("__exception__", #types::Type::Bool)));
            }
            of_named(&own, serde, fields)
        }
        (_, Fields::Named(_)) => of_named(&[], serde, fields),
        (_, Fields::Unit) => Ok(quote!(#types::Type::Nil)),
        (_, Fields::Unnamed(unnamed)) => match unnamed.unnamed.first() {
            Some(only) if unnamed.unnamed.len() == 1 => of_field(only),
            _ => tuple(None, fields),
        },
    }
}

fn of_enum<'a>(
    form: &Form,
    serde: &Serde,
    variants: impl Iterator<Item = &'a Variant>,
) -> Result<TokenStream> {
    let runtime = runtime();
    let types = quote!(#runtime::types);
    let Form::Enum { .. } = form else {
        return Ok(quote!(#types::Type::Term));
    };
    let rule = serde.value("rename_all").map(LitStr::value);
    let field_rule = serde.value("rename_all_fields").map(LitStr::value);
    let mut described = Vec::new();
    for variant in variants {
        let own = Serde::of(&variant.attrs)?;
        if own.has("skip") {
            continue;
        }
        let name = names::variant(variant, rule.as_deref())?;
        let data = of_variant(variant, &own, field_rule.as_deref())?;
        described.push(quote!((#runtime::Atom::new(#name), ::std::vec![#(#data),*])));
    }
    Ok(quote!(#types::Type::Enum(::std::vec![#(#described),*])))
}

/// What stands behind the tag of a variant.
fn of_variant(
    variant: &Variant,
    serde: &Serde,
    field_rule: Option<&str>,
) -> Result<Vec<TokenStream>> {
    match &variant.fields {
        Fields::Unit => Ok(Vec::new()),
        Fields::Unnamed(fields) => fields.unnamed.iter().map(of_field).collect(),
        Fields::Named(_) => {
            let own = serde.value("rename_all").map(LitStr::value);
            let rule = own.as_deref().or(field_rule);
            named(&[], rule, false, &variant.fields).map(|fields| vec![fields])
        }
    }
}

fn of_named(own: &[TokenStream], serde: &Serde, fields: &Fields) -> Result<TokenStream> {
    let rule = serde.value("rename_all").map(LitStr::value);
    named(own, rule.as_deref(), serde.has("default"), fields)
}

/// A map of fields; `own` are those that the shape adds.
fn named(
    own: &[TokenStream],
    rule: Option<&str>,
    all_optional: bool,
    fields: &Fields,
) -> Result<TokenStream> {
    let runtime = runtime();
    let types = quote!(#runtime::types);
    let mut steps = Vec::new();
    for field in fields {
        let serde = Serde::of(&field.attrs)?;
        if is_skipped(field)? {
            continue;
        }
        let described = of_field(field)?;
        if serde.has("flatten") {
            steps.push(quote!(fields.flatten(types, |types| #described);));
            continue;
        }
        let Some(ident) = &field.ident else {
            continue;
        };
        let name = names::field(ident, &serde, rule);
        let loose = [
            "default",
            "skip_serializing_if",
            "skip_serializing",
            "skip_deserializing",
        ];
        let optional = all_optional || serde.has_any(&loose) || fields::is_option(&field.ty);
        steps.push(quote!(fields.add(#name, #described, #optional);));
    }
    Ok(quote! {{
        let mut fields = #types::Fields::default();
        #(let (name, described) = #own; fields.add(name, described, true);)*
        #(#steps)*
        fields.into_type()
    }})
}

fn tuple(first: Option<TokenStream>, fields: &Fields) -> Result<TokenStream> {
    let runtime = runtime();
    let mut parts: Vec<TokenStream> = first.into_iter().collect();
    for field in fields {
        if !is_skipped(field)? {
            parts.push(of_field(field)?);
        }
    }
    Ok(quote!(#runtime::types::Type::Tuple(::std::vec![#(#parts),*])))
}

fn of_field(field: &Field) -> Result<TokenStream> {
    let runtime = runtime();
    if Serde::of(&field.attrs)?.has_any(&OTHER_FORM) {
        return Ok(quote!(#runtime::types::Type::Term));
    }
    Ok(of_type(&field.ty))
}

fn of_type(described: &Type) -> TokenStream {
    let runtime = runtime();
    quote!((&&#runtime::etf::via::Via::<#described>::new()).describe(types))
}

fn is_skipped(field: &Field) -> Result<bool> {
    Ok(Serde::of(&field.attrs)?.has("skip"))
}
