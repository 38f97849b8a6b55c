//! The host next door: `tests/erlang/port.escript` drives the program through `open_port`, as an Erlang or Elixir
//! program would. Skipped with a line where Erlang is missing, but never in CI.

#[path = "erlang/run.rs"]
mod run;

use std::path::Path;

#[test]
fn the_beam_is_a_host() {
    let test = std::env::current_exe().expect("the path of this test");
    let folder = test.ancestors().nth(2).expect("target/<profile>");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/erlang/port.escript");
    run::is_content(&script, "basics", &folder.join("examples/basics"));
}
