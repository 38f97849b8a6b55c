#[portreeve::term(exception)]
struct Refused {
    message: String,
}

fn main() {}
