//! The program as its host sees it: a real process, frames over pipes as the BEAM gives them or over socketpairs as
//! Node does, and what it answers, lives through and dies of. The program is `examples/basics.rs`.

mod blackbox;
mod budget;
mod calls;
mod driver;
mod errors;
mod host_calls;
mod lasting;
mod lifetime;
mod logging;
#[cfg(target_os = "linux")]
mod memory;
mod opening;
mod scheduling;
mod spans;
mod stdio;
mod stuck;
mod surroundings;
