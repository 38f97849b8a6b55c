//! What a field's type asks for: which fields are written by their type, which are bytes.

use proc_macro2::{Ident, Span};
use syn::visit::{self, Visit};
use syn::{
    Data, DeriveInput, Field, GenericArgument, Generics, Lifetime, Path, PathArguments, Result,
    Type, TypeArray,
};

use super::attributes::Serde;

/// Names of types that serde already shows as we write them.
const KNOWN: [&str; 50] = [
    "bool",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "f32",
    "f64",
    "char",
    "str",
    "String",
    "Option",
    "Vec",
    "VecDeque",
    "LinkedList",
    "BinaryHeap",
    "HashMap",
    "BTreeMap",
    "HashSet",
    "BTreeSet",
    "Box",
    "Rc",
    "Arc",
    "Cow",
    "Result",
    "Duration",
    "SystemTime",
    "Path",
    "PathBuf",
    "Atom",
    "Bytes",
    "Term",
    "BigInt",
    "NonZero",
    "NonZeroI8",
    "NonZeroI16",
    "NonZeroI32",
    "NonZeroI64",
    "NonZeroU8",
    "NonZeroU16",
    "NonZeroU32",
    "NonZeroU64",
    "std",
    "portreeve",
];

/// Modules of std on the way to those.
const MODULES: [&str; 9] = [
    "collections",
    "time",
    "path",
    "borrow",
    "rc",
    "sync",
    "num",
    "string",
    "core",
];

/// Serde's attributes that settle how a field is written, or that it is not.
const SETTLED: [&str; 5] = [
    "with",
    "serialize_with",
    "flatten",
    "skip",
    "skip_serializing",
];

/// A field that is written by its type, and the function that does it.
pub(super) struct Written {
    pub function: Ident,
    pub lifetimes: Vec<Lifetime>,
}

/// All fields of an item in their order.
pub(super) fn all(item: &DeriveInput) -> Vec<&Field> {
    match &item.data {
        Data::Struct(data) => data.fields.iter().collect(),
        Data::Enum(data) => data
            .variants
            .iter()
            .flat_map(|variant| &variant.fields)
            .collect(),
        Data::Union(_) => Vec::new(),
    }
}

/// The same, to be changed.
pub(super) fn all_mut(data: &mut Data) -> Vec<&mut Field> {
    match data {
        Data::Struct(data) => data.fields.iter_mut().collect(),
        Data::Enum(data) => data
            .variants
            .iter_mut()
            .flat_map(|variant| variant.fields.iter_mut())
            .collect(),
        Data::Union(_) => Vec::new(),
    }
}

/// How the field at `place` is written, if serde alone could miss that it is bytes: an empty
/// `Vec<u8>`, an array, or a name behind which one of them may be.
pub(super) fn written(item: &DeriveInput, place: usize, field: &Field) -> Result<Option<Written>> {
    if Serde::of(&field.attrs)?.has_any(&SETTLED) {
        return Ok(None);
    }
    let mut seen = Seen::default();
    seen.visit_type(&field.ty);
    if !seen.asks || seen.mentions(&item.generics) {
        return Ok(None);
    }
    let name = format!("__portreeve_encode_{}_{place}", item.ident);
    let function = Ident::new(&name, Span::call_site());
    Ok(Some(Written {
        function,
        lifetimes: seen.lifetimes,
    }))
}

/// What was met in a type.
#[derive(Default)]
struct Seen {
    asks: bool,
    names: Vec<String>,
    lifetimes: Vec<Lifetime>,
    opaque: bool,
}

impl Seen {
    /// Whether the type depends on the item's parameters, so that no function of its own can
    /// name it.
    fn mentions(&self, generics: &Generics) -> bool {
        let types = generics.type_params().map(|param| &param.ident);
        let consts = generics.const_params().map(|param| &param.ident);
        let mut params = types.chain(consts);
        self.opaque || params.any(|param| self.names.iter().any(|name| param == name))
    }
}

impl<'ast> Visit<'ast> for Seen {
    fn visit_path(&mut self, path: &'ast Path) {
        for segment in &path.segments {
            let name = segment.ident.to_string();
            self.asks |= !KNOWN.contains(&name.as_str()) && !MODULES.contains(&name.as_str());
            self.opaque |= name == "Self";
            self.names.push(name);
        }
        visit::visit_path(self, path);
    }

    fn visit_type_array(&mut self, array: &'ast TypeArray) {
        self.asks = true;
        visit::visit_type_array(self, array);
    }

    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        let is_new = !self.lifetimes.contains(lifetime) && lifetime.ident != "static";
        self.opaque |= lifetime.ident == "_";
        if is_new {
            self.lifetimes.push(lifetime.clone());
        }
    }
}

/// Owned bytes, which are read in one piece.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owned {
    No,
    Bytes,
    OptionalBytes,
}

/// Whether a type is `Vec<u8>`, `Box<[u8]>` or `Option<Vec<u8>>`.
pub(super) fn owned_bytes(field: &Type) -> Owned {
    if inside(field, "Vec").is_some_and(|inner| is_named(inner, "u8")) {
        return Owned::Bytes;
    }
    if let Some(Type::Slice(slice)) = inside(field, "Box") {
        return if is_named(&slice.elem, "u8") {
            Owned::Bytes
        } else {
            Owned::No
        };
    }
    match inside(field, "Option").map(|inner| inside(inner, "Vec")) {
        Some(Some(inner)) if is_named(inner, "u8") => Owned::OptionalBytes,
        _ => Owned::No,
    }
}

/// Whether a type is an `Option`, as far as its name tells.
pub(super) fn is_option(field: &Type) -> bool {
    inside(field, "Option").is_some()
}

/// The argument of a type `name<…>` of one argument.
fn inside<'a>(found: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = found else {
        return None;
    };
    let last = path
        .path
        .segments
        .last()
        .filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match (arguments.args.first()?, arguments.args.len()) {
        (GenericArgument::Type(inner), 1) => Some(inner),
        _ => None,
    }
}

fn is_named(found: &Type, name: &str) -> bool {
    matches!(found, Type::Path(path) if path.path.is_ident(name))
}
