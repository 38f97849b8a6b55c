//! Syntax to a function that a port can serve. Everything that cannot work is refused here, at the tokens that
//! cause it, with a sentence that says what to write instead; all refusals of one function come together.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{
    Attribute, Error, Expr, ExprLit, FnArg, GenericParam, Ident, ItemFn, Lit, Meta, Pat, PatType,
    Path, Result, ReturnType, Type,
};

use super::parse::Parsed;
use crate::function::validate::kind::classify;

mod kind;

pub(super) use kind::Kind;

/// A function that passed.
pub(super) struct Function {
    pub item: ItemFn,
    pub name: String,
    /// Where errors about the name point: the `name` option, or the function's own name.
    pub name_span: Span,
    pub doc: String,
    pub blocking: bool,
    pub idempotent: bool,
    pub parameters: Vec<Parameter>,
    pub output: Option<Type>,
    /// Where portreeve is.
    pub krate: Path,
}

/// One parameter of the Rust function.
pub(super) struct Parameter {
    pub name: String,
    pub span: Span,
    pub kind: Kind,
}

/// Checks everything; the error holds all that is wrong.
pub(super) fn validate(parsed: Parsed) -> Result<Function> {
    let Parsed { options, item } = parsed;
    let mut problems = Problems::default();
    check_signature(&item, &mut problems);
    if let (Some(asyncness), false) = (item.sig.asyncness, cfg!(feature = "async")) {
        problems.add(
            asyncness.span(),
            "an `async fn` needs the feature `async`: portreeve = { version = \"…\", features = [\"async\"] }",
        );
    }
    if let (Some(span), Some(_)) = (options.blocking, item.sig.asyncness) {
        problems.add(span, "an `async fn` runs on the shared runtime and never blocks a thread of calls; drop `blocking` or `async`");
    }
    let parameters = item
        .sig
        .inputs
        .iter()
        .filter_map(|input| problems.keep(parameter(input)))
        .collect();
    let output = problems.keep(output(&item.sig.output)).flatten();
    let name_span = options
        .name
        .as_ref()
        .map_or(item.sig.ident.span(), syn::LitStr::span);
    let name = options
        .name
        .as_ref()
        .map_or_else(|| unraw(&item.sig.ident), syn::LitStr::value);
    check_name(&name, name_span, &mut problems);
    problems.finish()?;
    Ok(Function {
        doc: doc(&item.attrs),
        name,
        name_span,
        blocking: options.blocking.is_some(),
        idempotent: options.idempotent,
        parameters,
        output,
        krate: options.krate.unwrap_or_else(crate::facade::default),
        item,
    })
}

/// Collects refusals, so that one build shows them all.
#[derive(Default)]
pub(super) struct Problems(Option<Error>);

impl Problems {
    fn add(&mut self, span: Span, text: impl std::fmt::Display) {
        self.push(Error::new(span, text));
    }

    fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

fn check_signature(item: &ItemFn, problems: &mut Problems) {
    let signature = &item.sig;
    if let Some(unsafety) = &signature.unsafety {
        problems.add(
            unsafety.span(),
            "a host cannot keep the promises of an `unsafe fn`; wrap it in a safe one",
        );
    }
    if let Some(abi) = &signature.abi {
        problems.add(
            abi.span(),
            "a port function has Rust's own ABI; drop `extern`",
        );
    }
    if let Some(variadic) = &signature.variadic {
        problems.add(
            variadic.span(),
            "a port function has a fixed number of parameters; take a Vec<T>",
        );
    }
    for parameter in &signature.generics.params {
        if !matches!(parameter, GenericParam::Lifetime(_)) {
            problems.add(parameter.span(), "a port function cannot be generic: the host sends terms, not types; write the concrete type");
        }
    }
    if let Some(clause) = &signature.generics.where_clause {
        problems.add(
            clause.span(),
            "a port function cannot be generic: drop the `where` clause",
        );
    }
}

fn check_name(name: &str, span: Span, problems: &mut Problems) {
    // ATOM_UTF8_EXT holds at most 255 characters (erl_ext_dist), and the name travels as an atom.
    if name.is_empty() || name.chars().count() > 255 {
        problems.add(
            span,
            "the name of a function is an atom: 1 to 255 characters",
        );
    }
    if name.contains('\0') {
        problems.add(span, "the name of a function cannot hold a NUL");
    }
}

fn parameter(input: &FnArg) -> Result<Parameter> {
    let typed = match input {
        FnArg::Receiver(receiver) => {
            return Err(Error::new(
                receiver.self_token.span(),
                "a port function has no `self`: the host has no value to call it on; keep state in `State<T>`",
            ));
        }
        FnArg::Typed(typed) => typed,
    };
    if let Some(cfg) = typed.attrs.iter().find(|found| is_cfg(found)) {
        return Err(Error::new(
            cfg.span(),
            "a parameter of a port function cannot depend on `cfg`: write the function twice, each with a `cfg` of its own",
        ));
    }
    Ok(Parameter {
        name: parameter_name(typed)?,
        span: typed.ty.span(),
        kind: classify(&typed.ty)?,
    })
}

fn is_cfg(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
}

fn parameter_name(typed: &PatType) -> Result<String> {
    match &*typed.pat {
        Pat::Ident(ident) if ident.subpat.is_none() => Ok(unraw(&ident.ident)),
        Pat::Wild(_) => Ok("_".into()),
        other => Err(Error::new(
            other.span(),
            "a parameter of a port function needs a name, for errors and generated clients; take it apart in the body",
        )),
    }
}

fn output(output: &ReturnType) -> Result<Option<Type>> {
    match output {
        ReturnType::Default => Ok(None),
        ReturnType::Type(_, ty) => {
            kind::check_output(ty)?;
            Ok(Some((**ty).clone()))
        }
    }
}

/// `r#type` is `type` on the wire.
fn unraw(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}

/// The doc comment, one leading blank taken from each line, as rustdoc does.
fn doc(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes.iter().filter_map(doc_line).collect();
    lines.join("\n").trim().to_owned()
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    let Expr::Lit(ExprLit {
        lit: Lit::Str(text),
        ..
    }) = &pair.value
    else {
        return None;
    };
    let text = text.value();
    pair.path
        .is_ident("doc")
        .then(|| text.strip_prefix(' ').map_or(text.clone(), str::to_owned))
}
