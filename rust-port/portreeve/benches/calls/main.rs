//! What a call costs in the program: `cargo bench --bench calls`. Real programs over pipes, built in release mode by the
//! bench itself; each comparison is interleaved, so that a noisy machine disturbs all sides alike. Ratios carry over to
//! other machines, absolute numbers do not.

mod client;
mod latency;
mod start;
mod throughput;

fn main() {
    println!(
        "{} cores\n",
        std::thread::available_parallelism().map_or(1, usize::from)
    );
    start::report();
    throughput::report();
    latency::report();
}
