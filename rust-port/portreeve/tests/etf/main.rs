//! Terms <-> bytes, from outside: vectors of real Erlang, hostile bytes, types, errors.

mod allocations;
mod buffered;
mod depth;
mod errors;
mod fuzzed;
mod generated;
mod hostile;
mod known;
mod memory;
mod trees;
mod typed;
mod vectors;

/// Some tests ask how much they allocate.
#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;
