//! What `#[portreeve::function]` takes, and the words with which it refuses everything else: each refusal is pinned by
//! the `.stderr` file beside it (`TRYBUILD=overwrite cargo test --test attribute` writes them anew).

#[test]
fn accepted_and_refused() {
    let cases = trybuild::TestCases::new();
    // That one of them is built, and not only checked, makes the duplicates visible.
    cases.pass("tests/attribute/pass/*.rs");
    cases.compile_fail("tests/attribute/fail/*.rs");
    #[cfg(not(feature = "async"))]
    cases.compile_fail("tests/attribute/without_async/*.rs");
    #[cfg(feature = "async")]
    cases.pass("tests/attribute/with_async/*.rs");
}
