struct Adder(i64);

impl Adder {
    #[portreeve::function]
    fn add(&self, a: i64) -> i64 {
        self.0 + a
    }
}

fn main() {}
