//! A checked function to tokens: the function as it was, and beside it, in an anonymous `const`, a static that
//! describes it and a body that decodes, calls and answers. Names in there start with `__portreeve` or are
//! hygienic, so that a function called `m` with a parameter `m` works.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Lifetime, Path, Type};

use super::validate::{Function, Kind, Parameter};

/// Everything that stands in place of the attribute and its item.
pub(super) fn expand(function: &Function) -> TokenStream {
    let item = &function.item;
    let registration = registration(function);
    let body = body(function);
    let free = stands_free(function);
    quote! {
        #free
        #item

        #[doc(hidden)]
        const _: () = {
            #body
            #registration
        };
    }
}

/// An item that the compiler refuses inside an `impl`, pointing at the function: what follows would be refused there
/// too, in words that say nothing to the reader.
fn stands_free(function: &Function) -> TokenStream {
    let span = Span::mixed_site().located_at(function.item.sig.ident.span());
    let name = format_ident!(
        "__PortFunctionsStandOutsideOfImpl_{}",
        function.item.sig.ident,
        span = span
    );
    quote_spanned! {span=>
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        enum #name {}
    }
}

/// The static that the program's list of functions points at. Its symbol carries the name on the wire: two
/// functions of one name are an error of the compiler (in one crate) or of the linker (across crates).
fn registration(function: &Function) -> TokenStream {
    let Function {
        name,
        doc,
        idempotent,
        krate,
        ..
    } = function;
    let symbol = symbol(name);
    let parameters = function.parameters.iter();
    let parameters = parameters.map(|parameter| describe_parameter(krate, parameter));
    let output = output(function);
    let kind = body_kind(function);
    // The location makes the compiler's message about a duplicate point at the function's name.
    let span = Span::mixed_site().located_at(function.name_span);
    quote_spanned! {span=>
        const __PORTREEVE_PARAMETERS: &[#krate::__private::Parameter] = {
            #[allow(unused_imports)]
            use #krate::__private::taken::*;
            &[#(#parameters),*]
        };
        #[unsafe(export_name = #symbol)]
        static __PORTREEVE_FUNCTION: #krate::__private::Function = #krate::__private::Function {
            name: #name,
            doc: #doc,
            parameters: __PORTREEVE_PARAMETERS,
            arity: #krate::__private::Arity::of(__PORTREEVE_PARAMETERS),
            result: |types| #krate::__private::describe_result!(#output, types),
            error: |types| #krate::__private::describe_error!(#output, types),
            idempotent: #idempotent,
            body: #krate::__private::Body::#kind(__portreeve_body),
            package: ::core::env!("CARGO_PKG_NAME"),
            version: ::core::env!("CARGO_PKG_VERSION"),
            slow: #krate::__private::Slow::new(),
        };
        #krate::__private::inventory::submit! {
            #krate::__private::Registration(&__PORTREEVE_FUNCTION)
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

fn describe_parameter(krate: &Path, parameter: &Parameter) -> TokenStream {
    let (Kind::Value(ty) | Kind::Lent(ty)) = &parameter.kind;
    let (name, ty) = (&parameter.name, elided(ty));
    let span = Span::mixed_site().located_at(parameter.span);
    quote_spanned! {span=>
        #krate::__private::Parameter {
            name: #name,
            describe: |types| #krate::__private::describe!(#ty, types),
            is_argument: #krate::__private::Taken::<#ty>::IS_ARGUMENT,
            may_be_missing: #krate::__private::Taken::<#ty>::MAY_BE_MISSING,
            state: || (&#krate::__private::Taken::<#ty>::new()).required(),
        }
    }
}

/// The function that the scheduler calls: arguments out of the frame, the user's function, its answer.
fn body(function: &Function) -> TokenStream {
    let ident = &function.item.sig.ident;
    let names: Vec<Ident> = (0..function.parameters.len())
        .map(|index| format_ident!("__portreeve_{index}", span = Span::mixed_site()))
        .collect();
    let krate = &function.krate;
    let bindings = function.parameters.iter().zip(&names);
    let bindings = bindings.map(|(parameter, name)| binding(krate, parameter, name));
    let values = function.parameters.iter().zip(&names).map(value);
    let bindings = quote!(#(#bindings)*);
    let values = quote!(#(#values),*);
    let answer = answer(function);
    match function.item.sig.asyncness {
        Some(_) => async_body(krate, ident, &bindings, &values, &answer),
        None => sync_body(krate, ident, &bindings, &values, &answer),
    }
}

/// A result that cannot be sent is an error at the result's type.
fn answer(function: &Function) -> TokenStream {
    let krate = &function.krate;
    let output = function.output.as_ref();
    let span = output.map_or_else(Span::mixed_site, |output| {
        Span::mixed_site().located_at(output.span())
    });
    quote_spanned! {span=>
        let value = (&&&answer).outcome()?;
        (&#krate::__private::answer::Reply(&value)).send(call)
    }
}

fn sync_body(
    krate: &Path,
    ident: &Ident,
    bindings: &TokenStream,
    values: &TokenStream,
    answer: &TokenStream,
) -> TokenStream {
    let here = Span::mixed_site();
    quote_spanned! {here=>
        fn __portreeve_body(
            call: &mut #krate::__private::Invocation<'_>,
        ) -> ::core::result::Result<(), #krate::__private::Failure> {
            use #krate::__private::answer::traits::*;
            #[allow(unused_imports)]
            use #krate::__private::taken::*;
            let mut arguments = call.arguments()?;
            #bindings
            let answer = #krate::__private::answer::Answer::new(#ident(#values));
            #answer
        }
    }
}

fn async_body(
    krate: &Path,
    ident: &Ident,
    bindings: &TokenStream,
    values: &TokenStream,
    answer: &TokenStream,
) -> TokenStream {
    let here = Span::mixed_site();
    quote_spanned! {here=>
        fn __portreeve_body(
            owned: #krate::__private::OwnedInvocation,
        ) -> #krate::__private::Answering {
            ::std::boxed::Box::pin(async move {
                use #krate::__private::answer::traits::*;
            #[allow(unused_imports)]
            use #krate::__private::taken::*;
                let mut owned = owned;
                let outcome = async {
                    let mut invocation = owned.invocation();
                    let call = &mut invocation;
                    let mut arguments = call.arguments()?;
                    #bindings
                    let answer = #krate::__private::answer::Answer::new(#ident(#values).await);
                    #answer
                }
                .await;
                owned.finish(outcome)
            })
        }
    }
}

fn binding(krate: &Path, parameter: &Parameter, name: &Ident) -> TokenStream {
    let span = Span::mixed_site().located_at(parameter.span);
    let (Kind::Value(ty) | Kind::Lent(ty)) = &parameter.kind;
    let ty = elided(ty);
    quote_spanned! {span=>
        let #name = (&&&#krate::__private::Taken::<#ty>::new()).take(&*call, &mut arguments)?;
    }
}

fn value((parameter, name): (&Parameter, &Ident)) -> TokenStream {
    match &parameter.kind {
        Kind::Lent(_) => quote!(&#name),
        Kind::Value(_) => quote!(#name),
    }
}
