#[portreeve::term]
#[derive(Debug, serde::Serialize)]
struct User {
    name: String,
}

fn main() {}
