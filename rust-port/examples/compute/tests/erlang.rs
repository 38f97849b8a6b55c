//! The compute program under its other host, unchanged: Erlang's `open_port` drives it as Node does elsewhere. Skipped
//! with a line where Erlang is missing, but never in CI.

#[path = "../../../portreeve/tests/erlang/run.rs"]
mod run;

use std::path::Path;

#[test]
fn the_beam_is_a_host() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let script = crates.join("portreeve/tests/erlang/port.escript");
    run::is_content(&script, "compute", Path::new(env!("CARGO_BIN_EXE_compute")));
}
