//! The trace of a call: its traceparent reaches the function, and the spans of `tracing` come back to a host that takes
//! them, and to no other.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use portreeve::{Atom, Term, etf};
use serde::{Deserialize, Serialize};

use crate::driver::{End, Port, framed, list, message, plain, program, read_frame, term, word};

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const CALLER: &str = "b7ad6b7169203331";

#[derive(Serialize)]
struct Hello {
    protocol: u8,
    accepts: Vec<Atom>,
    log: Atom,
}

fn host(accepts: &[&str], log: &str) -> Port {
    let mut port = Port::start();
    port.greet(&Hello {
        protocol: 1,
        accepts: accepts.iter().copied().map(word).collect(),
        log: word(log),
    });
    port
}

/// `{call, Id, Function, Args, #{trace => Trace}}`
fn traced(id: i64, function: &str, arguments: &[Vec<u8>], trace: &str) -> Vec<u8> {
    let options = [&[116, 0, 0, 0, 1], &*term(&word("trace")), &*term(trace)].concat();
    framed(&message(&[
        &term(&word("call")),
        &term(&id),
        &term(&word(function)),
        &list(arguments),
        &options,
    ]))
}

#[derive(Debug, Deserialize)]
struct Span {
    trace: String,
    id: String,
    parent: String,
    name: String,
    target: String,
    level: Atom,
    start: u64,
    end: u64,
    fields: BTreeMap<Atom, Term>,
    call: Term,
    error: Option<String>,
    kind: Option<Atom>,
}

fn span(port: &Port) -> Span {
    let frame = port.next_frame();
    let (word, span): (Atom, Span) = etf::from_slice(&frame)
        .unwrap_or_else(|error| panic!("{error}: {}", crate::driver::printed(&frame)));
    assert_eq!(word.as_str(), "span");
    span
}

#[test]
fn spans_of_a_traced_call_come_back_children_first() {
    let mut port = host(&["span"], "off");
    port.write(&traced(7, "spans", &[term(&[1_u64, 300])], TRACE));
    let spans: Vec<Span> = (0..4).map(|_| span(&port)).collect();
    assert_eq!(port.next(), "{reply,7,301}");
    let [one, two, steps, call] = &spans[..] else {
        panic!("four spans")
    };
    let names: Vec<_> = spans.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["step", "step", "steps", "spans"]);
    let targets: Vec<_> = spans.iter().map(|span| span.target.as_str()).collect();
    assert_eq!(targets, ["basics", "basics", "basics", "portreeve"]);
    let parents: Vec<_> = spans.iter().map(|span| span.parent.as_str()).collect();
    assert_eq!(parents, [&*steps.id, &*steps.id, &*call.id, CALLER]);
    assert_ne!(one.id, two.id);
    for span in &spans {
        assert_eq!(
            (span.trace.as_str(), plain(&span.call).as_str()),
            (TRACE, "7")
        );
        assert_eq!((span.id.len(), span.level.as_str()), (16, "info"));
        assert!(span.error.is_none() && span.kind.is_none());
    }
    assert_eq!(plain(&two.fields["item"]), "300");
    assert_eq!(
        (plain(&steps.fields["count"]), plain(&steps.fields["sum"])),
        ("2".into(), "301".into())
    );
    let times = [
        call.start,
        steps.start,
        one.start,
        one.end,
        two.start,
        two.end,
        steps.end,
        call.end,
    ];
    assert!(times.is_sorted(), "{times:?}");
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let since = now.as_nanos() - u128::from(call.end);
    assert!(
        since < 60_000_000_000,
        "in ns since 1970, a moment ago: {since}"
    );
}

