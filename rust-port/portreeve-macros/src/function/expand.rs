//! A checked function to tokens: the function as it was, and beside it, in an anonymous `const`, a static that
//! describes it and a body that decodes, calls and answers. Names in there start with `__portreeve` or are
//! hygienic, so that a function called `m` with a parameter `m` works.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Lifetime, Type};

use super::validate::{Function, Kind, Parameter, Special};

/// Everything that stands in place of the attribute and its item.
pub fn expand(function: &Function) -> TokenStream {
    let item = &function.item;
    let registration = registration(function);
    let body = body(function);
    quote! {
        #item

        #[doc(hidden)]
        const _: () = {
            #body
            #registration
        };
    }
}

/// The static that the program's list of functions points at. Its symbol carries the name on the wire: two
/// functions of one name are an error of the compiler (in one crate) or of the linker (across crates).
fn registration(function: &Function) -> TokenStream {
    let Function {
        name,
        doc,
        idempotent,
        ..
    } = function;
    let symbol = symbol(name);
    let parameters = function.parameters.iter().filter_map(describe_parameter);
    let states = function.parameters.iter().filter_map(required_state);
    let output = output(function);
    let kind = body_kind(function);
    // The location makes the compiler's message about a duplicate point at the function's name.
    let span = Span::mixed_site().located_at(function.name_span);
    quote_spanned! {span=>
        #[unsafe(export_name = #symbol)]
        static __PORTREEVE_FUNCTION: ::portreeve::__private::Function = ::portreeve::__private::Function {
            name: #name,
            doc: #doc,
            parameters: &[#(#parameters),*],
            states: &[#(#states),*],
            result: |types| ::portreeve::__private::describe_result!(#output, types),
            error: |types| ::portreeve::__private::describe_error!(#output, types),
            idempotent: #idempotent,
            body: ::portreeve::__private::Body::#kind(__portreeve_body),
            package: ::core::env!("CARGO_PKG_NAME"),
            version: ::core::env!("CARGO_PKG_VERSION"),
            slow: ::portreeve::__private::Slow::new(),
        };
        ::portreeve::__private::inventory::submit! {
            ::portreeve::__private::Registration(&__PORTREEVE_FUNCTION)
        }
    }
}

/// The symbol of a name, for the message of a linker and for its version script, in which only ASCII letters, digits
/// and `_` may stand. A name with other characters gets a hash, so that no two names share a symbol.
fn symbol(name: &str) -> String {
    let mut escaped = String::new();
    for letter in name.chars() {
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => escaped.push(letter),
            other => escaped.push_str(&format!("_u{:x}_", u32::from(other))),
        }
    }
    if escaped != name {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        escaped.push_str(&format!("_{hash:016x}"));
    }
    format!("portreeve_function_{escaped}_is_registered_twice")
}

fn body_kind(function: &Function) -> Ident {
    let kind = match (function.item.sig.asyncness, function.blocking) {
        (Some(_), _) => "Future",
        (None, true) => "Blocking",
        (None, false) => "Run",
    };
    Ident::new(kind, Span::mixed_site())
}

fn output(function: &Function) -> TokenStream {
    function.output.as_ref().map_or_else(
        || quote!(()),
        |output| {
            let output = elided(output);
            quote!(#output)
        },
    )
}

/// The type with the lifetimes of the signature taken out: beside the function nobody has declared them.
fn elided(ty: &Type) -> Type {
    struct Elide;
    impl VisitMut for Elide {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if lifetime.ident != "static" {
                lifetime.ident = Ident::new("_", lifetime.ident.span());
            }
        }
    }
    let mut ty = ty.clone();
    Elide.visit_type_mut(&mut ty);
    ty
}

fn describe_parameter(parameter: &Parameter) -> Option<TokenStream> {
    let (Kind::Value(ty) | Kind::Lent(ty)) = &parameter.kind else {
        return None;
    };
    let (name, ty) = (&parameter.name, elided(ty));
    Some(quote! {
        ::portreeve::__private::Parameter {
            name: #name,
            describe: |types| ::portreeve::__private::describe!(#ty, types),
        }
    })
}

fn required_state(parameter: &Parameter) -> Option<TokenStream> {
    let Kind::Special(Special::State(ty)) = &parameter.kind else {
        return None;
    };
    Some(quote!(::portreeve::__private::RequiredState::of::<#ty>()))
}

/// The function that the scheduler calls: arguments out of the frame, the user's function, its answer.
fn body(function: &Function) -> TokenStream {
    let ident = &function.item.sig.ident;
    let names: Vec<Ident> = (0..function.parameters.len())
        .map(|index| format_ident!("__portreeve_{index}", span = Span::mixed_site()))
        .collect();
    let bindings = function.parameters.iter().zip(&names).map(binding);
    let values = function.parameters.iter().zip(&names).map(value);
    let bindings = quote!(#(#bindings)*);
    let values = quote!(#(#values),*);
    let answer = answer(function);
    match function.item.sig.asyncness {
        Some(_) => async_body(ident, &bindings, &values, &answer),
        None => sync_body(ident, &bindings, &values, &answer),
    }
}

/// A result that cannot be sent is an error at the result's type.
fn answer(function: &Function) -> TokenStream {
    let output = function.output.as_ref();
    let span = output.map_or_else(Span::mixed_site, |output| {
        Span::mixed_site().located_at(output.span())
    });
    quote_spanned! {span=>
        let value = (&&&answer).outcome()?;
        (&::portreeve::__private::answer::Reply(&value)).send(call)
    }
}

fn sync_body(
    ident: &Ident,
    bindings: &TokenStream,
    values: &TokenStream,
    answer: &TokenStream,
) -> TokenStream {
    let here = Span::mixed_site();
    quote_spanned! {here=>
        fn __portreeve_body(
            call: &mut ::portreeve::__private::Invocation<'_>,
        ) -> ::core::result::Result<(), ::portreeve::__private::Failure> {
            use ::portreeve::__private::answer::traits::*;
            let mut arguments = call.arguments()?;
            #bindings
            let answer = ::portreeve::__private::answer::Answer::new(#ident(#values));
            #answer
        }
    }
}

fn async_body(
    ident: &Ident,
    bindings: &TokenStream,
    values: &TokenStream,
    answer: &TokenStream,
) -> TokenStream {
    let here = Span::mixed_site();
    quote_spanned! {here=>
        fn __portreeve_body(
            owned: ::portreeve::__private::OwnedInvocation,
        ) -> ::portreeve::__private::Answering {
            ::std::boxed::Box::pin(async move {
                use ::portreeve::__private::answer::traits::*;
                let mut owned = owned;
                let outcome = async {
                    let mut invocation = owned.invocation();
                    let call = &mut invocation;
                    let mut arguments = call.arguments()?;
                    #bindings
                    let answer = ::portreeve::__private::answer::Answer::new(#ident(#values).await);
                    #answer
                }
                .await;
                owned.finish(outcome)
            })
        }
    }
}

fn binding((parameter, name): (&Parameter, &Ident)) -> TokenStream {
    let span = Span::mixed_site().located_at(parameter.span);
    match &parameter.kind {
        Kind::Value(ty) | Kind::Lent(ty) => {
            let ty = elided(ty);
            quote_spanned! {span=>
                let #name = arguments.take(|elements| (&&::portreeve::etf::via::Via::<#ty>::new()).next(elements))?;
            }
        }
        Kind::Special(Special::Host) => quote_spanned!(span=> let #name = call.host();),
        Kind::Special(Special::Cancel) => quote_spanned!(span=> let #name = call.cancel();),
        Kind::Special(Special::Deadline) => quote_spanned!(span=> let #name = call.deadline();),
        Kind::Special(Special::State(ty)) => {
            quote_spanned!(span=> let #name = call.state::<#ty>()?;)
        }
    }
}

fn value((parameter, name): (&Parameter, &Ident)) -> TokenStream {
    match &parameter.kind {
        Kind::Lent(_) => quote!(&#name),
        Kind::Value(_) | Kind::Special(_) => quote!(#name),
    }
}
