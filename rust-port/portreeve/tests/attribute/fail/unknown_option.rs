#[portreeve::function(idempotant)]
fn sum(a: i64, b: i64) -> i64 {
    a + b
}

#[portreeve::function(name)]
fn nameless() {}

#[portreeve::function(blocking, blocking)]
fn twice() {}

fn main() {}
