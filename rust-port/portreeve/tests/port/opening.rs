//! The opening: hello, the host's hello, `on_start`, and hosts that say nothing.

use std::collections::BTreeMap;

use portreeve::{Atom, Term, etf};
use serde::Serialize;

use crate::driver::{End, Port, framed, plain, term, word};

#[derive(Default, Serialize)]
struct Hello {
    protocol: u8,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accepts: Vec<Atom>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_frame: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<BTreeMap<&'static str, &'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<BTreeMap<&'static str, u64>>,
}

fn bare() -> Hello {
    Hello {
        protocol: 1,
        ..Hello::default()
    }
}

#[test]
fn the_program_says_what_it_can_do() {
    let port = Port::over_pipes(|_| {});
    let frame = port.next_frame();
    let (_, hello): (Atom, BTreeMap<Atom, Term>) = etf::from_slice(&frame).expect("a hello");
    assert_eq!(plain(&hello["protocol"]), "1");
    assert_eq!(plain(&hello["name"]), "<<98,97,115,105,99,115>>");
    assert_eq!(plain(&hello["max_frame"]), "67108864");
    let bytes = etf::to_vec(&hello["functions"]).expect("a term");
    let functions: Vec<BTreeMap<Atom, Term>> = etf::from_slice(&bytes).expect("a list of maps");
    let sum = functions
        .iter()
        .find(|f| plain(&f["name"]) == "sum")
        .expect("sum is announced");
    assert_eq!(plain(&sum["args"]), "[{values,{list,i64}}]");
    assert_eq!(plain(&sum["result"]), "i64");
    assert_eq!(plain(&sum["idempotent"]), "true");
    let names: Vec<_> = functions.iter().map(|f| plain(&f["name"])).collect();
    assert!(names.is_sorted(), "{names:?}");
    // Special parameters are not announced.
    let steps = functions
        .iter()
        .find(|f| plain(&f["name"]) == "steps")
        .expect("steps");
    assert_eq!(plain(&steps["args"]), "[{count,u32}]");
    assert_eq!(plain(&steps["result"]), "u32");
}

#[test]
fn a_start_term_reaches_on_start_and_its_state_the_functions() {
    let mut port = Port::start();
    port.greet(&Hello {
        start: Some(BTreeMap::from([("greeting", "hi")])),
        ..bare()
    });
    port.call(1, "greeting", &[]);
    assert_eq!(port.next(), "{reply,1,<<104,105>>}");
}

#[test]
fn a_host_that_says_nothing_gets_on_start_with_undefined() {
    let mut port = Port::start();
    port.call(1, "greeting", &[]);
    assert_eq!(port.next(), "{reply,1,<<>>}");
}

#[test]
fn a_start_that_fails_is_told_and_ends_the_program() {
    let mut port = Port::start();
    let start = Some(BTreeMap::from([("fail", "no database")]));
    port.send(&(word("hello"), Hello { start, ..bare() }));
    let frame = port.next_frame();
    let (answer, map): (Atom, BTreeMap<Atom, String>) = etf::from_slice(&frame).expect("failed");
    assert_eq!(
        (answer.as_str(), map["message"].as_str()),
        ("failed", "no database")
    );
    let (end, stderr) = port.end();
    assert_eq!(end, End::Exit(1));
    assert_eq!(stderr, "portreeve: cannot start: no database\n");
}

#[test]
fn another_protocol_is_refused_with_both_versions() {
    let mut port = Port::start();
    port.send(&(
        word("hello"),
        Hello {
            protocol: 2,
            ..bare()
        },
    ));
    let frame = port.next_frame();
    let (_, map): (Atom, BTreeMap<Atom, String>) = etf::from_slice(&frame).expect("failed");
    assert_eq!(
        map["message"],
        "this program speaks protocol 1, the host speaks 2"
    );
    assert_eq!(port.end().0, End::Exit(1));
}

#[test]
fn what_the_host_does_not_accept_is_not_sent() {
    let mut port = Port::start();
    port.call(1, "steps", &[vec![97, 3]]);
    assert_eq!(port.next(), "{reply,1,3}");
    port.call(2, "echo_bytes", &[vec![77, 0, 0, 0, 1, 8, 9]]);
    assert_eq!(port.next_frame()[12..], [109, 0, 0, 0, 1, 9]);
    port.call(3, "zeros", &[term(&2_200_000)]);
    assert!(port.next().starts_with("{reply,3,"));
}