#[test]
fn a_failed_call_and_a_logged_error_are_errors_of_their_spans() {
    let mut port = host(&["span"], "off");
    port.write(&traced(1, "spans", &[term(&[13_u64])], TRACE));
    let [step, steps, call] = [span(&port), span(&port), span(&port)];
    assert_eq!(step.error.as_deref(), Some("bad luck"));
    assert_eq!(steps.error, None);
    assert_eq!(call.error.as_deref(), Some("spans: 13 brings bad luck"));
    assert_eq!(call.kind.as_deref(), Some("error"));
    assert!(port.next().starts_with("{error,1,"));
    port.write(&traced(2, "sum", &[], TRACE));
    let call = span(&port);
    assert_eq!(
        (call.name.as_str(), call.kind.as_deref()),
        ("sum", Some("badarg"))
    );
    assert!(port.next().starts_with("{error,2,"));
}

/// Its field opens a span and logs while it is written.
#[test]
fn a_span_whose_field_logs_holds_nobody_up() {
    let mut port = Port::of("lasting");
    port.greet(&Hello {
        protocol: 1,
        accepts: ["span"].map(word).to_vec(),
        log: word("info"),
    });
    port.write(&traced(1, "loud_field", &[], TRACE));
    let names: Vec<_> = (0..3).map(|_| span(&port).name).collect();
    assert_eq!(names, ["inside", "outer", "loud_field"]);
    assert_eq!(port.next(), "{reply,1,nil}");
}

#[test]
fn finer_spans_come_as_far_as_logs_do() {
    let mut port = host(&["span", "log"], "debug");
    port.write(&traced(1, "spans", &[term(&[5_u64])], TRACE));
    let detail = span(&port);
    assert_eq!(
        (detail.name.as_str(), detail.level.as_str()),
        ("detail", "debug")
    );
    assert_eq!(span(&port).name, "step");
}

#[test]
fn who_does_not_ask_gets_no_spans() {
    // An owner on the BEAM says no hello; a host may say one without the word; a trace may not be sampled, or malformed.
    let unsampled = TRACE.replace("-01", "-00");
    let upper = TRACE.to_uppercase();
    let steps = |id, trace: &str| traced(id, "spans", &[term(&[5_u64])], trace);
    for (mut port, trace) in [
        (Port::start(), TRACE),
        (host(&["log", "event"], "off"), TRACE),
        (host(&["span"], "off"), unsampled.as_str()),
        (host(&["span"], "off"), upper.as_str()),
        (host(&["span"], "off"), ""),
    ] {
        port.write(&steps(1, trace));
        assert_eq!(port.next(), "{reply,1,5}");
        port.call(2, "spans", &[term(&[6_u64])]);
        assert_eq!(port.next(), "{reply,2,6}");
        port.hang_up();
        assert_eq!(port.rest(), [""; 0]);
    }
}

#[test]
fn a_function_can_read_its_traceparent() {
    let mut port = Port::start();
    let unsampled = TRACE.replace("-01", "-00");
    for (trace, seen) in [
        (TRACE, format!("<<\"{TRACE}\">>")),
        (&unsampled, format!("<<\"{unsampled}\">>")),
        ("00-nonsense", "nil".to_owned()),
    ] {
        port.write(&traced(3, "trace", &[], trace));
        let frame = port.next_frame();
        let (_, _, answer): (Atom, u8, Option<String>) = etf::from_slice(&frame).expect("a reply");
        let expected = (seen != "nil").then(|| trace.to_owned());
        assert_eq!(answer, expected);
    }
    port.call(4, "trace", &[]);
    assert_eq!(port.next(), "{reply,4,nil}");
}

#[test]
fn a_span_may_outlive_its_call() {
    let mut port = host(&["span"], "off");
    port.write(&traced(1, "outlive", &[], TRACE));
    let call = span(&port);
    assert_eq!(port.next(), "{reply,1,nil}");
    let late = span(&port);
    assert_eq!(
        (late.name.as_str(), late.parent.as_str()),
        ("elsewhere", &*call.id)
    );
    assert!(late.start > call.end);
}

