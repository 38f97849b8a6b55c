//! Calls and their answers, and errors that say what, where, and what to do: each text is asserted whole.

use std::collections::BTreeMap;

use crate::driver::{Port, call, framed, list, message, plain, term, word};

/// Calls once and gives the answer without `{reply,1,` or `{error,1,`.
fn answer(function: &str, arguments: &[Vec<u8>]) -> String {
    let mut port = Port::start();
    port.call(1, function, arguments);
    port.next()
}

/// The error's message, and what the argument part says.
fn refused(function: &str, arguments: &[Vec<u8>]) -> String {
    let mut port = Port::start();
    port.call(1, function, arguments);
    let frame = port.next_frame();
    let (word, id, map): (
        portreeve::Atom,
        u8,
        BTreeMap<portreeve::Atom, portreeve::Term>,
    ) = portreeve::etf::from_slice(&frame).expect("an error");
    assert_eq!((word.as_str(), id), ("error", 1));
    assert_eq!(plain(&map["kind"]), "badarg");
    assert_eq!(plain(&map["function"]), function);
    text(&map["message"])
}

fn text(term: &portreeve::Term) -> String {
    let bytes = portreeve::etf::to_vec(term).expect("a term");
    portreeve::etf::from_slice(&bytes).expect("text")
}

fn claims(exp: &[u8]) -> Vec<u8> {
    let pairs = [
        term(&word("sub")),
        term("me"),
        term(&word("exp")),
        exp.to_vec(),
    ]
    .concat();
    [&[116, 0, 0, 0, 2], pairs.as_slice()].concat()
}

#[test]
fn a_sum_of_a_list() {
    assert_eq!(answer("sum", &[term(&vec![1, 2, 300])]), "{reply,1,303}");
}

#[test]
fn arguments_that_came_as_string_ext() {
    // The BEAM writes [7] as STRING_EXT, so the argument list itself may be one.
    let mut port = Port::start();
    port.write(&framed(&message(&[
        &term(&word("call")),
        &[97, 1],
        &term(&word("wait")),
        &[107, 0, 1, 7],
    ])));
    assert_eq!(port.next(), "{reply,1,7}");
    port.call(2, "sum", &[vec![107, 0, 3, 1, 2, 3]]);
    assert_eq!(port.next(), "{reply,2,6}");
}

#[test]
fn text_and_bytes_are_slices_of_the_frame() {
    assert_eq!(
        answer("echo", &[term("grüße")]),
        "{reply,1,<<103,114,195,188,195,159,101>>}"
    );
    assert_eq!(
        answer("count", &[term(&portreeve::Bytes::from(vec![0; 9]))]),
        "{reply,1,9}"
    );
    assert_eq!(
        answer("echo_bytes", &[vec![109, 0, 0, 0, 0]]),
        "{reply,1,<<>>}"
    );
}

#[test]
fn a_struct_in_and_out() {
    let mut port = Port::start();
    port.call(1, "renew", &[claims(&[97, 5]), vec![97, 2]]);
    let frame = port.next_frame();
    let (_, _, map): (
        portreeve::Atom,
        u8,
        BTreeMap<portreeve::Atom, portreeve::Term>,
    ) = portreeve::etf::from_slice(&frame).expect("a reply");
    assert_eq!(plain(&map["exp"]), "7");
}

#[test]
fn any_id_comes_back_byte_for_byte() {
    let mut port = Port::start();
    // A float in the old form, inside a tuple in the large form: no reader would write it so.
    let mut id = vec![105, 0, 0, 0, 1, 99];
    id.extend_from_slice(b"1.50000000000000000000e+00\0\0\0\0\0");
    port.write(&framed(&message(&[
        &term(&word("call")),
        &id,
        &term(&word("sum")),
        &list(&[vec![106]]),
    ])));
    let expected = message(&[&term(&word("reply")), &id, &[97, 0]]);
    assert_eq!(port.next_frame(), expected);
}

#[test]
fn a_function_may_be_named_by_a_binary() {
    let mut port = Port::start();
    port.write(&framed(&message(&[
        &term(&word("call")),
        &[97, 1],
        &term("sum"),
        &list(&[vec![106]]),
    ])));
    assert_eq!(port.next(), "{reply,1,0}");
}