#[test]
fn what_the_host_accepts_is_sent() {
    let mut port = Port::start();
    let accepts = ["progress", "event", "bytes", "part"].map(word).to_vec();
    port.greet(&Hello { accepts, ..bare() });
    port.call(1, "steps", &[vec![97, 2]]);
    assert_eq!(port.next(), "{progress,1,1}");
    assert_eq!(port.next(), "{progress,1,2}");
    assert_eq!(port.next(), "{event,<<115,116,101,112,115>>,2}");
    assert_eq!(port.next(), "{reply,1,2}");
    port.call(2, "echo_bytes", &[vec![109, 0, 0, 0, 1, 9]]);
    assert_eq!(port.next_frame()[12..], [77, 0, 0, 0, 1, 8, 9]);
    port.call(3, "zeros", &[term(&2_200_000)]);
    let parts: Vec<String> = (0..9).map(|_| port.next()).collect();
    assert!(
        parts.iter().all(|part| part.starts_with("{part,")),
        "{parts:?}"
    );
    assert!(parts[8].ends_with(",last}"));
}

#[test]
fn a_result_over_the_hosts_limit_is_that_calls_error() {
    let mut port = Port::start();
    port.greet(&Hello {
        max_frame: Some(10_000),
        ..bare()
    });
    port.call(1, "zeros", &[term(&20_000)]);
    let frame = port.next_frame();
    let (_, _, map): (Atom, u8, BTreeMap<Atom, Term>) = etf::from_slice(&frame).expect("an error");
    let message: String = etf::from_slice(&etf::to_vec(&map["message"]).unwrap()).unwrap();
    assert_eq!(
        message,
        "zeros: the result is a message of 20017 bytes; the host takes 10000"
    );
    port.call(2, "sum", &[vec![106]]);
    assert_eq!(port.next(), "{reply,2,0}");
}

#[test]
fn what_the_host_takes_it_may_send_too() {
    let mut port = Port::start();
    let hello = Hello {
        max_frame: Some(70_000_000),
        ..bare()
    };
    port.send(&(word("hello"), &hello));
    assert!(port.next().contains("max_frame=>70000000"));
    let text = "x".repeat(68_000_000);
    port.call(1, "count", &[term(&text)]);
    assert_eq!(port.next(), "{reply,1,68000000}");
}

#[test]
fn a_host_that_takes_little_may_send_what_the_hello_said() {
    let mut port = Port::start();
    let hello = Hello {
        max_frame: Some(1000),
        ..bare()
    };
    port.send(&(word("hello"), &hello));
    assert!(port.next().contains("max_frame=>67108864"));
    port.call(1, "count", &[term(&"x".repeat(100_000))]);
    assert_eq!(port.next(), "{reply,1,100000}");
}

