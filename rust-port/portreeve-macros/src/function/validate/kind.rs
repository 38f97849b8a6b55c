//! How a parameter is handed over, judged by its type as written: moved, or lent. Whether its value is an argument or
//! made of the call is for the type to say (`FromCall`).

use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Error, Result, Type, TypeReference};

/// How to make the value of a parameter.
pub(crate) enum Kind {
    /// Made as this type and moved in.
    Value(Type),
    /// Made as this type and lent to the function.
    Lent(Type),
}

/// Judges a parameter's type.
pub(super) fn classify(ty: &Type) -> Result<Kind> {
    refuse_unsupported(ty, "`impl Trait` is generic: write the concrete type")?;
    match ty {
        Type::Reference(reference) => classify_reference(reference),
        Type::Paren(inner) => classify(&inner.elem),
        Type::Group(inner) => classify(&inner.elem),
        other => Ok(Kind::Value(other.clone())),
    }
}

/// Refuses result types that cannot be sent.
pub(super) fn check_output(ty: &Type) -> Result<()> {
    refuse_unsupported(
        ty,
        "the host is told what the function gives, and `impl Trait` has no name: write the concrete type",
    )
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

/// Refuses types that no term can become.
fn refuse_unsupported(ty: &Type, unnamed: &'static str) -> Result<()> {
    struct Unsupported(Option<Error>, &'static str);
    impl<'ast> Visit<'ast> for Unsupported {
        fn visit_type(&mut self, ty: &'ast Type) {
            if let Some(text) = unsupported(ty, self.1) {
                self.0.get_or_insert_with(|| Error::new(ty.span(), text));
            }
            syn::visit::visit_type(self, ty);
        }
    }
    let mut visitor = Unsupported(None, unnamed);
    visitor.visit_type(ty);
    visitor.0.map_or(Ok(()), Err)
}

fn unsupported(ty: &Type, unnamed: &'static str) -> Option<&'static str> {
    match ty {
        Type::ImplTrait(_) => Some(unnamed),
        Type::BareFn(_) => Some("a function pointer cannot be sent as a term"),
        Type::Ptr(_) => Some("a pointer means nothing in another process"),
        Type::Never(_) => Some("a port function answers its call; return `()` instead of `!`"),
        Type::Infer(_) => Some("write the type: the host is told what the function takes"),
        _ => None,
    }
}
