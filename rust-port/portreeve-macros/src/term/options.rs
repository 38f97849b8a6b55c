//! The options of the attribute: `name = "…"`, `module = "…"`, `exception`, `record`, `tuple`, `untagged`.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Error, Ident, LitStr, Path, Result, Token};

/// What stands in the parentheses, each with its place.
#[derive(Default)]
pub(super) struct Options {
    /// Where portreeve is, when it is not `::portreeve`.
    pub krate: Option<Path>,
    /// The name of the type in the program's hello, where it is not the item's own.
    pub name: Option<LitStr>,
    pub module: Option<LitStr>,
    pub exception: Option<Span>,
    /// The name, if one is given.
    pub record: Option<(Span, Option<LitStr>)>,
    pub tuple: Option<Span>,
    pub untagged: Option<Span>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut options = Self::default();
        while !input.is_empty() {
            options.one(input)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

impl Options {
    fn one(&mut self, input: ParseStream<'_>) -> Result<()> {
        // `crate` is a word of the language.
        let name = input.call(Ident::parse_any)?;
        let span = name.span();
        let is_double = match name.to_string().as_str() {
            "crate" => {
                input.parse::<Token![=]>()?;
                self.krate.replace(crate::facade::path(input)?).is_some()
            }
            "name" => {
                if !input.peek(Token![=]) {
                    let why = "`name` needs the name of the type: `name = \"AdminUser\"`";
                    return Err(Error::new(span, why));
                }
                input.parse::<Token![=]>()?;
                self.name.replace(text(input)?).is_some()
            }
            "module" => {
                if !input.peek(Token![=]) {
                    let why = "`module` needs the name of the module: `module = \"MyApp.User\"`";
                    return Err(Error::new(span, why));
                }
                input.parse::<Token![=]>()?;
                self.module.replace(module(input)?).is_some()
            }
            "record" => {
                let given = if input.peek(Token![=]) {
                    input.parse::<Token![=]>()?;
                    Some(text(input)?)
                } else {
                    None
                };
                self.record.replace((span, given)).is_some()
            }
            "exception" => self.exception.replace(span).is_some(),
            "tuple" => self.tuple.replace(span).is_some(),
            "untagged" => self.untagged.replace(span).is_some(),
            other => {
                let why = format!(
                    "unknown option `{other}`, expected one of `name`, `module`, `exception`, \
                     `record`, `tuple`, `untagged`, `crate`"
                );
                return Err(Error::new(span, why));
            }
        };
        if is_double {
            return Err(Error::new(span, format!("`{name}` is given twice")));
        }
        Ok(())
    }
}

/// The name of an Elixir module; `Elixir.` in front may be left out, as in Elixir.
fn module(input: ParseStream<'_>) -> Result<LitStr> {
    let found = text(input)?;
    let name = found.value();
    let is_alias = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    if !name.split('.').all(is_alias) {
        let why = "expected the name of an Elixir module, such as \"MyApp.User\"";
        return Err(Error::new(found.span(), why));
    }
    if name.starts_with("Elixir.") {
        return Ok(found);
    }
    Ok(LitStr::new(&format!("Elixir.{name}"), found.span()))
}

fn text(input: ParseStream<'_>) -> Result<LitStr> {
    let found: LitStr = input.parse()?;
    if found.value().is_empty() || found.value().chars().count() > 255 {
        let why = "expected the name of an atom: 1 to 255 characters";
        return Err(Error::new(found.span(), why));
    }
    Ok(found)
}
