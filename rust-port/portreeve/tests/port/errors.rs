//! Errors that say what, where, and what to do: each text is asserted whole.

use std::collections::BTreeMap;

use crate::driver::{Port, claims, framed, list, message, plain, term, term as term_of, word};

type Map = BTreeMap<portreeve::Atom, portreeve::Term>;

/// The map of the error that a call gets.
fn error(function: &str, arguments: &[Vec<u8>]) -> Map {
    let mut port = Port::start();
    port.call(1, function, arguments);
    next_error(&port)
}

/// The map of the next error, which is that of call 1.
fn next_error(port: &Port) -> Map {
    let frame = port.next_frame();
    let (word, id, map): (portreeve::Atom, u8, Map) =
        portreeve::etf::from_slice(&frame).expect("an error");
    assert_eq!((word.as_str(), id), ("error", 1));
    map
}

/// The message of an error that is about the arguments.
fn refused(function: &str, arguments: &[Vec<u8>]) -> String {
    let map = error(function, arguments);
    assert_eq!(plain(&map["kind"]), "badarg");
    assert_eq!(plain(&map["function"]), function);
    text(&map["message"])
}

fn text(term: &portreeve::Term) -> String {
    let bytes = portreeve::etf::to_vec(term).expect("a term");
    portreeve::etf::from_slice(&bytes).expect("text")
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

/// `#{claims => #{…}, level => Level}`, and one key more when there is one.
fn grant(exp: &[u8], level: &[u8], more: Option<&str>) -> Vec<u8> {
    let pairs = [
        term(&word("claims")),
        claims(exp),
        term(&word("level")),
        level.to_vec(),
    ]
    .concat();
    let more = more.map(|key| [term(&word(key)), vec![97, 0]].concat());
    let arity = 2 + u8::from(more.is_some());
    [&[116, 0, 0, 0, arity], &*pairs, &more.unwrap_or_default()].concat()
}

/// `{writer, #{quota => Quota}}`.
fn writer(quota: &[u8]) -> Vec<u8> {
    let fields = [&[116, 0, 0, 0, 1], &*term(&word("quota")), quota].concat();
    [&[104, 2], &*term(&word("writer")), &fields].concat()
}

#[test]
fn a_place_deep_inside_is_told_whole() {
    let (reader, owner) = (term(&word("reader")), term(&word("owner")));
    let good = grant(&[97, 1], &writer(&[97, 255]), None);
    let members = |last: Vec<u8>| list(&[good.clone(), good.clone(), good.clone(), last]);
    let cases = [
        (
            grant(&term("soon"), &reader, None),
            members(good.clone()),
            "quota: argument `grant` at claims.exp: expected u64, got \"soon\"",
        ),
        (
            grant(&[97, 1], &reader, Some("admin")),
            members(good.clone()),
            "quota: argument `grant`: unknown key `admin`, expected one of `claims`, `level`",
        ),
        (
            grant(&[97, 1], &owner, None),
            members(good.clone()),
            "quota: argument `grant` at level: unknown variant `owner`, expected one of `reader`, `writer`",
        ),
        (
            good.clone(),
            members(grant(&term(&-1), &reader, None)),
            "quota: argument `members` at [3].claims.exp: expected u64 (0 to 18446744073709551615), got -1",
        ),
        (
            good.clone(),
            members(grant(&[97, 1], &writer(&term(&256)), None)),
            "quota: argument `members` at [3].level.writer.quota: expected u8 (0 to 255), got 256",
        ),
        (
            good.clone(),
            members(term("nobody")),
            "quota: argument `members` at [3]: expected a map, got \"nobody\"",
        ),
    ];
    for (grant, members, expected) in cases {
        assert_eq!(refused("quota", &[grant, members]), expected);
    }
    let mut port = Port::start();
    port.call(1, "quota", &[good.clone(), members(good.clone())]);
    assert_eq!(
        port.next(),
        "{reply,1,1275}",
        "nothing is wrong with the good ones"
    );
}

/// The parts of a refused argument: its path, what was expected, what was there.
#[test]
fn the_parts_of_an_argument_are_those_of_its_text() {
    let mut port = Port::start();
    let good = grant(&[97, 1], &writer(&[97, 255]), None);
    let bad = grant(&[97, 1], &writer(&term(&256)), None);
    port.call(1, "quota", &[good, list(&[bad])]);
    let argument = argument(&port);
    assert_eq!(plain(&argument["index"]), "1");
    assert_eq!(text(&argument["name"]), "members");
    assert_eq!(text(&argument["path"]), "[0].level.writer.quota");
    assert_eq!(text(&argument["expected"]), "u8 (0 to 255)");
    assert_eq!(text(&argument["got"]), "256");
}

/// The part of the next error that is about an argument.
fn argument(port: &Port) -> Map {
    let map = next_error(port);
    let bytes = portreeve::etf::to_vec(&map["argument"]).expect("a term");
    portreeve::etf::from_slice(&bytes).expect("a map")
}

#[test]
fn an_argument_is_told_in_parts() {
    let mut port = Port::start();
    port.call(1, "renew", &[claims(&[97, 1]), term(&256)]);
    let argument = argument(&port);
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
    let map = error(function, arguments);
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
fn any_boxed_error_is_an_error() {
    let missing = "No such file or directory (os error 2)";
    let mut functions = vec!["load_boxed_send", "load_boxed_both"];
    if cfg!(feature = "async") {
        functions.push("load_boxed_later");
    }
    for function in functions {
        let expected = format!("{function}: {missing}");
        let found = error_message(function, &[term("/nowhere")]);
        assert_eq!(found, ("error".into(), expected));
    }
    let found = error_message("load_boxed", &[term("/nowhere"), term("1")]);
    assert_eq!(found, ("error".into(), format!("load_boxed: {missing}")));
    let found = error_message("load_boxed", &[term(""), term("1")]);
    assert_eq!(found, ("error".into(), "load_boxed: no path".into()));
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

/// `[[[…]]]`, so many deep.
fn nested(depth: usize) -> Vec<u8> {
    [[108, 0, 0, 0, 1].repeat(depth), vec![106; depth + 1]].concat()
}

/// A term that is well-formed and over one of the limits.
fn over_the_limits() -> Vec<(Vec<u8>, &'static str)> {
    let integer = [&[111, 0, 1, 0, 1, 0][..], &[1; 65_537]].concat();
    let atom = [&[118, 1, 0][..], &[b'a'; 256]].concat();
    let pid = [&[88][..], &atom, &[0; 12]].concat();
    vec![
        (nested(600), "deeper than 512 levels"),
        (nested(3_000_000), "deeper than 512 levels"),
        (integer, "an integer of 65537 bytes"),
        (atom, "an atom of 256 characters"),
        (pid, "an atom of 256 characters"),
    ]
}

#[test]
fn a_term_over_a_limit_costs_only_its_own_call() {
    let mut port = Port::start();
    for (term, why) in over_the_limits() {
        port.call(1, "echo_term", &[list(&[term.clone(), vec![97, 1]])]);
        let map = next_error(&port);
        assert_eq!(plain(&map["kind"]), "badarg");
        assert!(text(&map["message"]).contains(why), "{map:?}");
        // A cast gets no answer; the call behind it shows that the program lives.
        port.write(&framed(&message(&[
            &term_of(&word("cast")),
            &term_of(&word("echo_term")),
            &list(&[term]),
        ])));
        port.call(2, "sum", &[list(&[vec![97, 1]])]);
        assert_eq!(port.next(), "{reply,2,1}");
    }
}
