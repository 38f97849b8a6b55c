#[portreeve::function]
fn sometimes(always: u8, #[cfg(unix)] sometimes: u8) -> u8 {
    always
}

fn main() {}
