//! The program ends with its host: at once, whatever it computes and whatever it has not read yet; and it ends for
//! nothing else.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::driver::{End, Port, call, framed, term, word};

const LONG: i32 = 600_000;

fn stop() -> Vec<u8> {
    framed(&[&[131], term(&word("stop")).as_slice()].concat())
}

/// Waits until a call is running: the ping behind it is answered by another thread.
fn busy(port: &mut Port) {
    port.call(1, "spin", &[term(&LONG)]);
    port.send(&(word("ping"), 1));
    assert_eq!(port.next(), "{pong,1}");
}

#[test]
fn end_of_input_ends_an_idle_program() {
    for mut port in [Port::start(), Port::over_sockets()] {
        port.hang_up();
        assert_eq!(port.end(), (End::Exit(0), String::new()));
    }
}

#[test]
fn end_of_input_ends_a_computation() {
    for mut port in [Port::start(), Port::over_sockets()] {
        busy(&mut port);
        port.hang_up();
        assert_eq!(port.end().0, End::Exit(0));
    }
}

#[test]
fn a_hang_up_is_seen_before_unread_frames() {
    for mut port in [Port::start(), Port::over_sockets()] {
        busy(&mut port);
        // Four threads at most compute here; the rest of these frames stays unread or queued.
        for id in 2..200 {
            port.call(id, "spin", &[term(&LONG)]);
        }
        port.hang_up();
        assert_eq!(port.end().0, End::Exit(0));
    }
}

#[test]
fn a_hang_up_ends_blocking_calls() {
    let mut port = Port::start();
    port.call(1, "wait", &[term(&LONG)]);
    port.send(&(word("ping"), 1));
    assert_eq!(port.next(), "{pong,1}");
    port.hang_up();
    assert_eq!(port.end().0, End::Exit(0));
}

#[cfg(feature = "async")]
#[test]
fn a_hang_up_ends_futures() {
    let mut port = Port::start();
    port.call(1, "nap", &[term(&LONG)]);
    port.send(&(word("ping"), 1));
    assert_eq!(port.next(), "{pong,1}");
    port.hang_up();
    assert_eq!(port.end().0, End::Exit(0));
}

#[test]
fn the_host_that_no_longer_reads_is_gone() {
    let mut port = Port::over_pipes(|command| {
        command.stdout(std::process::Stdio::piped());
    });
    assert!(port.next().starts_with("{hello,"));
    // Closing both ends is what a SIGKILL of the host does.
    port.hang_up();
    assert_eq!(port.end().0, End::Exit(0));
}

#[test]
fn stop_answers_what_came_before_it() {
    let mut port = Port::start();
    let mut bytes = Vec::new();
    bytes.extend(call(1, "spin", &[term(&50)]));
    bytes.extend(call(2, "wait", &[term(&80)]));
    bytes.extend(call(3, "sum", &[vec![106]]));
    bytes.extend(stop());
    bytes.extend(call(4, "sum", &[vec![106]]));
    port.write(&bytes);
    let mut answers = port.rest();
    answers.sort();
    assert!(answers[0].starts_with("{error,4,#{"), "{answers:?}");
    assert!(answers[0].contains("stopping"), "{answers:?}");
    assert!(answers[1].starts_with("{reply,1,"), "{answers:?}");
    assert_eq!(answers[2..], ["{reply,2,80}", "{reply,3,0}"]);
    assert_eq!(port.end(), (End::Exit(0), String::new()));
}

#[test]
fn sigint_does_nothing() {
    let mut port = Port::start();
    port.signal(libc::SIGINT);
    port.call(1, "sum", &[vec![106]]);
    assert_eq!(port.next(), "{reply,1,0}");
}

#[test]
fn sigterm_stops_where_no_host_said_hello() {
    let mut port = Port::start();
    port.call(1, "wait", &[term(&100)]);
    port.send(&(word("ping"), 1));
    assert_eq!(port.next(), "{pong,1}");
    port.signal(libc::SIGTERM);
    assert_eq!(port.rest(), ["{reply,1,100}"]);
    assert_eq!(port.end(), (End::Exit(0), String::new()));
}

#[test]
fn sigterm_does_nothing_under_a_host_that_said_hello() {
    #[derive(Serialize)]
    struct Hello {
        protocol: u8,
    }
    let mut port = Port::start();
    port.greet(&Hello { protocol: 1 });
    port.signal(libc::SIGTERM);
    port.call(1, "sum", &[vec![106]]);
    assert_eq!(port.next(), "{reply,1,0}");
    port.write(&stop());
    assert_eq!(port.end().0, End::Exit(0));
}

