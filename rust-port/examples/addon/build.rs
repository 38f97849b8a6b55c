//! The symbols of Node-API are in the `node` that loads the addon. ELF linkers leave them open by themselves; on
//! macOS that has to be said.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_VENDOR").as_deref() == Ok("apple") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-undefined,dynamic_lookup");
    }
}
