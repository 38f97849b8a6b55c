//! The description of the type, for the program's hello.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Field, Fields, Generics, Ident, LitStr, Result, Type, Variant};

use super::attributes::{Serde, doc};
use super::check::Form;
use super::support::bounded;
use super::{fields, names, runtime};

/// Serde's attributes that put another form in the place of a field's type.
const OTHER_FORM: [&str; 4] = ["with", "serialize_with", "deserialize_with", "getter"];

/// The implementation of `Describe`; `renamed` is the name that was asked for.
pub(super) fn describe(
    form: &Form,
    item: &DeriveInput,
    renamed: Option<&LitStr>,
) -> Result<TokenStream> {
    let (runtime, name) = (runtime(), &item.ident);
    let doc = doc(&item.attrs);
    let serde = Serde::of(&item.attrs)?;
    let described = match (&item.data, conversion(&serde)?) {
        (_, Some(other)) => of_type(&other),
        (Data::Struct(data), None) => of_struct(form, &serde, &data.fields)?,
        (Data::Enum(data), None) => of_enum(form, &serde, data.variants.iter())?,
        (Data::Union(_), None) => quote!(#runtime::types::Type::Term),
    };
    let own = renamed.map_or_else(|| unraw(name), LitStr::value);
    let called = called(&own, &item.generics);
    let generics = bounded(&item.generics, &quote!(#runtime::types::Describe));
    let (params, arguments, bounds) = generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #params #runtime::types::Describe for #name #arguments #bounds {
            fn describe(types: &mut #runtime::types::Types) -> #runtime::types::Type {
                use #runtime::types::via::{DescribeAny as _, DescribeKnown as _};
                let name = #called;
                types.define::<Self>(&name, #doc, |types| #described)
            }
        }
    })
}

/// The name of the type, with what stands for its parameters.
fn called(own: &str, generics: &Generics) -> TokenStream {
    let runtime = runtime();
    let types: Vec<_> = generics.type_params().map(|param| &param.ident).collect();
    let consts = generics.const_params().map(|param| &param.ident);
    let mut called = quote!(::std::string::String::from(#own));
    if !types.is_empty() {
        called = quote! {{
            let parameters = [#(<#types as #runtime::types::Describe>::describe(types)),*];
            #runtime::types::Types::name_with(#own, &parameters)
        }};
    }
    quote!(#called #(+ &::std::string::ToString::to_string(&#consts))*)
}

fn unraw(name: &Ident) -> String {
    let name = name.to_string();
    name.strip_prefix("r#").unwrap_or(&name).to_owned()
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
            let mut own = vec![quote!(("__struct__", #types::Type::Atom, true))];
            if *exception {
                own.push(quote!(("__exception__", #types::Type::Bool, true)));
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
        return of_other_enum(serde, variants);
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

/// How serde tells the variants of an enum apart.
enum Tagging {
    /// By what they hold alone.
    Untagged,
    /// By a key among the fields.
    Inside(String),
    /// By a key beside one for what they hold.
    Beside(String, String),
}

/// An enum that serde tells apart in its own ways: one of the things that its variants look like.
fn of_other_enum<'a>(
    serde: &Serde,
    variants: impl Iterator<Item = &'a Variant>,
) -> Result<TokenStream> {
    let runtime = runtime();
    let types = quote!(#runtime::types);
    let text = |word| serde.value(word).map(LitStr::value);
    let tagging = match (text("tag"), text("content")) {
        (None, _) => Tagging::Untagged,
        (Some(tag), None) => Tagging::Inside(tag),
        (Some(tag), Some(content)) => Tagging::Beside(tag, content),
    };
    let field_rule = text("rename_all_fields");
    let mut described = Vec::new();
    for variant in variants {
        let own = Serde::of(&variant.attrs)?;
        if own.has_any(&["untagged", "other", "remote"]) || own.has_any(&OTHER_FORM) {
            return Ok(quote!(#types::Type::Term));
        }
        if !own.has("skip") {
            described.push(of_told_apart(
                &tagging,
                variant,
                &own,
                field_rule.as_deref(),
            )?);
        }
    }
    Ok(quote!(#types::Type::OneOf(::std::vec![#(#described),*])))
}

fn of_told_apart(
    tagging: &Tagging,
    variant: &Variant,
    serde: &Serde,
    field_rule: Option<&str>,
) -> Result<TokenStream> {
    let runtime = runtime();
    let types = quote!(#runtime::types);
    let own = serde.value("rename_all").map(LitStr::value);
    let rule = own.as_deref().or(field_rule);
    let alone = |variant: &Variant| match &variant.fields {
        Fields::Unit => Ok(quote!(#types::Type::Nil)),
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => of_field(&fields.unnamed[0]),
        Fields::Unnamed(_) => tuple(None, &variant.fields),
        Fields::Named(_) => named(&[], rule, false, &variant.fields),
    };
    match tagging {
        Tagging::Untagged => alone(variant),
        Tagging::Inside(tag) => {
            let tag = quote!((#tag, #types::Type::String, false));
            match &variant.fields {
                Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                    let inner = of_field(&fields.unnamed[0])?;
                    Ok(gathered(
                        &[tag],
                        &[quote!(fields.flatten(types, |types| #inner);)],
                    ))
                }
                fields => named(&[tag], rule, false, fields),
            }
        }
        Tagging::Beside(tag, content) => {
            let mut keys = vec![quote!((#tag, #types::Type::Atom, false))];
            if !matches!(variant.fields, Fields::Unit) {
                let inner = alone(variant)?;
                keys.push(quote!((#content, #inner, false)));
            }
            Ok(gathered(&keys, &[]))
        }
    }
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
    Ok(gathered(own, &steps))
}

/// A map of the keys that the shape adds, each with whether it may be missing, and of those that the steps add.
fn gathered(own: &[TokenStream], steps: &[TokenStream]) -> TokenStream {
    let runtime = runtime();
    quote! {{
        let mut fields = #runtime::types::Fields::default();
        #(let (name, described, optional) = #own; fields.add(name, described, optional);)*
        #(#steps)*
        fields.into_type()
    }}
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
