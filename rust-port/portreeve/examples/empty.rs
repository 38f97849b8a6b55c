//! A program that does nothing: what starting a process costs by itself. Benchmarks hold the start of a port against it.

fn main() {}
