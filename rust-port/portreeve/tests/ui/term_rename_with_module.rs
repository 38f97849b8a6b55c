#[portreeve::term(module = "MyApp.User")]
#[serde(rename = "Person")]
struct User {
    name: String,
}

fn main() {}
