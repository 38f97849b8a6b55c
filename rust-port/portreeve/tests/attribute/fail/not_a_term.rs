struct Opaque;

#[portreeve::function]
fn takes(value: Opaque) -> u8 {
    let Opaque = value;
    1
}

#[portreeve::function]
fn gives() -> Opaque {
    Opaque
}

#[derive(serde::Serialize)]
struct NoError;

#[portreeve::function]
fn fails() -> Result<u8, NoError> {
    Err(NoError)
}

fn main() {}
