//! How a parameter gets its value, judged by its type as written: a special one that portreeve makes, a slice of
//! the frame, or a value decoded from an argument.

use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Error, GenericArgument, Path, PathArguments, Result, Type, TypeReference};

/// The parameters that come from portreeve and not from the host.
pub enum Special {
    Host,
    Cancel,
    Deadline,
    /// `State<T>`, with its T.
    State(Box<Type>),
}

/// How to make the value of a parameter.
pub enum Kind {
    /// Made by portreeve; has no place in the argument list.
    Special(Special),
    /// Decoded as this type and moved in.
    Value(Type),
    /// Decoded as this type and lent to the function.
    Lent(Type),
}

/// Judges a parameter's type.
pub fn classify(ty: &Type) -> Result<Kind> {
    refuse_unsupported(ty)?;
    if let Some(special) = special(ty) {
        return Ok(Kind::Special(special));
    }
    refuse_misplaced(ty)?;
    match ty {
        Type::Reference(reference) => classify_reference(reference),
        Type::Paren(inner) => classify(&inner.elem),
        Type::Group(inner) => classify(&inner.elem),
        other => Ok(Kind::Value(other.clone())),
    }
}

/// Refuses result types that cannot be sent.
pub fn check_output(ty: &Type) -> Result<()> {
    refuse_unsupported(ty)?;
    if special(ty).is_some() {
        return Err(misplaced(ty));
    }
    refuse_misplaced(ty)
}

fn classify_reference(reference: &TypeReference) -> Result<Kind> {
    if let Some(mutability) = &reference.mutability {
        return Err(Error::new(
            mutability.span(),
            "a port function cannot hand a change back through `&mut`; take the value and return it",
        ));
    }
    if reference
        .lifetime
        .as_ref()
        .is_some_and(|lifetime| lifetime.ident == "static")
    {
        return Err(Error::new(
            reference.span(),
            "an argument lives as long as its call, not `'static`; drop the lifetime or take an owned value",
        ));
    }
    match &*reference.elem {
        // These three are slices of the frame itself.
        elem if is_borrowed_from_frame(elem) => Ok(Kind::Value(Type::Reference(TypeReference {
            lifetime: None,
            ..reference.clone()
        }))),
        Type::Slice(slice) => {
            let elem = &slice.elem;
            Ok(Kind::Lent(syn::parse_quote!(::std::vec::Vec<#elem>)))
        }
        elem => Ok(Kind::Lent(elem.clone())),
    }
}

fn is_borrowed_from_frame(elem: &Type) -> bool {
    match elem {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "str" || last.ident == "Path"),
        Type::Slice(slice) => {
            matches!(&*slice.elem, Type::Path(path) if path.path.is_ident("u8"))
        }
        _ => false,
    }
}

/// A special parameter is its bare name, or a path that starts with `portreeve`.
fn special(ty: &Type) -> Option<Special> {
    let Type::Path(path) = ty else { return None };
    special_path(&path.path)
}

fn special_path(path: &Path) -> Option<Special> {
    let ours = path.segments.len() == 1 || path.segments.first()?.ident == "portreeve";
    let last = path.segments.last()?;
    let bare = matches!(last.arguments, PathArguments::None);
    match last.ident.to_string().as_str() {
        "Host" if ours && bare => Some(Special::Host),
        "Cancel" if ours && bare => Some(Special::Cancel),
        "Deadline" if ours && bare => Some(Special::Deadline),
        "State" if ours => Some(Special::State(Box::new(state_type(&last.arguments)?))),
        _ => None,
    }
}

fn state_type(arguments: &PathArguments) -> Option<Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    }
}

fn misplaced(ty: &impl Spanned) -> Error {
    Error::new(
        ty.span(),
        "a special parameter stands by itself and by value, e.g. `host: Host`; it is neither sent nor returned",
    )
}

/// Looks for special parameters inside other types: `&Host`, `Option<Cancel>`.
fn refuse_misplaced(ty: &Type) -> Result<()> {
    struct Inside(Option<Error>);
    impl<'ast> Visit<'ast> for Inside {
        fn visit_path(&mut self, path: &'ast Path) {
            if special_path(path).is_some() {
                self.0.get_or_insert_with(|| misplaced(path));
            }
            syn::visit::visit_path(self, path);
        }
    }
    let mut inside = Inside(None);
    inside.visit_type(ty);
    inside.0.map_or(Ok(()), Err)
}

/// Refuses types that no term can become.
fn refuse_unsupported(ty: &Type) -> Result<()> {
    struct Unsupported(Option<Error>);
    impl<'ast> Visit<'ast> for Unsupported {
        fn visit_type(&mut self, ty: &'ast Type) {
            if let Some(text) = unsupported(ty) {
                self.0.get_or_insert_with(|| Error::new(ty.span(), text));
            }
            syn::visit::visit_type(self, ty);
        }
    }
    let mut visitor = Unsupported(None);
    visitor.visit_type(ty);
    visitor.0.map_or(Ok(()), Err)
}

fn unsupported(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::ImplTrait(_) => Some("`impl Trait` is generic: write the concrete type"),
        Type::BareFn(_) => Some("a function pointer cannot be sent as a term"),
        Type::Ptr(_) => Some("a pointer means nothing in another process"),
        Type::Never(_) => Some("a port function answers its call; return `()` instead of `!`"),
        Type::Infer(_) => Some("write the type: the host is told what the function takes"),
        _ => None,
    }
}