#[test]
fn an_async_function_has_its_span_over_all_its_polls() {
    let mut port = host(&["span"], "off");
    port.write(&traced(1, "nap_in_span", &[term(&20)], TRACE));
    let [inner, call] = [span(&port), span(&port)];
    assert_eq!(port.next(), "{reply,1,20}");
    assert_eq!(
        (inner.name.as_str(), inner.parent.as_str()),
        ("asleep", &*call.id)
    );
    assert!(call.end - call.start >= 20_000_000);
    port.write(&traced(2, "nap", &[term(&60_000)], TRACE));
    port.send(&(word("cancel"), 2));
    let (mut kind, mut answer) = (None, None);
    while kind.is_none() || answer.is_none() {
        let frame = port.next_frame();
        match etf::from_slice::<(Atom, Span)>(&frame) {
            Ok((_, span)) => kind = span.kind,
            Err(_) => answer = Some(crate::driver::printed(&frame)),
        }
        // Cancelled before it began it has no span.
        if kind.is_none() && answer.is_some() {
            break;
        }
    }
    assert!(kind.is_none_or(|kind| kind.as_str() == "cancelled"));
    assert!(answer.is_some_and(|answer| answer.contains("kind=>cancelled")));
}

#[test]
fn spans_hold_nobody_up_and_what_was_dropped_is_counted() {
    let mut child = Command::new(program("basics"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let hello = Hello {
        protocol: 1,
        accepts: vec![word("span"), word("log")],
        log: word("warn"),
    };
    let hello = framed(&etf::to_vec(&(word("hello"), hello)).unwrap());
    let count = 20_000;
    let path = std::env::temp_dir().join(format!("portreeve-spans-{}", std::process::id()));
    let arguments = [term(&count), term(path.to_str().expect("a text"))];
    let call = traced(1, "many_spans", &arguments, TRACE);
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(&[hello, call].concat()).expect("written");
    // Reading begins when the function has returned: nobody took its spans, and it did not wait for that.
    while !path.exists() {
        assert!(child.try_wait().expect("a child").is_none());
        std::thread::yield_now();
    }
    std::fs::remove_file(path).expect("created by the call");
    let mut stdout = child.stdout.take().expect("a pipe");
    let (mut spans, mut dropped) = (0, 0);
    while spans + dropped < count + 1 {
        let frame = read_frame(&mut stdout).expect("a frame");
        match etf::from_slice::<(Atom, Span)>(&frame) {
            Ok(_) => spans += 1,
            Err(_) => dropped += dropped_spans(&frame),
        }
    }
    assert!(dropped > 0);
    assert_eq!(spans + dropped, count + 1);
    drop(stdin);
    child.wait().expect("it ends");
}

fn dropped_spans(frame: &[u8]) -> usize {
    let log = etf::from_slice::<(Atom, Atom, String, String, BTreeMap<Atom, Term>)>(frame);
    let count = log.ok().map(|(_, _, _, message, fields)| {
        assert!(
            message.ends_with(" spans were dropped: the host reads too slowly"),
            "{message}"
        );
        plain(&fields["dropped"]).parse().expect("a number")
    });
    count.unwrap_or(0)
}

#[test]
fn a_subscriber_of_the_programs_own_gets_every_call_as_a_span() {
    let mut port = Port::of("own_subscriber");
    port.greet(&Hello {
        protocol: 1,
        accepts: vec![word("span"), word("log")],
        log: word("trace"),
    });
    port.write(&traced(7, "half", &[term(&8)], TRACE));
    assert_eq!(port.next(), "{reply,7,4}");
    port.call(8, "half", &[term(&5)]);
    assert!(port.next().starts_with("{error,8,"));
    port.hang_up();
    let (end, stderr) = port.end();
    assert_eq!(end, End::Exit(0));
    let lines: Vec<&str> = stderr.lines().collect();
    let ids = format!("trace_id={:?} parent_id={CALLER:?}", &TRACE[3..35]);
    let first = format!("new 1 portreeve:half call=7 {ids}");
    assert_eq!(
        lines,
        [
            &first,
            "enter 1",
            "event message=halving",
            "exit 1",
            "close 1",
            "new 2 portreeve:half call=8",
            "enter 2",
            "event message=halving",
            "exit 2",
            "record 2 error=\"half: 5 is odd\"",
            "close 2",
        ]
    );
}
