//! What a stuck call was doing: the host asks for it by the call's Id in the black box and SIGABRT, and the program
//! leaves the crash record of that thread and is gone.

use std::os::unix::fs::FileExt;

use super::blackbox::{BlackBox, CRASH_AT, THREADS_AT, id};
use crate::driver::{End, Port, call, term};

const ASKED_AT: u64 = 44;
/// What stands in the crash record when the host asked for it.
const STUCK: u32 = 2;

/// Calls of `wait` in these slots, all of which run.
fn spinning(file: &BlackBox, slots: &[u32]) -> Port {
    let mut port = file.start();
    for slot in slots {
        port.write(&call(id(1, *slot), "wait", &[term(&600_000)]));
    }
    while file.running().len() < slots.len() {
        std::thread::yield_now();
    }
    port
}

fn ask(file: &BlackBox, port: &Port, id: i64) {
    file.0
        .write_all_at(&(id as u32).to_le_bytes(), ASKED_AT)
        .expect("written");
    port.signal(libc::SIGABRT);
}

#[test]
fn the_thread_of_the_call_that_is_asked_for_leaves_the_record() {
    for slot in [3, 4] {
        let file = BlackBox::new();
        let port = spinning(&file, &[3, 4]);
        ask(&file, &port, id(1, slot));
        let (end, stderr) = port.end();
        assert_eq!(end, End::Signal(libc::SIGKILL));
        assert_eq!(file.u32(CRASH_AT), STUCK);
        let thread = file.u32(CRASH_AT + 12) as usize;
        assert_eq!(
            i64::from(file.u32(THREADS_AT + 64 * thread)),
            id(1, slot),
            "the call of the record"
        );
        // musl has no unwind tables of the function that waits.
        if !cfg!(target_env = "musl") {
            assert!(file.u32(CRASH_AT + 32) > 3, "a backtrace");
        }
        assert_eq!(stderr, "portreeve: killed by its host, stuck in `wait`\n");
    }
}

#[test]
fn a_call_that_runs_no_more_leaves_no_record_and_the_program_is_gone() {
    let file = BlackBox::new();
    let port = spinning(&file, &[3]);
    ask(&file, &port, id(2, 3));
    let (end, stderr) = port.end();
    assert_eq!(end, End::Signal(libc::SIGKILL));
    assert_eq!(file.u32(CRASH_AT), 0);
    assert_eq!(stderr, "");
}

#[test]
fn a_sigabrt_of_somebody_else_is_a_crash_as_ever() {
    let file = BlackBox::new();
    let port = spinning(&file, &[3]);
    port.signal(libc::SIGABRT);
    let (end, _) = port.end();
    assert_eq!(file.u32(CRASH_AT), 1);
    // Though the walk itself may fault on musl, which has no unwind tables of the function in which the main thread waits.
    assert_eq!(end, End::Signal(libc::SIGABRT));
}

#[test]
fn a_crash_of_its_own_is_told_though_the_question_is_there() {
    let file = BlackBox::new();
    let mut port = spinning(&file, &[3]);
    file.0
        .write_all_at(&(id(1, 3) as u32).to_le_bytes(), ASKED_AT)
        .expect("written");
    port.write(&call(id(1, 4), "crash", &[term("abort")]));
    let (end, stderr) = port.end();
    assert_eq!(end, End::Signal(libc::SIGABRT));
    assert_eq!(file.u32(CRASH_AT), 1);
    assert!(
        stderr.starts_with("portreeve: SIGABRT in `crash`"),
        "{stderr}"
    );
}
