//! The smallest port program: one function. The tests weigh it and time its start.

/// Adds up a list.
#[portreeve::function]
fn sum(values: Vec<i64>) -> i64 {
    values.iter().sum()
}

fn main() -> std::process::ExitCode {
    portreeve::run()
}