#[test]
fn an_interrupt_reaches_programs_that_are_started_from_here() {
    // A handler is reset by exec(2); SIG_IGN would not be. The same is told by the mask of ignored signals.
    let port = Port::start();
    let status = std::fs::read_to_string(format!("/proc/{}/status", port.child.id())).unwrap();
    let line = |name: &str| {
        let line = status
            .lines()
            .find(|line| line.starts_with(name))
            .expect("a mask");
        u64::from_str_radix(line.split_whitespace().last().unwrap(), 16).unwrap()
    };
    let bit = |signal: i32| 1_u64 << (signal - 1);
    assert_eq!(
        line("SigIgn:") & (bit(libc::SIGINT) | bit(libc::SIGTERM)),
        0
    );
    assert_ne!(line("SigCgt:") & bit(libc::SIGINT), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn the_program_goes_before_its_host_when_memory_runs_out() {
    let port = Port::start();
    let path = format!("/proc/{}/oom_score_adj", port.child.id());
    assert_eq!(std::fs::read_to_string(path).unwrap().trim(), "500");
}

#[test]
fn frames_that_are_none_end_the_program_with_76() {
    let cases: [(&[u8], &str); 5] = [
        (
            b"Hello, world",
            "received a frame of 1214606444 bytes; this program takes 67108864. First bytes: [72, 101, 108, 108]",
        ),
        (
            &[0, 0, 0, 2, 130, 97],
            "Some(130) is not the version byte 131",
        ),
        (&[0, 0, 0, 4, 131, 97, 1, 0], "1 bytes stand after the term"),
        (&[0, 0, 0, 2, 131, 104], "at byte"),
        (&[0, 0, 0, 7, 131, 105, 255, 255, 255, 255, 97], "at byte"),
    ];
    for (bytes, expected) in cases {
        let mut port = Port::start();
        port.write(bytes);
        let (end, stderr) = port.end();
        assert_eq!(end, End::Exit(76));
        assert!(stderr.contains(expected), "{stderr}");
    }
}

#[test]
fn a_bad_frame_whose_id_can_be_read_is_that_calls_error_before_the_end() {
    let mut good = call(7, "sum", &[vec![106]])[4..].to_vec();
    let short = good[..good.len() - 2].to_vec();
    good.push(0);
    for (bytes, expected) in [(good, "1 bytes stand after"), (short, "(at byte ")] {
        let mut port = Port::start();
        port.write(&framed(&bytes));
        let last = port.rest().pop().expect("a last word");
        assert!(last.starts_with("{error,7,"), "{last}");
        assert!(last.contains("kind=>protocol"), "{last}");
        let (end, stderr) = port.end();
        assert_eq!(end, End::Exit(76));
        assert!(stderr.contains(expected), "{stderr}");
    }
}

#[test]
fn parts_inside_of_parts_are_no_way_to_exhaust_the_stack() {
    let mut message = call(1, "sum", &[vec![106]])[4..].to_vec();
    for _ in 0..10_000 {
        let length = (message.len() as u32).to_be_bytes();
        let head = b"\x83\x68\x04\x77\x04part\x61\x01\x6d";
        message = [head, length.as_slice(), &message, b"\x77\x04last"].concat();
    }
    let mut port = Port::start();
    port.write(&framed(&message));
    let (end, stderr) = port.end();
    assert_eq!(end, End::Exit(76));
    assert!(stderr.contains("parts inside of parts"), "{stderr}");
}

#[test]
fn answers_made_before_a_bad_frame_are_delivered() {
    let mut port = Port::start();
    port.call(1, "sum", &[vec![106]]);
    assert_eq!(port.next(), "{reply,1,0}");
    port.write(&[&call(2, "spin", &[term(&LONG)]), b"HTTP/1.1".as_slice()].concat());
    assert_eq!(port.end().0, End::Exit(76));
}

#[test]
fn exit_is_exit() {
    let mut port = Port::start();
    port.call(1, "exit", &[vec![97, 7]]);
    assert_eq!(port.end().0, End::Exit(7));
}

#[test]
fn the_end_comes_at_once() {
    // Not a measurement: seconds would mean that the end waits for the computation.
    let mut port = Port::start();
    busy(&mut port);
    let begun = Instant::now();
    port.hang_up();
    assert_eq!(port.end().0, End::Exit(0));
    assert!(begun.elapsed() < Duration::from_secs(5));
}
