#[portreeve::term(untagged)]
struct User {
    name: String,
}

fn main() {}
