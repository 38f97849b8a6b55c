#[portreeve::term]
#[derive(Debug, PartialEq)]
pub(crate) enum Kind {
    Plain,
    Sized(u32, u32),
}
