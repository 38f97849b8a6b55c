//! What a parameter is, is asked of its type and not of how it is spelled.

use std::error::Error;

use portreeve::{Call, FromCall, Host as Way, State};

// The crate under another name, as a facade has it.
mod facade {
    pub use portreeve as port;
}

/// An alias is what it stands for.
type Stop = portreeve::Cancel;

#[portreeve::function]
fn aliased(way: Way, stop: Stop, lent: &Way) -> bool {
    !stop.is_cancelled() && way.accepts_events() == lent.accepts_events()
}

mod own {
    // Types of one's own that are called like portreeve's are arguments.
    #[portreeve::term]
    pub struct Host {
        pub name: String,
    }

    #[portreeve::term]
    pub struct State<T> {
        pub of: T,
    }

    #[portreeve::function]
    pub fn named(host: Host, state: &State<u8>, cancel: portreeve::Cancel) -> String {
        format!("{}{}{}", host.name, state.of, cancel.is_cancelled())
    }
}

struct Pool;

struct Connection(State<Pool>);

impl FromCall for Connection {
    fn from_call(call: &Call<'_>) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self(State::from_call(call)?))
    }
}

#[portreeve::function]
fn query(text: &str, connection: Connection, limit: Option<u32>) -> usize {
    let _: &Pool = &connection.0;
    text.len().min(limit.map_or(usize::MAX, |limit| limit as usize))
}

#[facade::port::function(crate = crate::facade::port)]
fn through_a_facade(bytes: Vec<u8>, host: facade::port::Host) -> Option<Seen> {
    let _ = host;
    bytes.first().map(|first| Seen { first: *first })
}

#[facade::port::term(crate = "crate::facade::port")]
struct Seen {
    first: u8,
}

fn main() {
    assert_eq!(query("select", Connection(State::new(Pool)), None), 6);
    let host = own::Host { name: "h".into() };
    assert_eq!(own::named(host, &own::State { of: 1 }, portreeve::Cancel::never()), "h1false");
}
