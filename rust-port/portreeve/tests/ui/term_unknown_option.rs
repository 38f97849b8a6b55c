#[portreeve::term(modul = "MyApp.User")]
struct User {
    name: String,
}

fn main() {}
