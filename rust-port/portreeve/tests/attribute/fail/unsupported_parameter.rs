#[portreeve::function]
fn changes(values: &mut Vec<i64>) {
    values.clear();
}

#[portreeve::function]
fn points(at: *const u8) -> bool {
    at.is_null()
}

#[portreeve::function]
fn calls(back: fn(u8) -> u8) -> u8 {
    back(1)
}

#[portreeve::function]
fn keeps(text: &'static str) -> usize {
    text.len()
}

#[portreeve::function]
fn takes_apart((a, b): (u8, u8)) -> u8 {
    a + b
}

fn main() {}
