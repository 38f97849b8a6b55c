//! Where generated code finds the runtime: `crate = path`, for a dependency under another name and for a crate that
//! exports portreeve again.

use syn::parse::ParseStream;
use syn::{LitStr, Path, Result};

/// Reads the path, plain or, as serde has it, in quotes.
pub(crate) fn path(input: ParseStream<'_>) -> Result<Path> {
    if input.peek(LitStr) {
        return input.parse::<LitStr>()?.parse_with(Path::parse_mod_style);
    }
    Path::parse_mod_style(input)
}

/// Where it is when nothing is said.
pub(crate) fn default() -> Path {
    syn::parse_quote!(::portreeve)
}
