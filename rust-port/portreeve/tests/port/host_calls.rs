//! The program as a caller: the host's functions, and what happens to others while a call waits for one.

use portreeve::Atom;
use serde::Serialize;

use crate::driver::{Port, framed, message, term, word};

#[derive(Serialize)]
struct Hello {
    protocol: u8,
    accepts: Vec<Atom>,
    functions: Vec<Atom>,
}

fn start() -> Port {
    let mut port = Port::start();
    let (accepts, functions) = (vec![word("call")], vec![word("answer")]);
    port.greet(&Hello {
        protocol: 1,
        accepts,
        functions,
    });
    port
}

fn reply(id: u64, value: &str) -> Vec<u8> {
    framed(&message(&[&term(&word("reply")), &term(&id), &term(value)]))
}

#[test]
fn the_host_answers() {
    let mut port = start();
    port.call(1, "ask", &[term("why")]);
    assert_eq!(port.next(), "{call,0,answer,[<<119,104,121>>,1]}");
    port.write(&reply(0, "so"));
    assert_eq!(port.next(), "{reply,1,<<115,111>>}");
}

#[test]
fn arguments_are_a_list_whatever_they_are() {
    for (how, expected) in [
        ("none", "[]"),
        ("bytes", "[1,2]"),
        ("array", "[<<>>,<<7>>]"),
        ("empty", "[]"),
        ("many", "[1,nil,<<>>,[]]"),
    ] {
        let mut port = start();
        port.call(1, "ask_with", &[term(how)]);
        assert_eq!(port.next(), format!("{{call,0,answer,{expected}}}"));
        port.write(&reply(0, "so"));
        assert_eq!(port.next(), "{reply,1,<<115,111>>}");
    }
}

#[test]
fn the_host_fails() {
    let mut port = start();
    port.call(1, "ask", &[term("why")]);
    assert!(port.next().starts_with("{call,0,"));
    let map = [
        &[116, 0, 0, 0, 2],
        term(&word("kind")).as_slice(),
        &term(&word("error")),
        &term(&word("message")),
        &term("no"),
    ]
    .concat();
    port.write(&framed(&message(&[&term(&word("error")), &[97, 0], &map])));
    let answer = port.next_frame();
    let text = String::from_utf8_lossy(&answer).into_owned();
    assert!(text.contains("ask: the host answered error: no"), "{text}");
}

#[test]
fn calls_that_wait_for_the_host_hold_nobody_up() {
    let mut port = start();
    // Far more than there are cores: all of them wait at once.
    for id in 0..100 {
        port.call(id, "ask", &[term("why")]);
    }
    let mut asked: Vec<String> = (0..100).map(|_| port.next()).collect();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), 100);
    port.call(1000, "sum", &[vec![106]]);
    assert_eq!(port.next(), "{reply,1000,0}");
    for id in 0..100 {
        port.write(&reply(id, ""));
    }
    let mut answers: Vec<String> = (0..100).map(|_| port.next()).collect();
    answers.sort();
    answers.dedup();
    assert_eq!(answers.len(), 100);
}

#[test]
fn too_many_calls_that_wait_are_refused() {
    let mut port = start();
    for id in 0..257 {
        port.call(id, "ask", &[term("why")]);
    }
    let answers: Vec<String> = (0..257).map(|_| port.next()).collect();
    let refused: Vec<&String> = answers
        .iter()
        .filter(|answer| answer.starts_with("{error,"))
        .collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
}

#[test]
fn a_cancel_reaches_a_call_that_waits_for_the_host() {
    let mut port = start();
    port.call(1, "ask", &[term("why")]);
    assert!(port.next().starts_with("{call,0,"));
    port.write(&framed(&message(&[&term(&word("cancel")), &[97, 1]])));
    let mut answers = [port.next(), port.next()];
    answers.sort();
    assert_eq!(answers[0], "{cancel,0}");
    assert!(
        answers[1].starts_with("{error,1,") && answers[1].contains("cancelled"),
        "{answers:?}"
    );
}

#[test]
fn a_host_that_takes_no_calls_gets_none() {
    let mut port = Port::start();
    port.call(1, "ask", &[term("why")]);
    let text = String::from_utf8_lossy(&port.next_frame()).into_owned();
    assert!(text.contains("ask: the host takes no calls"), "{text}");
}

#[test]
fn a_function_is_tested_without_a_host() {
    use portreeve::{Cancel, Cancelled, Host, HostError, Sent};
    fn steps(count: u8, host: &Host, cancel: &Cancel) -> Result<(), Cancelled> {
        for done in 0..count {
            cancel.check()?;
            host.progress(&done).expect("a term");
        }
        host.event("done", &count).expect("a term");
        Ok(())
    }
    let host = Host::detached();
    assert!(host.accepts_progress() && host.accepts_events());
    assert_eq!(steps(2, &host, &Cancel::never()), Ok(()));
    let kept = host.clone().sent();
    let texts: Vec<String> = kept
        .iter()
        .map(|sent| match sent {
            Sent::Progress(term) => term.to_string(),
            Sent::Event(topic, term) => format!("{topic}: {term}"),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(texts, ["0", "1", "done: 2"]);
    assert_eq!(steps(2, &host, &Cancel::now()), Err(Cancelled));
    let (cancel, do_cancel) = Cancel::by_hand();
    assert_eq!(cancel.check(), Ok(()));
    do_cancel();
    assert_eq!(cancel.check(), Err(Cancelled));
    assert!(host.progress(&f64::NAN).is_err());
    let refused = host.call::<_, u8>("answer", &());
    assert!(matches!(refused, Err(HostError::Undef(_))), "{refused:?}");
}
