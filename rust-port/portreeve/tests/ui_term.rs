//! Every misuse of `#[portreeve::term]` is an error at its place, pinned by a `.stderr` file.
//!
//! `TRYBUILD=overwrite cargo test --test ui_term` writes the files anew.

#[test]
fn misuse_is_refused_where_it_stands() {
    trybuild::TestCases::new().compile_fail("tests/ui/term_*.rs");
}
