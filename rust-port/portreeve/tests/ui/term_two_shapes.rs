#[portreeve::term(module = "MyApp.User", record)]
struct User {
    name: String,
}

fn main() {}
