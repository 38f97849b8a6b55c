//! `panic = "abort"` would turn each panic of a function into the end of the program; the crate refuses to be built so.

use std::process::Command;

#[test]
fn panic_abort_is_refused_at_compile_time() {
    let output = Command::new(env!("CARGO"))
        .args(["rustc", "--quiet", "--lib", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .args(["--", "-C", "panic=abort"])
        .output()
        .expect("cargo starts");
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    let expected = "portreeve answers a call that panics and lives on; with `panic = \"abort\"` the whole program would end.";
    assert!(complained.contains(expected), "{complained}");
}
