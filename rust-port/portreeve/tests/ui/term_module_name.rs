#[portreeve::term(module = "my_app.user")]
struct User {
    name: String,
}

fn main() {}
