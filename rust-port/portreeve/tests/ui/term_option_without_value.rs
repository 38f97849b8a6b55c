#[portreeve::term(module)]
struct User {
    name: String,
}

fn main() {}
