#[portreeve::term(record = "a", record = "b")]
struct User {
    name: String,
}

fn main() {}
