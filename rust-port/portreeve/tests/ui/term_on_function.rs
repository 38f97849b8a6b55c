#[portreeve::term]
fn user() {}

fn main() {}
