#[portreeve::term(module = "MyApp.User")]
enum User {
    Known,
}

fn main() {}
