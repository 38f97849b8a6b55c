#[portreeve::term]
struct Rest {
    age: u8,
}

#[portreeve::term(record = "user")]
struct User {
    name: String,
    #[serde(flatten)]
    rest: Rest,
}

fn main() {}
