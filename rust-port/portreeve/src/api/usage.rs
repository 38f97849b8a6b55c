//! What a person sees who starts a port program at a prompt: frames would mean nothing to them.

use std::io::{self, Write};

use crate::runtime::describe;
use crate::runtime::registry::{Function, Registry};
use crate::sys::exit::BY_HAND;
use crate::sys::stdio;

/// Answers and gives the exit code, when nobody's pipe is there to serve.
pub(crate) fn answer(registry: &Registry) -> Option<u8> {
    if !stdio::is_by_hand() {
        return None;
    }
    let (text, code) = match std::env::args().nth(1).as_deref() {
        Some("--version" | "-V") => (version(registry), 0),
        Some("--help" | "-h") => (help(registry), 0),
        _ => (help(registry), BY_HAND),
    };
    // A reader that went away has what it wanted.
    drop(io::stdout().write_all(text.as_bytes()));
    Some(code)
}

fn version(registry: &Registry) -> String {
    format!(
        "{} {}\n",
        describe::program_name(),
        describe::version(registry)
    )
}

fn help(registry: &Registry) -> String {
    let functions: String = registry.iter().map(line).collect();
    let name = describe::program_name();
    format!(
        "{}A port program: it is started by a host, which calls its functions over stdin and stdout.\n\n\
         Functions:\n{functions}\n\
         From Node:    const port = await open(\"./{name}\");\n\
         From Erlang:  open_port({{spawn_executable, \"./{name}\"}}, [stream, binary, exit_status])\n\
         \x20             (frames: a length in four bytes, then that many; docs/beam.md of portreeve has an owner)\n",
        version(registry)
    )
}

/// `  sum(values)   Adds up a list.`
fn line(function: &'static Function) -> String {
    let names: Vec<_> = function
        .arguments()
        .map(|parameter| parameter.name)
        .collect();
    let call = format!("{}({})", function.name, names.join(", "));
    let doc = function.doc.lines().next().unwrap_or("");
    format!("{}\n", format!("  {call:<32} {doc}").trim_end())
}
