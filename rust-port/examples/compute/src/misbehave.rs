//! One function for each way in which native code goes wrong. They are here to be called: the tests and the demo show
//! what each of them costs a port, which is one worker at most.

pub mod death;
pub mod hang;
pub mod memory;
#[cfg(all(unix, feature = "port"))]
mod pipe;

#[cfg(all(unix, feature = "port"))]
pub use pipe::remember_pipes;
