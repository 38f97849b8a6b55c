#[portreeve::function]
unsafe fn dangerous() {}

#[portreeve::function]
extern "C" fn foreign() {}

#[portreeve::function]
fn never() -> ! {
    std::process::exit(1)
}

#[portreeve::function(name = "")]
fn nameless() {}

#[portreeve::function]
fn hidden() -> Result<impl std::fmt::Debug, String> {
    Ok(1)
}

fn main() {}
