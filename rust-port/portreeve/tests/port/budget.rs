//! What was received and has no answer yet is bounded in bytes, whoever runs it: above that nothing is read, and as soon
//! as there is room reading goes on. The program is `examples/lasting.rs`.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::process::{Child, ChildStdin, Command, Stdio};

use portreeve::Atom;
use serde::Serialize;

use crate::driver::{call, framed, message, printed, program, read_frame, term, word};

const LONG: i32 = 600_000;
/// What the program holds at most, and what may be under way besides: a message, a read, the pipe.
const BUDGET: usize = 64 << 20;
const MEGABYTE: usize = 1 << 20;

/// A program whose stdin is written to without waiting.
struct Piped {
    child: Child,
    input: ChildStdin,
}

impl Piped {
    fn start() -> Self {
        let mut child = Command::new(program("lasting"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let input = child.stdin.take().expect("a pipe");
        let mut piped = Self { child, input };
        assert!(piped.next().starts_with("{hello,"));
        piped
    }

    fn next(&mut self) -> String {
        let output = self.child.stdout.as_mut().expect("a pipe");
        printed(&read_frame(output).expect("a frame"))
    }

    fn copy_of_input(&self) -> File {
        let copy = self.input.as_fd().try_clone_to_owned();
        copy.expect("a copy").into()
    }

    /// Writes until nothing is taken any more for as long as a busy machine may need; gives how many bytes went in.
    fn write_until_full(&mut self, frames: &[u8]) -> usize {
        set_nonblocking(self.input.as_fd());
        let mut written = 0;
        while written < frames.len() {
            match self.input.write(&frames[written..]) {
                Ok(count) => written += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    if !is_writable_within(self.input.as_fd(), 1000) {
                        break;
                    }
                }
                Err(error) => panic!("{error}"),
            }
        }
        written
    }
}

impl Drop for Piped {
    fn drop(&mut self) {
        // A program that has ended is none to kill, and waiting for it twice gives the same.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn set_nonblocking(fd: BorrowedFd<'_>) {
    // SAFETY: fcntl(2) on a descriptor that is open.
    let set = unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, libc::O_NONBLOCK) };
    assert_eq!(set, 0);
}

fn is_writable_within(fd: BorrowedFd<'_>, ms: i32) -> bool {
    let mut poll = libc::pollfd {
        fd: fd.as_raw_fd(),
        events: libc::POLLOUT,
        revents: 0,
    };
    // SAFETY: one pollfd, as the count says.
    unsafe { libc::poll(&raw mut poll, 1, ms) == 1 }
}

fn calls(function: &str, count: i64, size: usize, ms: i32) -> Vec<u8> {
    let bytes = term(&"x".repeat(size));
    (0..count)
        .flat_map(|id| call(id, function, &[bytes.clone(), term(&ms)]))
        .collect()
}

fn holds_no_more_than_its_budget(function: &str) {
    let mut program = Piped::start();
    let written = program.write_until_full(&calls(function, 100, MEGABYTE, LONG));
    assert!(
        written <= BUDGET + 3 * MEGABYTE,
        "{written} bytes were taken"
    );
}

fn goes_on_as_soon_as_there_is_room(function: &str) {
    let mut program = Piped::start();
    let frames = calls(function, 150, MEGABYTE, 5);
    let mut input = program.copy_of_input();
    let writer = std::thread::spawn(move || input.write_all(&frames));
    let mut answers: Vec<_> = (0..150).map(|_| program.next()).collect();
    writer.join().expect("no panic").expect("all is taken");
    answers.sort();
    answers.dedup();
    assert_eq!(answers.len(), 150);
    assert!(answers[0].starts_with("{reply,"), "{}", answers[0]);
}

#[test]
fn blocking_calls_without_an_answer_are_bounded_in_bytes() {
    holds_no_more_than_its_budget("hold");
}

#[test]
fn blocking_calls_are_read_as_soon_as_there_is_room() {
    goes_on_as_soon_as_there_is_room("hold");
}

#[cfg(feature = "async")]
#[test]
fn async_calls_without_an_answer_are_bounded_in_bytes() {
    holds_no_more_than_its_budget("hold_async");
}

#[cfg(feature = "async")]
#[test]
fn async_calls_are_read_as_soon_as_there_is_room() {
    goes_on_as_soon_as_there_is_room("hold_async");
}

#[derive(Serialize)]
struct Hello {
    protocol: u8,
    accepts: Vec<Atom>,
    functions: Vec<Atom>,
}

impl Piped {
    /// A program that has no room for more: two calls wait for an answer of the host, and only that makes room.
    fn that_is_full() -> Self {
        let mut program = Self::start();
        let hello = Hello {
            protocol: 1,
            accepts: vec![word("call")],
            functions: vec![word("answer")],
        };
        program.write(&framed(&message(&[&term(&word("hello")), &term(&hello)])));
        assert!(program.next().starts_with("{ready,"));
        // One call alone is over the budget, with its message.
        let bytes = term(&"x".repeat(33 * MEGABYTE));
        for id in 0..2 {
            program.write(&call(id, "ask_aside", std::slice::from_ref(&bytes)));
        }
        for _ in 0..2 {
            assert!(program.next().starts_with("{call,"));
        }
        program
    }

    fn write(&mut self, frames: &[u8]) {
        self.input.write_all(frames).expect("written");
    }

    /// What the two calls wait for, and their answers.
    fn let_go(&mut self) {
        for id in 0..2_u64 {
            self.write(&framed(&message(&[
                &term(&word("reply")),
                &term(&id),
                &term("so"),
            ])));
            assert!(self.next().starts_with("{reply,"));
        }
    }
}

#[test]
fn an_answer_of_the_host_is_read_although_there_is_no_room() {
    let mut program = Piped::that_is_full();
    // A call that comes now is refused and not kept.
    program.write(&call(2, "ask", &[]));
    let refused = program.next();
    assert!(
        refused.starts_with("{error,2,") && refused.contains("overloaded"),
        "{refused}"
    );
    program.let_go();
}

#[test]
fn the_id_of_a_call_that_was_refused_for_want_of_room_is_free_again() {
    let mut program = Piped::that_is_full();
    program.write(&call(2, "keep", &[]));
    assert!(program.next().contains("overloaded"));
    program.let_go();
    // There is room as soon as the answers are out, and the calls let go of.
    loop {
        program.write(&call(2, "keep", &[]));
        match program.next() {
            answer if answer.contains("overloaded") => {}
            answer => break assert_eq!(answer, "{reply,2,nil}"),
        }
    }
}

#[test]
fn more_blocking_calls_than_anybody_waits_for_are_refused() {
    let mut program = Piped::start();
    let count = 66_000;
    let frames: Vec<u8> = (0..count)
        .flat_map(|id| call(id, "hold", &[term(""), term(&LONG)]))
        .collect();
    let mut input = program.copy_of_input();
    let writer = std::thread::spawn(move || input.write_all(&frames));
    let refused = program.next();
    assert!(refused.contains("overloaded"), "{refused}");
    writer.join().expect("no panic").expect("all is taken");
    let ping = framed(&message(&[&term(&word("ping")), &[97, 1]]));
    program.input.write_all(&ping).expect("written");
    while program.next() != "{pong,1}" {}
}
