#[portreeve::function]
struct Sum;

trait Adds {
    #[portreeve::function]
    fn without_body(a: i64) -> i64;
}

fn main() {}