#[test]
fn wrong_arguments_name_function_argument_and_place() {
    let cases: [(&str, Vec<Vec<u8>>, &str); 9] = [
        ("sum", vec![], "sum: takes 1 argument (values), got 0"),
        (
            "divide",
            vec![vec![97, 1]],
            "divide: takes 2 arguments (dividend, divisor), got 1",
        ),
        (
            "not_a_number",
            vec![vec![97, 1]],
            "not_a_number: takes no arguments, got 1",
        ),
        (
            "sum",
            vec![term("x")],
            "sum: argument `values`: expected a list, got \"x\"",
        ),
        (
            "sum",
            vec![list(&[vec![97, 1], term("two")])],
            "sum: argument `values` at [1]: expected i64, got \"two\"",
        ),
        (
            "renew",
            vec![claims(&term(&word("never"))), vec![97, 1]],
            "renew: argument `claims` at exp: expected u64, got never",
        ),
        (
            "renew",
            vec![claims(&[97, 1]), term(&256)],
            "renew: argument `seconds`: expected u8 (0 to 255), got 256",
        ),
        (
            "renew",
            vec![vec![116, 0, 0, 0, 0], vec![97, 1]],
            "renew: argument `claims`: missing key `sub`",
        ),
        (
            "echo",
            vec![vec![109, 0, 0, 0, 1, 255]],
            "echo: argument `text`: expected a string, got 1 bytes that are not UTF-8 from byte 0 on",
        ),
    ];
    for (function, arguments, expected) in cases {
        assert_eq!(refused(function, &arguments), expected);
    }
}

#[test]
fn an_argument_is_told_in_parts() {
    let mut port = Port::start();
    port.call(1, "renew", &[claims(&[97, 1]), term(&256)]);
    let frame = port.next_frame();
    let (_, _, map): (
        portreeve::Atom,
        u8,
        BTreeMap<portreeve::Atom, portreeve::Term>,
    ) = portreeve::etf::from_slice(&frame).expect("an error");
    let bytes = portreeve::etf::to_vec(&map["argument"]).expect("a term");
    let argument: BTreeMap<portreeve::Atom, portreeve::Term> =
        portreeve::etf::from_slice(&bytes).expect("a map");
    assert_eq!(plain(&argument["index"]), "1");
    assert_eq!(text(&argument["name"]), "seconds");
    assert_eq!(text(&argument["path"]), "");
    assert_eq!(text(&argument["expected"]), "u8 (0 to 255)");
    assert_eq!(text(&argument["got"]), "256");
}

#[test]
fn an_unknown_function_comes_with_the_nearest() {
    let message = error_message("summ", &[]);
    assert_eq!(
        message,
        (
            "undef".into(),
            "there is no function `summ`; did you mean `sum`?".into()
        )
    );
    let message = error_message("fly", &[]);
    assert_eq!(
        message,
        ("undef".into(), "there is no function `fly`".into())
    );
}

/// Kind and message of an error.
fn error_message(function: &str, arguments: &[Vec<u8>]) -> (String, String) {
    let mut port = Port::start();
    port.call(1, function, arguments);
    let frame = port.next_frame();
    let (_, _, map): (
        portreeve::Atom,
        u8,
        BTreeMap<portreeve::Atom, portreeve::Term>,
    ) = portreeve::etf::from_slice(&frame).expect("an error");
    (plain(&map["kind"]), text(&map["message"]))
}

#[test]
fn an_err_is_an_error() {
    let expected = ("error".into(), "divide: 1 cannot be divided by 0".into());
    assert_eq!(
        error_message("divide", &[vec![97, 1], vec![97, 0]]),
        expected
    );
}

#[test]
fn an_error_that_is_a_term_is_data_too() {
    let mut port = Port::start();
    let map = |port: &Port| {
        let frame = port.next_frame();
        let (_, _, map): (
            portreeve::Atom,
            u8,
            BTreeMap<portreeve::Atom, portreeve::Term>,
        ) = portreeve::etf::from_slice(&frame).expect("an error");
        map
    };
    port.call(0, "withdraw", &[vec![97, 5], vec![97, 1]]);
    assert_eq!(port.next(), "{reply,0,4}");
    port.call(1, "withdraw", &[vec![97, 1], vec![97, 5]]);
    let overdrawn = map(&port);
    assert_eq!(text(&overdrawn["message"]), "withdraw: 4 are missing");
    assert_eq!(plain(&overdrawn["data"]), "{overdrawn,#{missing=>4}}");
    port.call(2, "withdraw", &[vec![97, 1], vec![97, 0]]);
    assert_eq!(plain(&map(&port)["data"]), "locked");
    port.call(3, "divide", &[vec![97, 1], vec![97, 0]]);
    assert!(
        !map(&port).contains_key("data"),
        "a message is all that a String says"
    );
}

#[test]
fn sources_are_part_of_the_message() {
    let missing = "No such file or directory (os error 2)";
    for function in ["load", "load_again"] {
        let expected = format!("{function}: the settings in /nowhere: {missing}");
        assert_eq!(
            error_message(function, &[term("/nowhere")]),
            ("error".into(), expected)
        );
    }
}

#[test]
fn a_result_that_no_term_can_hold_says_where() {
    let expected =
        "not_a_number: the result cannot be sent: ratio: expected a finite number, got NaN";
    assert_eq!(
        error_message("not_a_number", &[]),
        ("error".into(), expected.into())
    );
}

