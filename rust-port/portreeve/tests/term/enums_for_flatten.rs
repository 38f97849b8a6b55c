#[portreeve::term]
#[derive(Debug, PartialEq)]
pub enum Kind {
    Plain,
    Sized(u32, u32),
}
