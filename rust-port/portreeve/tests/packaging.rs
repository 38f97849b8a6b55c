//! What crates.io gets: licences, a README and all that the registry shows, and nothing that builds only in the
//! repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files of a package, as cargo would pack them.
fn packed(name: &str) -> Vec<String> {
    let listed = Command::new(env!("CARGO"))
        .args([
            "package",
            "--list",
            "--allow-dirty",
            "--offline",
            "-p",
            name,
        ])
        .current_dir(root().join("rust-port"))
        .output()
        .expect("cargo starts");
    let complained = String::from_utf8_lossy(&listed.stderr);
    assert!(listed.status.success(), "{complained}");
    let files = String::from_utf8(listed.stdout).expect("names");
    files.lines().map(str::to_owned).collect()
}

#[test]
fn packages_are_complete() {
    for name in ["portreeve", "portreeve-macros"] {
        let files = packed(name);
        for file in ["LICENSE-MIT", "LICENSE-APACHE", "README.md", "Cargo.toml"] {
            assert!(
                files.iter().any(|found| found == file),
                "{name} has no {file}"
            );
        }
        assert!(
            !files
                .iter()
                .any(|file| file.starts_with("tests/") || file.starts_with("benches/")),
            "{files:?}"
        );
        let folder = root().join("rust-port").join(name);
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let own = fs::read(folder.join(licence)).expect("a licence");
            assert_eq!(
                own,
                fs::read(root().join(licence)).expect("a licence"),
                "{name}: {licence}"
            );
        }
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        for key in [
            "description",
            "license",
            "keywords",
            "categories",
            "documentation",
            "readme",
            "rust-version",
        ] {
            assert!(
                manifest.lines().any(|line| line.starts_with(key)),
                "{name} has no {key}"
            );
        }
    }
}
