//! The fields of a struct while they are gathered: for the code of `#[portreeve::term]`.

use super::{Presence, Type, Types};
use crate::etf::Atom;

#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Fields {
    named: Vec<(Atom, Type, Presence)>,
    /// What is flattened into the struct and adds keys without names here.
    rest: Vec<Type>,
}

impl Fields {
    pub fn add(&mut self, name: &'static str, r#type: Type, optional: bool) {
        let presence = if optional {
            Presence::Optional
        } else {
            Presence::Required
        };
        self.named.push((Atom::new(name), r#type, presence));
    }

    /// Adds what serde flattens into this struct: the fields of another one by their names, anything else, such as a
    /// map or an enum, as a part beside them.
    pub fn flatten(&mut self, types: &mut Types, describe: impl FnOnce(&mut Types) -> Type) {
        match describe(types) {
            // Without a value it has none of the keys.
            Type::Option(inner) => match opened(types, &inner) {
                Type::Struct(fields) => self.extend(fields, true),
                Type::Map(key, value) => self.rest.push(Type::Map(key, value)),
                _ => self.rest.push(Type::Term),
            },
            described => match opened(types, &described) {
                Type::Struct(fields) => self.extend(fields, false),
                Type::All(parts) => self.all(parts),
                _ => self.rest.push(described),
            },
        }
    }

    fn all(&mut self, parts: Vec<Type>) {
        for part in parts {
            match part {
                Type::Struct(fields) => self.extend(fields, false),
                other => self.rest.push(other),
            }
        }
    }

    fn extend(&mut self, fields: Vec<(Atom, Type, Presence)>, optional: bool) {
        let presence_of = |presence| {
            if optional {
                Presence::Optional
            } else {
                presence
            }
        };
        let fields = fields.into_iter();
        let fields = fields.map(|(name, r#type, presence)| (name, r#type, presence_of(presence)));
        self.named.extend(fields);
    }

    #[must_use]
    pub fn into_type(self) -> Type {
        let named = Type::Struct(self.named);
        if self.rest.is_empty() {
            return named;
        }
        let mut all = vec![named];
        all.extend(self.rest);
        Type::All(all)
    }
}

/// The definition behind a name, where it is known already.
fn opened(types: &Types, of: &Type) -> Type {
    let mut of = of;
    while let Type::Named(name) = of {
        match types.get(name) {
            Some(definition) => of = &definition.r#type,
            None => break,
        }
    }
    of.clone()
}
