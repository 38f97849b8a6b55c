//! Generated terms: our reader, our writer, serde's view and eetf agree.

use std::collections::HashMap;

use portreeve::eetf::{
    Atom, BigInteger, Binary, BitBinary, ByteList, ExternalFun, FixInteger, Float, ImproperList,
    InternalFun, List, Map, Pid, Port, Reference, Term as Tree, Tuple,
};
use portreeve::{Term, etf};
use proptest::prelude::*;

use crate::vectors::{self, Any, beyond_serde};

fn atom() -> impl Strategy<Value = Atom> {
    prop_oneof![
        "[a-z_]{1,8}",
        "\\PC{0,20}",
        Just("nil".to_owned()),
        Just("true".to_owned())
    ]
    .prop_map(Atom::from)
}

fn integer() -> impl Strategy<Value = Tree> {
    let wide = (any::<i128>(), 0_u32..80).prop_map(|(value, shift)| {
        let value = num_bigint::BigInt::from(value) << shift;
        // As a reader gives it: small where it fits.
        match i32::try_from(&value) {
            Ok(value) => FixInteger::from(value).into(),
            Err(_) => Tree::from(BigInteger { value }),
        }
    });
    let small = any::<i32>().prop_map(|value| Tree::from(FixInteger::from(value)));
    let byte = any::<u8>().prop_map(|value| Tree::from(FixInteger::from(value)));
    prop_oneof![small, byte, wide]
}

fn pid() -> impl Strategy<Value = Pid> {
    let numbers = any::<(u32, u32, u32)>();
    (atom(), numbers).prop_map(|(node, (id, serial, creation))| Pid {
        node,
        id,
        serial,
        creation,
    })
}

fn leaf() -> impl Strategy<Value = Tree> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..20);
    let words = proptest::collection::vec(any::<u32>(), 1..=5);
    let float = any::<f64>().prop_filter("finite", |value| value.is_finite());
    prop_oneof![
        atom().prop_map(Tree::from),
        integer(),
        float.prop_map(|value| Tree::Float(Float { value })),
        bytes().prop_map(|bytes| Binary::from(bytes).into()),
        "\\PC{0,12}".prop_map(|text| Binary::from(text.as_bytes()).into()),
        (bytes(), any::<u8>(), 1_u8..8).prop_map(|(mut bytes, last, bits)| {
            bytes.push(last >> (8 - bits));
            BitBinary::from((bytes, bits)).into()
        }),
        bytes()
            .prop_filter("a list", |bytes| !bytes.is_empty())
            .prop_map(|bytes| ByteList::from(bytes).into()),
        pid().prop_map(Tree::from),
        (atom(), any::<u64>(), any::<u32>()).prop_map(|(node, id, creation)| Port {
            node,
            id,
            creation
        }
        .into()),
        (atom(), words, any::<u32>()).prop_map(|(node, id, creation)| Reference {
            node,
            id,
            creation
        }
        .into()),
        (atom(), atom(), any::<u8>()).prop_map(|(module, function, arity)| ExternalFun {
            module,
            function,
            arity
        }
        .into()),
    ]
}

/// A list as a reader gives it: all bytes make a `ByteList`.
fn list(elements: Vec<Tree>) -> Tree {
    let byte = |element: &Tree| match element {
        Tree::FixInteger(value) => u8::try_from(value.value).ok(),
        _ => None,
    };
    match elements.iter().map(byte).collect::<Option<Vec<u8>>>() {
        Some(bytes) if !bytes.is_empty() => ByteList::from(bytes).into(),
        _ => List::from(elements).into(),
    }
}

/// Whether a key can be one: eetf gives equal maps different hashes.
fn is_key(tree: &Tree) -> bool {
    !vectors::neutral(tree).to_string().contains("\"m\":")
}

fn tree() -> impl Strategy<Value = Tree> {
    leaf().prop_recursive(5, 60, 6, |inner| {
        let many = || proptest::collection::vec(inner.clone(), 0..6);
        let key = inner.clone().prop_filter("no maps in keys", is_key);
        let tail = inner.clone().prop_filter("a tail", |tail| {
            !matches!(
                tail,
                Tree::List(_) | Tree::ByteList(_) | Tree::ImproperList(_)
            )
        });
        let some = proptest::collection::vec(inner.clone(), 1..4);
        let fun = (
            many(),
            pid(),
            atom(),
            any::<(u8, [u8; 16], u32, i32, i32)>(),
        );
        prop_oneof![
            many().prop_map(list),
            many().prop_map(|elements| Tuple::from(elements).into()),
            proptest::collection::vec((key, inner.clone()), 0..5)
                .prop_map(|pairs| Map::from(pairs.into_iter().collect::<HashMap<_, _>>()).into()),
            (some, tail).prop_map(|parts| ImproperList::from(parts).into()),
            fun.prop_map(|(free_vars, pid, module, numbers)| {
                let (arity, uniq, index, old_index, old_uniq) = numbers;
                InternalFun::New {
                    module,
                    arity,
                    pid,
                    free_vars,
                    index,
                    uniq,
                    old_index,
                    old_uniq,
                }
                .into()
            }),
        ]
    })
}

/// Values of many types at once.
type Sample = (i128, f64, String, Option<Vec<u8>>, Outcomes);
type Outcomes = Vec<Result<(u16, char), String>>;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_as_it_was(tree in tree()) {
        let term = Term::from(tree);
        let bytes = etf::to_vec(&term).expect("a term");
        prop_assert_eq!(etf::skip(&bytes, 1).expect("a term"), bytes.len());
        prop_assert_eq!(etf::from_slice::<Term>(&bytes).expect("a term"), term);
    }

    #[test]
    fn eetf_reads_what_we_write(tree in tree()) {
        let bytes = etf::to_vec(&Term::from(tree.clone())).expect("a term");
        let theirs = Tree::decode(&bytes[..]).expect("a term");
        prop_assert_eq!(vectors::normal(&theirs), vectors::normal(&tree));
    }

    #[test]
    fn serde_sees_the_same(tree in tree()) {
        let bytes = etf::to_vec(&Term::from(tree.clone())).expect("a term");
        match etf::from_slice::<Any>(&bytes) {
            Ok(seen) => prop_assert!(seen.agrees(&tree), "{seen:?} and {tree}"),
            Err(error) => prop_assert!(beyond_serde(&tree), "{error} for {tree}"),
        }
    }

    #[test]
    fn a_list_of_any_integers_is_that_list(numbers in proptest::collection::vec(any::<i64>(), 0..50)) {
        let bytes = etf::to_vec(&numbers).expect("a term");
        prop_assert_eq!(etf::from_slice::<Vec<i64>>(&bytes).expect("a list"), numbers);
    }

    #[test]
    fn typed_values_come_back(value in any::<Sample>()) {
        prop_assume!(value.1.is_finite());
        let bytes = etf::to_vec(&value).expect("a term");
        prop_assert_eq!(etf::from_slice::<Sample>(&bytes).expect("the value"), value);
    }
}
