#[portreeve::term]
union User {
    id: u64,
    bits: [u8; 8],
}

fn main() {}
