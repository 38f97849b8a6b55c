//! A program that does not start: two of its types have one name. For the tests.

mod admin {
    #[portreeve::term]
    pub(crate) struct User {
        pub rights: u8,
    }
}

#[portreeve::term]
struct User {
    name: String,
}

/// Gives somebody their rights.
#[portreeve::function]
fn promote(user: User) -> admin::User {
    let rights = u8::from(user.name == "Ada");
    admin::User { rights }
}

fn main() -> std::process::ExitCode {
    portreeve::run()
}
