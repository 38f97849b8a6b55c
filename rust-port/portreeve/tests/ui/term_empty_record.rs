#[portreeve::term(record = "user")]
struct User;

fn main() {}
