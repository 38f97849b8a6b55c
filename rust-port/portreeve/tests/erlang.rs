//! The host next door: `tests/erlang/port.escript` drives the program through `open_port`, as an Erlang or Elixir
//! program would. Skipped with a line where Erlang is missing, but never in CI.

use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn the_beam_is_a_host() {
    let test = std::env::current_exe().expect("the path of this test");
    let program = test
        .ancestors()
        .nth(2)
        .expect("target/<profile>")
        .join("examples/basics");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/erlang/port.escript");
    let ran = Command::new("escript")
        .arg(script)
        .arg(&program)
        .stdin(Stdio::null())
        .output();
    let output = match ran {
        Ok(output) => output,
        Err(error) if std::env::var_os("CI").is_none() => {
            println!(
                "skipped: escript cannot be started here ({error}); install Erlang to run this test"
            );
            return;
        }
        Err(error) => panic!("escript cannot be started, and CI must not skip this: {error}"),
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(
        said.ends_with("the BEAM is content\n"),
        "{said}\n{complained}"
    );
}
