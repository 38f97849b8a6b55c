//! One function for each way in which native code goes wrong. They are here to be called: the tests and the demo show
//! what each of them costs a port, which is one worker at most.

mod death;
mod hang;
mod pipe;

pub use pipe::remember_pipes;
