//! The functions of the program. `#[portreeve::function]` registers each where it stands; here they become one
//! sorted table, found by name for every call and announced in the hello.

use std::any::TypeId;
use std::fmt;

use super::invocation::Invocation;
use crate::schedule::Slow;
use crate::types::{Type, Types};
use crate::wire::failure::Failure;
use crate::wire::nearest::nearest;

/// One registered function; made by the attribute, never by hand.
pub struct Function {
    /// The name on the wire.
    pub name: &'static str,
    /// The doc comment.
    pub doc: &'static str,
    /// Its parameters, in order.
    pub parameters: &'static [Parameter],
    /// How many arguments it takes.
    pub arity: Arity,
    /// The type of its result.
    pub result: fn(&mut Types) -> Type,
    /// The type of the `data` of its errors, when they have any.
    pub error: fn(&mut Types) -> Option<Type>,
    /// Whether a call may be sent again after it began.
    pub idempotent: bool,
    /// How it runs.
    pub body: Body,
    /// The package that it stands in, and its version.
    pub package: &'static str,
    /// The version of that package.
    pub version: &'static str,
    /// Whether it was seen to run long.
    pub slow: Slow,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Function {
    /// The parameters that arguments are decoded for.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        let parameters = self.parameters.iter();
        parameters.filter(|parameter| parameter.is_argument)
    }
}

/// One parameter.
pub struct Parameter {
    /// Its name in Rust.
    pub name: &'static str,
    /// The description of its type.
    pub describe: fn(&mut Types) -> Type,
    /// Whether it is made of an argument, and not of the call.
    pub is_argument: bool,
    /// Whether the argument may be left out when no other comes behind it.
    pub may_be_missing: bool,
    /// What it asks of `on_start`.
    pub state: fn() -> Option<RequiredState>,
}

/// How many arguments a function takes: the last ones may be left out if they are `Option`s.
#[derive(Clone, Copy)]
pub struct Arity {
    pub(crate) least: usize,
    pub(crate) most: usize,
}

impl Arity {
    /// That of parameters; the compiler counts.
    #[must_use]
    pub const fn of(parameters: &[Parameter]) -> Self {
        let (mut least, mut most, mut at) = (0, 0, 0);
        while at < parameters.len() {
            if parameters[at].is_argument {
                most += 1;
                if !parameters[at].may_be_missing {
                    least = most;
                }
            }
            at += 1;
        }
        Self { least, most }
    }
}

/// Decodes the arguments, calls the function, and writes its answer.
pub(crate) type Run = fn(&mut Invocation<'_>) -> Result<(), Failure>;

/// Where a function runs.
#[derive(Clone, Copy)]
pub enum Body {
    /// On the thread that claimed the call.
    Run(Run),
    /// On the pool for functions that wait for something outside.
    Blocking(Run),
    /// On the shared tokio runtime.
    #[cfg(feature = "async")]
    Future(fn(super::invocation::OwnedInvocation) -> super::invocation::Answering),
}

/// What a function wants from `on_start`.
pub struct RequiredState {
    pub id: fn() -> TypeId,
    pub name: fn() -> &'static str,
}

impl RequiredState {
    /// For one type.
    #[must_use]
    pub const fn of<T: 'static>() -> Self {
        Self {
            id: TypeId::of::<T>,
            name: std::any::type_name::<T>,
        }
    }
}

/// A function as the linker collects it.
pub struct Registration(pub &'static Function);

inventory::collect!(Registration);

/// All functions, sorted by name.
pub(crate) struct Registry(Vec<&'static Function>);

impl Registry {
    /// Everything that the attribute registered in this program.
    #[must_use]
    pub(crate) fn collect() -> Self {
        let mut functions: Vec<_> = inventory::iter::<Registration>
            .into_iter()
            .map(|registration| registration.0)
            .collect();
        functions.sort_unstable_by_key(|function| function.name);
        Self(functions)
    }

    /// The functions in the order of their names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static Function> + '_ {
        self.0.iter().copied()
    }

    /// Looks a name up, as it stands in the frame: the function's index.
    #[must_use]
    pub(crate) fn find(&self, name: &[u8]) -> Option<usize> {
        self.0
            .binary_search_by(|function| function.name.as_bytes().cmp(name))
            .ok()
    }

    /// The function of an index that `find` gave.
    #[must_use]
    pub(crate) fn get(&self, index: usize) -> &'static Function {
        self.0[index]
    }

    /// The sentence for a name that is not there, with the nearest ones that are.
    #[must_use]
    pub(crate) fn unknown(&self, name: &[u8]) -> String {
        let name = String::from_utf8_lossy(name);
        let near = nearest(&name, self.0.iter().map(|function| function.name));
        match near.as_slice() {
            [] => format!("there is no function `{name}`"),
            [only] => format!("there is no function `{name}`; did you mean `{only}`?"),
            several => format!(
                "there is no function `{name}`; did you mean `{}`?",
                several.join("` or `")
            ),
        }
    }
}
