//! What the runtime asks of a type beside serde's traits.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Generics, parse_quote};

use super::check::Form;
use super::{fields, runtime};

/// The functions that write fields by their type, `Encode`, and serde's traits where the shape
/// stands between them and the derives.
pub(super) fn support(form: &Form, item: &DeriveInput) -> TokenStream {
    let functions = functions(item);
    let encode = encode(item);
    let traits = match form {
        Form::Enum { open: true, .. } => open_enum(item),
        Form::Flat => flat_struct(item, "$map"),
        Form::Module {
            name,
            exception,
            flat: true,
        } => {
            let prefix = if *exception {
                "$exception:"
            } else {
                "$module:"
            };
            flat_struct(item, &format!("{prefix}{name}"))
        }
        _ => TokenStream::new(),
    };
    quote!(#functions #encode #traits)
}

fn functions(item: &DeriveInput) -> TokenStream {
    let via = via();
    let fields = fields::all(item).into_iter().enumerate();
    let functions = fields.filter_map(|(place, field)| {
        // An attribute that cannot be read is reported where the shape is made.
        let written = fields::written(item, place, field).ok()??;
        let (name, lifetimes, of) = (written.function, written.lifetimes, &field.ty);
        Some(quote! {
            #[doc(hidden)]
            #[allow(non_snake_case)]
            fn #name<#(#lifetimes,)* __S: #via::serde::Serializer>(
                value: &#of,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                use #via::{WriteAny as _, WriteKnown as _};
                (&&#via::Via::<#of>::new()).serialize(value, serializer)
            }
        })
    });
    functions.collect()
}

/// So that collections of the type are written by it.
fn encode(item: &DeriveInput) -> TokenStream {
    let (runtime, via, name) = (runtime(), via(), &item.ident);
    let generics = bounded(&item.generics, &quote!(#via::serde::Serialize));
    let (params, arguments, bounds) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #params #runtime::etf::Encode for #name #arguments #bounds {
            fn encode<__S: #via::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                #via::serde::Serialize::serialize(self, serializer)
            }
        }
    }
}

/// An enum that is also found in what serde has buffered as a sequence.
fn open_enum(item: &DeriveInput) -> TokenStream {
    let via = via();
    let written = quote!(Self::serialize(self, serializer));
    let read = quote!(#via::open_enum(deserializer));
    let traits = traits(item, &written, &read);
    let derived = derived(item);
    quote!(#traits #derived)
}

/// A struct whose form is told before its fields, which serde shows as a map of its own.
fn flat_struct(item: &DeriveInput, form: &str) -> TokenStream {
    let via = via();
    let written = quote!(#via::write_form(#form, self, serializer));
    let read = quote!(#via::read_form(#form, deserializer));
    let traits = traits(item, &written, &read);
    let derived = derived(item);
    let shaped = shaped(item);
    quote!(#traits #derived #shaped)
}

fn traits(item: &DeriveInput, written: &TokenStream, read: &TokenStream) -> TokenStream {
    let (via, name) = (via(), &item.ident);
    let writing = bounded(&item.generics, &quote!(#via::serde::Serialize));
    let (write_params, arguments, write_bounds) = writing.split_for_impl();
    let reading = read_from(&item.generics);
    let (read_params, _, read_bounds) = reading.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #write_params #via::serde::Serialize for #name #arguments #write_bounds {
            fn serialize<__S: #via::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                #written
            }
        }

        #[automatically_derived]
        impl #read_params #via::serde::Deserialize<'de> for #name #arguments #read_bounds {
            fn deserialize<__D: #via::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                #read
            }
        }
    }
}

/// The function that serde derived for reading, which with `remote = "Self"` belongs to the type itself.
fn derived(item: &DeriveInput) -> TokenStream {
    let (via, name) = (via(), &item.ident);
    let reading = read_from(&item.generics);
    let (params, _, bounds) = reading.split_for_impl();
    let (_, arguments, _) = item.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #params #via::Derived<'de> for #name #arguments #bounds {
            fn read<__D: #via::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                Self::deserialize(deserializer)
            }
        }
    }
}

/// The same for writing.
fn shaped(item: &DeriveInput) -> TokenStream {
    let (via, name) = (via(), &item.ident);
    let generics = bounded(&item.generics, &quote!(#via::serde::Serialize));
    let (params, arguments, bounds) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #params #via::Shaped for #name #arguments #bounds {
            fn write<__S: #via::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                Self::serialize(self, serializer)
            }
        }
    }
}

/// Generics with the lifetime of what is read, which outlives those of the item.
fn read_from(generics: &Generics) -> Generics {
    let via = via();
    let mut reading = bounded(generics, &quote!(#via::serde::Deserialize<'de>));
    let lifetimes: Vec<_> = generics.lifetimes().map(|found| &found.lifetime).collect();
    let outlives = if lifetimes.is_empty() {
        quote!('de)
    } else {
        quote!('de: #(#lifetimes)+*)
    };
    reading.params.insert(0, parse_quote!(#outlives));
    reading
}

/// Generics with a bound on each type parameter.
pub(super) fn bounded(generics: &Generics, bound: &TokenStream) -> Generics {
    let mut generics = generics.clone();
    for param in generics.type_params_mut() {
        param.bounds.push(parse_quote!(#bound));
        param.default = None;
    }
    generics
}

fn via() -> TokenStream {
    let runtime = runtime();
    quote!(#runtime::etf::via)
}
