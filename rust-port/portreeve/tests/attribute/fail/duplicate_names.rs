mod one {
    #[portreeve::function]
    fn sum(a: i64, b: i64) -> i64 {
        a + b
    }
}

mod two {
    #[portreeve::function(name = "sum")]
    fn add(a: i64, b: i64) -> i64 {
        a + b
    }
}

fn main() {}
