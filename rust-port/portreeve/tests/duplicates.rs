//! What the linker does with functions. One name in two crates of one program: the compiler sees each crate alone, so
//! the linker refuses it, by a symbol that says which function it is. Within one crate the compiler does
//! (`tests/attribute/fail/duplicate_names.rs`). A crate with functions may also be a `cdylib`, as every addon of Node is.

use std::fs;
use std::path::Path;
use std::process::Command;

const SUM: &str = "#[portreeve::function]\nfn sum(a: i64, b: i64) -> i64 {\n    a + b\n}\n";

/// A program of two crates: `one`, whose function is given, and `two`, which has `sum` and `main`.
fn build(name: &str, one: &str) -> std::process::Output {
    build_as(name, one, "")
}

/// The same with more in the manifest of `one`.
fn build_as(name: &str, one: &str, more: &str) -> std::process::Output {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    };
    let portreeve = env!("CARGO_MANIFEST_DIR");
    let manifest = |package: &str, more: &str| {
        format!(
            "[package]\nname = \"{package}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             portreeve = {{ path = {portreeve:?}, default-features = false }}\n{more}"
        )
    };
    write(
        "Cargo.toml",
        &manifest(
            "two",
            "one = { path = \"one\" }\n\n[workspace]\nmembers = [\"one\"]\n",
        ),
    );
    write("one/Cargo.toml", &manifest("one", more));
    write("one/src/lib.rs", &format!("pub fn used() {{}}\n\n{one}"));
    let main = "fn main() -> std::process::ExitCode {\n    one::used();\n    portreeve::run()\n}\n";
    write("src/main.rs", &format!("{SUM}\n{main}"));
    // The versions that this build has, which need no network.
    let lock = Path::new(portreeve).join("../Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock")).expect("the lock file");
    Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--offline", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("target"),
        )
        .output()
        .expect("cargo starts")
}

#[test]
fn a_name_in_two_crates_is_refused_by_the_linker() {
    let built = build("different", &SUM.replace("sum", "total"));
    let complained = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{complained}");

    let refused = build("same", SUM);
    let complained = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success(),
        "two functions called `sum` were linked"
    );
    assert!(
        complained.contains("portreeve_function_sum_is_registered_twice"),
        "{complained}"
    );
}

#[test]
fn a_crate_with_functions_links_as_a_cdylib() {
    let functions = "#[portreeve::function(name = \"users.find\")]\nfn find(größe: f64) -> f64 {\n    größe\n}\n\n\
                     #[portreeve::function]\nfn fläche(größe: f64) -> f64 {\n    größe\n}\n\n\
                     #[portreeve::function]\nfn total_of(a: u8) -> u8 {\n    a\n}\n";
    let library = "\n[lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n";
    let built = build_as("library", functions, library);
    let complained = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{complained}");
}
