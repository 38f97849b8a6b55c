//! Which shape an item gets, and what does not go together.

use heck::ToSnakeCase;
use proc_macro2::Span;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Result};

use super::attributes::{Serde, derived_serde};
use super::names;
use super::options::Options;

/// The shape of a struct or enum.
pub(super) enum Form {
    /// A map with atom keys, a tuple, a newtype or nothing: as the fields have it.
    Plain,
    /// A map with atom keys into which fields are flattened.
    Flat,
    /// An Elixir struct or exception, by its module; `flat` when fields are flattened into it.
    Module {
        name: String,
        exception: bool,
        flat: bool,
    },
    Record(String),
    /// Named fields as a tuple.
    Tuple,
    /// Atoms and `{tag, …}`; `open` when it may also stand in serde's own buffers.
    Enum {
        open: bool,
        /// Whether a variant has flattened fields.
        flat: bool,
    },
    /// An enum whose variants serde tells apart in another way.
    OtherEnum,
}

/// Serde's attributes under which nothing can stand between a struct and its derives.
const NOT_ANNOUNCED: [&str; 6] = ["bound", "remote", "from", "try_from", "into", "transparent"];

/// Decides on the shape, or says what is wrong.
pub(super) fn form(options: &Options, item: &DeriveInput) -> Result<Form> {
    if let Some(derived) = derived_serde(&item.attrs) {
        let why = "`#[portreeve::term]` derives this: leave it out here";
        return Err(Error::new_spanned(derived, why));
    }
    let serde = Serde::of(&item.attrs)?;
    match &item.data {
        Data::Struct(data) => of_struct(options, item, &serde, &data.fields),
        _ => of_enum(options, item, &serde),
    }
}

fn of_struct(
    options: &Options,
    item: &DeriveInput,
    serde: &Serde,
    fields: &Fields,
) -> Result<Form> {
    if let Some(span) = options.untagged {
        return Err(Error::new(span, "`untagged` is for enums"));
    }
    one_shape(options)?;
    let is_named = matches!(fields, Fields::Named(_));
    let flat = names::flattens(fields)?;
    let form = if let Some(module) = &options.module {
        only_named(is_named, module.span(), "module")?;
        if flat && !item.generics.params.is_empty() {
            let why = "`module` with a flattened field is for types without generics";
            return Err(Error::new(module.span(), why));
        }
        Form::Module {
            name: module.value(),
            exception: options.exception.is_some(),
            flat,
        }
    } else if let Some(span) = options.exception {
        let why = "`exception` needs the module of the exception: `module = \"…\"`";
        return Err(Error::new(span, why));
    } else if let Some((span, name)) = &options.record {
        no_flatten(flat, *span, "record")?;
        has_fields(fields, *span)?;
        Form::Record(name.as_ref().map_or_else(|| snake(item), LitStr::value))
    } else if let Some(span) = options.tuple {
        only_named(is_named, span, "tuple")?;
        no_flatten(flat, span, "tuple")?;
        Form::Tuple
    } else if flat && is_named && !serde.has_any(&NOT_ANNOUNCED) {
        return Ok(Form::Flat);
    } else {
        return Ok(Form::Plain);
    };
    match serde.value("rename") {
        Some(renamed) => {
            let why = "the shape has a name of its own: `rename` has no place here";
            Err(Error::new(renamed.span(), why))
        }
        None => Ok(form),
    }
}

fn of_enum(options: &Options, item: &DeriveInput, serde: &Serde) -> Result<Form> {
    let of_structs = [
        (options.module.as_ref().map(LitStr::span), "module"),
        (options.exception, "exception"),
        (options.record.as_ref().map(|(span, _)| *span), "record"),
        (options.tuple, "tuple"),
    ];
    for (span, name) in of_structs {
        if let Some(span) = span {
            return Err(Error::new(span, format!("`{name}` is for structs")));
        }
    }
    let by_serde = [
        "untagged", "tag", "content", "from", "into", "try_from", "remote",
    ];
    if options.untagged.is_some() || serde.has_any(&by_serde) {
        return Ok(Form::OtherEnum);
    }
    let Data::Enum(data) = &item.data else {
        return Ok(Form::OtherEnum);
    };
    let has_data = data
        .variants
        .iter()
        .any(|variant| !matches!(variant.fields, Fields::Unit));
    let mut flat = false;
    for variant in &data.variants {
        flat |= names::flattens(&variant.fields)?;
    }
    Ok(Form::Enum {
        open: has_data && item.generics.params.is_empty(),
        flat,
    })
}

fn one_shape(options: &Options) -> Result<()> {
    let record = options.record.as_ref().map(|(span, _)| *span);
    let module = options.module.as_ref().map(LitStr::span);
    let shapes = [
        (module, "module"),
        (record, "record"),
        (options.tuple, "tuple"),
    ];
    let mut given = shapes
        .into_iter()
        .filter_map(|(span, name)| span.map(|span| (span, name)));
    match (given.next(), given.next()) {
        (Some((_, first)), Some((span, second))) => {
            let why = format!("`{first}` and `{second}` are two shapes: choose one");
            Err(Error::new(span, why))
        }
        _ => Ok(()),
    }
}

fn only_named(is_named: bool, span: Span, name: &str) -> Result<()> {
    if is_named {
        return Ok(());
    }
    Err(Error::new(
        span,
        format!("`{name}` is for structs with named fields"),
    ))
}

fn no_flatten(flat: bool, span: Span, name: &str) -> Result<()> {
    if !flat {
        return Ok(());
    }
    Err(Error::new(
        span,
        format!("a `{name}` has no keys that a field could be flattened into"),
    ))
}

fn has_fields(fields: &Fields, span: Span) -> Result<()> {
    if !fields.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        span,
        "a record of no fields: a unit variant of an enum is an atom",
    ))
}

fn snake(item: &DeriveInput) -> String {
    item.ident.to_string().to_snake_case()
}
