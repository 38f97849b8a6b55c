#[portreeve::term(module = "MyApp.User")]
struct User(String);

fn main() {}
