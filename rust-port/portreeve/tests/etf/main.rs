//! Terms <-> bytes, from outside: vectors of real Erlang, hostile bytes, types, errors.

mod allocations;
mod depth;
mod hostile;
mod known;
mod vectors;

/// Some tests ask how much they allocate.
#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;
