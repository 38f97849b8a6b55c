#[portreeve::function]
fn first<T>(values: Vec<T>) -> usize {
    values.len()
}

#[portreeve::function]
fn sized<const N: usize>(values: [u8; N]) -> usize {
    values.len()
}

#[portreeve::function]
fn any(values: impl Iterator<Item = u8>) -> usize {
    values.count()
}

#[portreeve::function]
fn bounded(a: u8) -> u8
where
    u8: Copy,
{
    a
}

fn main() {}
