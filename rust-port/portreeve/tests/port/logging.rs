//! Records of `log` and `tracing`: to the host that wants them, with the call that they belong to; to stderr otherwise;
//! and never in anybody's way.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use portreeve::{Atom, Term, etf};
use serde::Serialize;

use crate::driver::{End, Port, call, plain, program, term, word};

#[derive(Serialize)]
struct Hello {
    protocol: u8,
    accepts: Vec<Atom>,
    log: Atom,
}

fn wanting(level: &str) -> Hello {
    Hello {
        protocol: 1,
        accepts: vec![word("log")],
        log: word(level),
    }
}

type Log = (Atom, Atom, String, String, BTreeMap<Atom, Term>);

fn log(port: &Port) -> Log {
    etf::from_slice(&port.next_frame()).expect("a log message")
}

#[test]
fn records_reach_the_host_with_level_target_fields_and_call() {
    let mut port = Port::start();
    port.greet(&wanting("info"));
    port.call(7, "log", &[term("this")]);
    let (_, level, target, message, fields) = log(&port);
    assert_eq!(
        (level.as_str(), target.as_str(), message.as_str()),
        ("warn", "basics", "heed this")
    );
    assert_eq!(fields.len(), 1);
    assert_eq!(plain(&fields["call"]), "7");
    let (_, level, target, message, fields) = log(&port);
    assert_eq!(
        (level.as_str(), target.as_str(), message.as_str()),
        ("info", "basics", "tell this")
    );
    assert_eq!(plain(&fields["size"]), "4");
    assert_eq!(plain(&fields["half"]), "0.5");
    assert_eq!(plain(&fields["call"]), "7");
    assert_eq!(port.next(), "{reply,7,nil}");
}

#[test]
fn the_host_chooses_the_level() {
    let mut port = Port::start();
    port.greet(&wanting("trace"));
    port.call(1, "log", &[term("x")]);
    let levels: Vec<String> = (0..3).map(|_| log(&port).1.to_string()).collect();
    assert_eq!(levels, ["warn", "info", "debug"]);
    let mut port = Port::start();
    port.greet(&wanting("off"));
    port.call(1, "log", &[term("x")]);
    assert_eq!(port.next(), "{reply,1,nil}");
}

#[test]
fn without_a_host_that_wants_them_records_are_lines_on_stderr() {
    let mut port = Port::start();
    port.call(1, "log", &[term("that")]);
    assert_eq!(port.next(), "{reply,1,nil}");
    port.hang_up();
    let (end, stderr) = port.end();
    assert_eq!(end, End::Exit(0));
    assert_eq!(
        stderr,
        "WARN basics: heed that\nINFO basics: tell that size=4 half=0.5\n"
    );
}

#[test]
fn a_host_that_does_not_read_holds_nobody_up() {
    let mut command = Command::new(program("basics"));
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let hello = etf::to_vec(&(word("hello"), wanting("info"))).unwrap();
    // Nobody reads: 10 MB of records neither fit into the pipe nor into the queue, and the call returns all the same.
    let bytes = [
        crate::driver::framed(&hello),
        call(1, "flood", &[term(&10_000), term(&1000)]),
        call(2, "exit", &[vec![97, 7]]),
    ]
    .concat();
    // Kept open: waiting for a child would close its stdin first.
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, &bytes).unwrap();
    assert_eq!(End::of(child.wait().unwrap()), End::Exit(7));
}

#[test]
fn what_was_dropped_is_counted() {
    let mut command = Command::new(program("basics"));
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let hello = etf::to_vec(&(word("hello"), wanting("info"))).unwrap();
    let calls = [
        call(1, "flood", &[term(&5000), term(&1000)]),
        call(2, "wait", &[term(&300)]),
    ]
    .concat();
    let bytes = [crate::driver::framed(&hello), calls].concat();
    std::io::Write::write_all(child.stdin.as_mut().unwrap(), &bytes).unwrap();
    // Reading begins when the flood is over; every record is then either there or counted.
    std::thread::sleep(std::time::Duration::from_millis(300));
    let mut stdout = child.stdout.take().unwrap();
    let (mut records, mut dropped, mut replies) = (0, 0, 0);
    while replies < 2 || records + dropped < 5000 {
        let mut length = [0; 4];
        std::io::Read::read_exact(&mut stdout, &mut length).expect("a frame");
        let mut frame = vec![0; u32::from_be_bytes(length) as usize];
        std::io::Read::read_exact(&mut stdout, &mut frame).expect("a frame");
        match etf::from_slice::<Log>(&frame) {
            Ok((_, _, _, _, fields)) => match fields.get("dropped") {
                Some(count) => dropped += plain(count).parse::<usize>().unwrap(),
                None => records += 1,
            },
            Err(_) => replies += usize::from(crate::driver::printed(&frame).starts_with("{reply,")),
        }
    }
    assert!(dropped > 0);
    assert_eq!(records + dropped, 5000);
    drop(child.stdin.take());
    child.wait().unwrap();
}