#[test]
fn a_panic_is_answered_and_the_program_lives_on() {
    let mut port = Port::start();
    port.call(1, "panic", &[term("at the disco")]);
    let frame = port.next_frame();
    let (_, _, map): (
        portreeve::Atom,
        u8,
        BTreeMap<portreeve::Atom, portreeve::Term>,
    ) = portreeve::etf::from_slice(&frame).expect("an error");
    assert_eq!(plain(&map["kind"]), "panic");
    assert_eq!(text(&map["message"]), "panic: panicked: at the disco");
    let location = text(&map["location"]);
    assert!(location.contains("examples/basics.rs:"), "{location}");
    assert!(!map.contains_key("backtrace"));
    port.call(2, "sum", &[vec![106]]);
    assert_eq!(port.next(), "{reply,2,0}");
}

#[test]
fn a_backtrace_comes_when_it_is_asked_for() {
    let mut port = Port::start_with(|command| {
        command.env("RUST_BACKTRACE", "1");
    });
    port.call(1, "panic", &[term("x")]);
    let frame = port.next_frame();
    let (_, _, map): (
        portreeve::Atom,
        u8,
        BTreeMap<portreeve::Atom, portreeve::Term>,
    ) = portreeve::etf::from_slice(&frame).expect("an error");
    assert!(text(&map["backtrace"]).contains("basics::panic"));
}

#[test]
fn a_cast_has_no_answer() {
    let mut port = Port::start();
    let cast = |function: &str, arguments: &[Vec<u8>]| {
        framed(&message(&[
            &term(&word("cast")),
            &term(&word(function)),
            &list(arguments),
        ]))
    };
    port.write(&cast("sum", &[vec![106]]));
    port.write(&cast("panic", &[term("unheard")]));
    port.write(&cast("nothing_of_the_kind", &[]));
    port.call(7, "sum", &[vec![106]]);
    assert_eq!(port.next(), "{reply,7,0}");
}

#[test]
fn a_malformed_call_is_answered_when_its_id_can_be_read() {
    let mut port = Port::start();
    let (word_call, sum) = (term(&word("call")), term(&word("sum")));
    port.write(&framed(&message(&[&word_call, &[97, 1]])));
    assert!(port.next().starts_with("{error,1,"));
    port.write(&framed(&message(&[&word_call, &[97, 2], &[97, 9], &[106]])));
    assert!(port.next().starts_with("{error,2,"));
    port.write(&framed(&message(&[
        &word_call,
        &[97, 3],
        &sum,
        &term(&word("x")),
    ])));
    assert!(port.next().starts_with("{error,3,"));
    // An improper list.
    let improper = [108, 0, 0, 0, 1, 106, 97, 1];
    port.write(&framed(&message(&[&word_call, &[97, 4], &sum, &improper])));
    assert!(port.next().starts_with("{error,4,"));
    // What cannot be answered, and what is not known yet, is dropped.
    port.write(&framed(&message(&[&word_call])));
    port.write(&framed(&message(&[&term(&word("dance")), &[97, 1]])));
    port.write(&framed(&[131, 97, 1]));
    port.write(&framed(&[]));
    port.call(5, "sum", &[vec![106]]);
    assert_eq!(port.next(), "{reply,5,0}");
}

#[test]
fn a_call_may_come_compressed_or_in_parts() {
    let mut port = Port::start();
    let whole = &call(1, "sum", &[term(&vec![1; 100])])[4..];
    for (index, piece) in whole.chunks(50).enumerate() {
        let is_last = (index + 1) * 50 >= whole.len();
        let mut part = vec![
            term(&word("part")),
            term("key"),
            term(&portreeve::Bytes::from(piece)),
        ];
        part.extend(is_last.then(|| term(&word("last"))));
        let elements: Vec<&[u8]> = part.iter().map(Vec::as_slice).collect();
        port.write(&framed(&message(&elements)));
    }
    assert_eq!(port.next(), "{reply,1,100}");
    // zlib.compress of `{call, 2, sum, [[]]}` behind its size, as term_to_binary(T, [compressed]) writes it.
    let payload = &call(2, "sum", &[vec![106]])[5..];
    let size = (payload.len() as u32).to_be_bytes();
    port.write(&framed(
        &[&[131, 80], size.as_slice(), &stored(payload)].concat(),
    ));
    assert_eq!(port.next(), "{reply,2,0}");
}

/// A zlib stream of one stored block (RFC 1950, RFC 1951).
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len() as u16;
    let (mut a, mut b) = (1_u32, 0_u32);
    for &byte in bytes {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let head = [
        &[0x78, 0x01, 0x01],
        length.to_le_bytes().as_slice(),
        &(!length).to_le_bytes(),
    ]
    .concat();
    [&head, bytes, &((b << 16) | a).to_be_bytes()].concat()
}
