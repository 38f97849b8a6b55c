//! Runs `port.escript` against a program. Skipped with a line where Erlang is missing, but never in CI.

use std::path::Path;
use std::process::{Command, Stdio};

/// Drives `program` through the steps of that name, and fails with all that the script said.
pub(crate) fn is_content(script: &Path, steps: &str, program: &Path) {
    let ran = Command::new("escript")
        .args([script, steps.as_ref(), program])
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
