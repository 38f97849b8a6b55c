//! Calls and their answers.

use std::collections::BTreeMap;

use crate::driver::{Port, call, claims, framed, list, message, plain, term, word};

/// Calls once and gives the answer without `{reply,1,` or `{error,1,`.
fn answer(function: &str, arguments: &[Vec<u8>]) -> String {
    let mut port = Port::start();
    port.call(1, function, arguments);
    port.next()
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
fn each_kind_of_trouble_is_told_once() {
    let mut port = Port::start();
    for id in 0..2 {
        port.write(&framed(&message(&[&term(&word("cast")), &[97, 9]])));
        port.write(&framed(&message(&[
            &term(&word("hello")),
            &[116, 0, 0, 0, 0],
        ])));
        port.call(id, "sum", &[vec![106]]);
        assert_eq!(port.next(), format!("{{reply,{id},0}}"));
    }
    port.hang_up();
    let (_, stderr) = port.end();
    for trouble in ["dropped a malformed message", "dropped a hello"] {
        assert_eq!(stderr.matches(trouble).count(), 1, "{stderr}");
    }
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

#[test]
fn owned_bytes_come_in_every_form() {
    let large = term(&portreeve::Bytes::from(vec![7; 1 << 20]));
    for (bytes, more, counted) in [
        (vec![109, 0, 0, 0, 0], term(&word("nil")), "{0,nil}"),
        (vec![106], vec![106], "{0,0}"),
        (vec![107, 0, 2, 1, 2], vec![77, 0, 0, 0, 1, 8, 9], "{2,1}"),
        (large.clone(), large, "{1048576,1048576}"),
    ] {
        let expected = format!("{{reply,1,{counted}}}");
        assert_eq!(answer("count_owned", &[bytes, more]), expected);
    }
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
fn a_term_of_bytes_comes_back_as_bytes() {
    let mut port = Port::start();
    let bits: &[u8] = &[77, 0, 0, 0, 2, 8, 1, 200];
    let key: &[u8] = &[77, 0, 0, 0, 1, 8, 65];
    let in_map = [&[116, 0, 0, 0, 1][..], key, bits].concat();
    for (id, sent) in (1_u8..).zip([bits.to_vec(), key.to_vec(), in_map, list(&[bits.to_vec()])]) {
        port.call(id.into(), "echo_term", std::slice::from_ref(&sent));
        let expected = message(&[&term(&word("reply")), &[97, id], &sent]);
        assert_eq!(port.next_frame(), expected);
    }
}

#[test]
fn options_at_the_end_may_be_left_out() {
    let values = term(&vec![1_000, 2_000, 3_000]);
    for (more, expected) in [
        (vec![], "{reply,1,[1000,2000,3000]}"),
        (vec![term(&1)], "{reply,1,[2000,3000]}"),
        (vec![term(&1), term(&1)], "{reply,1,[2000]}"),
        (vec![term(&word("nil")), term(&1)], "{reply,1,[1000]}"),
    ] {
        let arguments = [vec![values.clone()], more].concat();
        assert_eq!(answer("window", &arguments), expected);
    }
    let wrong = |arguments: &[Vec<u8>]| answer("window", arguments);
    let takes = printed_text("window: takes 1 to 3 arguments (values, from, count), got ");
    assert!(
        wrong(&[]).contains(takes.trim_end_matches(">>")),
        "{}",
        wrong(&[])
    );
    assert!(wrong(&vec![values; 4]).contains(takes.trim_end_matches(">>")));
}

/// Text as it is printed within a term.
fn printed_text(text: &str) -> String {
    plain(&portreeve::etf::from_term::<portreeve::Term>(&term(text)).expect("a term"))
        .trim_start_matches("<<")
        .to_owned()
}

#[test]
fn a_parameter_may_be_a_type_of_the_programs_own_that_is_made_of_the_call() {
    assert_eq!(answer("how_long", &[]), "{reply,1,nil}");
    let mut port = Port::start();
    let call = |timeout: u64| {
        let options = BTreeMap::from([(word("timeout"), timeout)]);
        framed(&message(&[
            &term(&word("call")),
            &[97, 1],
            &term(&word("how_long")),
            &[106],
            &term(&options),
        ]))
    };
    port.write(&call(60_500));
    assert_eq!(port.next(), "{reply,1,60}");
    port.write(&call(7_200_000));
    let refused = port.next();
    assert!(
        refused.contains(&*printed_text("how_long: nobody waits an hour")),
        "{refused}"
    );
}

#[test]
fn an_id_that_is_in_use_and_comes_again_is_that_calls_badarg() {
    let mut port = Port::start();
    // Wherever the first one runs: among the threads that compute, or the blocking ones.
    for (function, arguments) in [("until_cancelled", vec![]), ("wait", vec![term(&300)])] {
        port.write(&[call(1, function, &arguments), call(1, "sum", &[vec![106]])].concat());
        let again = port.next();
        assert!(again.starts_with("{error,1,"), "{again}");
        assert!(again.contains("kind=>badarg"), "{again}");
        let text = printed_text("a call with this Id is still unanswered");
        assert!(again.contains(&*text), "{again}");
        port.send(&(word("cancel"), 1));
        port.next();
        // It is answered: the Id is free.
        port.call(1, "sum", &[list(&[vec![97, 2]])]);
        assert_eq!(port.next(), "{reply,1,2}");
    }
}
