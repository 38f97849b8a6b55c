use portreeve::{Cancel, Deadline};

#[portreeve::function]
fn maybe(cancel: Option<Cancel>) -> bool {
    cancel.is_some()
}

#[portreeve::function]
fn given_back(deadline: Deadline) -> Deadline {
    deadline
}

#[portreeve::function]
fn many(hosts: Vec<(u8, portreeve::Host)>) -> usize {
    hosts.len()
}

fn main() {}
