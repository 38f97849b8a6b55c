//! What a large message costs the program: itself once, while it is read and while its call runs, and nothing when the
//! call is answered.

use std::fs;

use crate::driver::{Port, call, framed, message, term, word};

const MEGABYTE: usize = 1 << 20;
/// A message near the limit of 64 MiB.
const LARGE: usize = 60 * MEGABYTE;
/// What the program may take besides: code, stacks, a share of the message that is moved while the rest comes.
const BESIDES: usize = 24 * MEGABYTE;

/// A line of proc_pid_status(5), in bytes.
fn memory(port: &Port, line: &str) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", port.child.id())).expect("readable");
    let found = status.lines().find_map(|text| text.strip_prefix(line));
    let kib = found.and_then(|text| text.trim_matches([':', '\t', ' ']).strip_suffix(" kB"));
    kib.expect("a number of kB")
        .trim()
        .parse::<usize>()
        .expect("a number")
        * 1024
}

fn costs_itself_once(mut port: Port, frames: &[u8]) {
    port.call(1, "sum", &[term(&[1, 2])]);
    assert_eq!(port.next(), "{reply,1,3}");
    let before = memory(&port, "VmRSS");
    for _ in 0..2 {
        port.write(frames);
        assert_eq!(port.next(), format!("{{reply,7,{LARGE}}}"));
    }
    let most = memory(&port, "VmHWM") - before;
    assert!(most < LARGE + BESIDES, "{} MiB at most", most / MEGABYTE);
    // The call is let go of after its answer is out, and its memory with the next one.
    port.call(2, "sum", &[term(&[1, 2])]);
    assert_eq!(port.next(), "{reply,2,3}");
    let kept = memory(&port, "VmRSS").saturating_sub(before);
    assert!(kept < BESIDES, "{} MiB are kept", kept / MEGABYTE);
}

fn large_call() -> Vec<u8> {
    call(7, "count", &[term(&"x".repeat(LARGE))])
}

#[test]
fn a_large_message_costs_itself_once_and_is_given_back() {
    costs_itself_once(Port::start(), &large_call());
}

#[test]
fn a_large_message_in_parts_costs_itself_once_and_is_given_back() {
    let whole = &large_call()[4..];
    let pieces = whole.chunks(MEGABYTE).enumerate();
    let last = whole.len().div_ceil(MEGABYTE) - 1;
    let frames: Vec<u8> = pieces
        .flat_map(|(at, piece)| {
            let (key, piece) = (term(&1), term(&portreeve::Bytes::from(piece)));
            let part = term(&word("part"));
            framed(&match at == last {
                true => message(&[&part, &key, &piece, &term(&word("last"))]),
                false => message(&[&part, &key, &piece]),
            })
        })
        .collect();
    costs_itself_once(Port::start(), &frames);
}