#[test]
fn limits_are_set_before_on_start() {
    let mut port = Port::start();
    let limits = Some(BTreeMap::from([("open_files", 40), ("cpu_seconds", 3600)]));
    port.greet(&Hello { limits, ..bare() });
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", port.child.id())).unwrap();
    let line = |name: &str| {
        let line = limits
            .lines()
            .find(|line| line.starts_with(name))
            .expect("a limit");
        line.split_whitespace()
            .rev()
            .take(3)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(line("Max open files")[1..], ["40", "40"]);
    // The hard limit stands first here, a second above the soft one.
    assert_eq!(line("Max cpu time")[1..], ["3601", "3600"]);
}

#[test]
fn a_function_that_takes_more_memory_than_its_limit_ends_its_program_alone() {
    const GIB: u64 = 1 << 30;
    let mut port = Port::start();
    let limits = Some(BTreeMap::from([("memory", GIB / 2)]));
    port.greet(&Hello { limits, ..bare() });
    port.call(1, "zeros", &[term(&1_000_000)]);
    assert!(port.next().starts_with("{reply,1,"));
    // Less than the largest allocation of a 32-bit program, which would be a panic.
    port.call(2, "zeros", &[term(&GIB)]);
    assert_eq!(port.rest(), [] as [String; 0], "there is no answer to give");
    let (end, stderr) = port.end();
    assert_eq!(end, End::Signal(libc::SIGABRT));
    let told = [
        "memory allocation of 1073741824 bytes failed",
        "portreeve: SIGABRT in `zeros`",
    ];
    assert!(told.iter().all(|line| stderr.contains(line)), "{stderr}");
}

/// A program whose memory grows bit by bit, and one that uses less than its limit though it reserves more.
#[test]
fn memory_that_is_used_is_bounded_and_not_what_is_reserved() {
    const MIB: u64 = 1 << 20;
    let mut port = Port::start();
    let limits = Some(BTreeMap::from([("memory", 64 * MIB)]));
    port.greet(&Hello { limits, ..bare() });
    // Beside 40 MiB of an answer there are stacks of 8 MiB a thread, and what malloc keeps at hand.
    port.call(1, "zeros", &[term(&(20 * MIB))]);
    assert!(port.next().starts_with("{reply,1,"));
    port.call(2, "hoard", &[]);
    assert_eq!(port.rest(), [] as [String; 0], "there is no answer to give");
    let (end, stderr) = port.end();
    assert_eq!(end, End::Signal(libc::SIGABRT));
    let told = stderr.contains("limits.memory is 64 MiB") || stderr.contains("bytes failed");
    assert!(told, "{stderr}");
    assert!(stderr.contains(" MiB of memory in use)"), "{stderr}");
}

#[test]
fn processor_time_that_is_used_up_is_told() {
    let mut port = Port::start();
    let limits = Some(BTreeMap::from([("cpu_seconds", 1)]));
    port.greet(&Hello { limits, ..bare() });
    port.call(1, "spin", &[term(&60_000)]);
    assert_eq!(port.rest(), [] as [String; 0], "there is no answer to give");
    let (end, stderr) = port.end();
    assert_eq!(end, End::Signal(libc::SIGXCPU));
    assert!(
        stderr.contains("portreeve: SIGXCPU") && stderr.contains("processor time is used up"),
        "{stderr}"
    );
}

#[test]
fn a_limit_that_the_system_refuses_is_told() {
    let mut port = Port::start();
    let limits = Some(BTreeMap::from([("open_files", u64::MAX)]));
    port.send(&(word("hello"), Hello { limits, ..bare() }));
    let frame = port.next_frame();
    let (answer, map): (Atom, BTreeMap<Atom, String>) = etf::from_slice(&frame).expect("failed");
    assert_eq!(answer.as_str(), "failed");
    let message = &map["message"];
    assert!(
        message.starts_with("limits.open_files: 18446744073709551615 was refused: "),
        "{message}"
    );
    assert_eq!(port.end().0, End::Exit(1));
}

#[test]
fn a_second_hello_changes_nothing() {
    let mut port = Port::start();
    port.greet(&bare());
    port.send(&(
        word("hello"),
        Hello {
            accepts: vec![word("event")],
            ..bare()
        },
    ));
    port.call(1, "steps", &[vec![97, 1]]);
    assert_eq!(port.next(), "{reply,1,1}");
}

#[test]
fn ping_is_answered_with_its_own_bytes() {
    let mut port = Port::start();
    port.write(&framed(&crate::driver::message(&[
        &term(&word("ping")),
        &[98, 0, 0, 0, 7],
    ])));
    assert_eq!(
        port.next_frame(),
        crate::driver::message(&[&term(&word("pong")), &[98, 0, 0, 0, 7]])
    );
}

#[test]
fn a_program_with_two_types_of_one_name_does_not_start() {
    let (end, said) = Port::silent("two_of_one_name").end();
    assert_eq!(end, End::Exit(1), "{said}");
    assert!(
        said.contains("cannot start: two types are called `User`: "),
        "{said}"
    );
    assert!(said.contains("#[portreeve::term(name = "), "{said}");
}

#[test]
fn names_that_are_not_ascii_come_over_as_themselves() {
    let frame = Port::over_pipes(|_| {}).next_frame();
    let (_, hello): (Atom, BTreeMap<Atom, Term>) = etf::from_slice(&frame).expect("a hello");
    let bytes = etf::to_vec(&hello["functions"]).expect("a term");
    let functions: Vec<BTreeMap<Atom, Term>> = etf::from_slice(&bytes).expect("a list of maps");
    let mut found = functions.iter().filter(|f| plain(&f["name"]) == "fläche");
    let args = plain(&found.next().expect("it is announced")["args"]);
    assert_eq!(args, "[{größe,f64}]");
    let mut port = Port::start();
    port.call(1, "fläche", &[term(&2.5)]);
    assert_eq!(port.next(), "{reply,1,6.25}");
}
