//! What the program says of itself: the registered functions as its hello describes them.

use super::registry::{Function, Registry};
use crate::etf::Atom;
use crate::types::Types;
use crate::wire::hello::{Described, Hello};

/// Describes the functions and every type that they mention.
///
/// # Errors
/// When two types have one name; the sentence says which.
pub(crate) fn hello(registry: &Registry) -> Result<Hello, String> {
    let mut types = Types::default();
    let functions = registry
        .iter()
        .map(|function| describe(function, &mut types))
        .collect();
    if let Some(clash) = types.clash() {
        return Err(clash.to_owned());
    }
    let (name, version) = (program_name(), version(registry));
    Ok(Hello::new(name, version, functions, types))
}

fn describe(function: &Function, types: &mut Types) -> Described {
    let args = function.arguments();
    Described {
        name: Atom::new(function.name),
        doc: function.doc,
        args: args
            .map(|parameter| (Atom::new(parameter.name), (parameter.describe)(types)))
            .collect(),
        result: (function.result)(types),
        error: (function.error)(types),
        idempotent: function.idempotent,
    }
}

/// The name of the executable.
pub(crate) fn program_name() -> String {
    let path = std::env::current_exe().ok();
    let stem = path.as_deref().and_then(|path| path.file_stem());
    stem.map_or_else(
        || "port".to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    )
}

/// The version of the package that is called like the executable, or of the first that has a function.
pub(crate) fn version(registry: &Registry) -> &'static str {
    let name = program_name();
    let own = registry.iter().find(|function| function.package == name);
    own.or_else(|| registry.iter().next())
        .map_or("", |function| function.version)
}
