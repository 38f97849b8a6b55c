struct Math;

impl Math {
    #[portreeve::function]
    fn double(value: u8) -> u8 {
        2 * value
    }
}

fn main() {}
