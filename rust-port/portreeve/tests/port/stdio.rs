//! The pipe belongs to portreeve: what user code prints goes to stderr, and a person at a prompt gets words.

use std::io::Read;
use std::os::fd::{FromRawFd, OwnedFd};
use std::process::{Command, Stdio};

use crate::driver::{End, Port, framed, program, term, word};

#[test]
fn println_reaches_stderr_and_never_a_frame() {
    let mut port = Port::start();
    port.call(1, "shout", &[term("HELLO")]);
    assert_eq!(port.next(), "{reply,1,nil}");
    port.write(&framed(&[&[131], term(&word("stop")).as_slice()].concat()));
    assert_eq!(port.rest(), Vec::<String>::new());
    assert_eq!(port.end(), (End::Exit(0), "HELLO\n".into()));
}

#[test]
fn a_dead_reader_of_stderr_is_no_reason_to_die() {
    let mut port = Port::start_with(|command| {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        command.env("PORTREEVE_TEST", "1").stderr(Stdio::piped());
        // The program gets a stderr that nobody reads, in place of the piped one.
        let fd = OwnedFd::from(writer);
        // SAFETY: dup2 is async-signal-safe, and the closure owns the descriptor.
        unsafe {
            std::os::unix::process::CommandExt::pre_exec(command, move || {
                libc::dup2(std::os::fd::AsRawFd::as_raw_fd(&fd), 2);
                Ok(())
            });
        }
    });
    port.write(&framed(&crate::driver::message(&[
        &term(&word("cast")),
        &term(&word("nothing")),
        &[106],
    ])));
    port.call(1, "sum", &[vec![106]]);
    assert_eq!(port.next(), "{reply,1,0}");
}

#[test]
fn fd_3_and_4_serve_when_stdio_is_the_users() {
    let mut port = Port::over_3_and_4(Stdio::null());
    assert!(port.next().starts_with("{hello,"));
    port.call(1, "sum", &[term(&vec![1, 2])]);
    assert_eq!(port.next(), "{reply,1,3}");
    port.hang_up();
    assert_eq!(port.end().0, End::Exit(0));
}

#[test]
fn another_portreeve_stdio_is_refused() {
    let port = Port::over_pipes(|command| {
        command.env("PORTREEVE_STDIO", "56");
    });
    let (end, stderr) = port.end();
    assert_eq!(end, End::Exit(1));
    let expected =
        "portreeve: cannot start: PORTREEVE_STDIO=56 is not known: 34 reads fd 3 and writes fd 4\n";
    assert_eq!(stderr, expected);
}

/// Runs the program on a terminal, with stdout captured.
fn by_hand(arguments: &[&str]) -> (Option<i32>, String) {
    let (mut main, mut terminal) = (0, 0);
    // SAFETY: openpty(3) stores two descriptors, which are then owned here.
    let (_main, terminal) = unsafe {
        let none = std::ptr::null_mut();
        let opened = libc::openpty(
            &raw mut main,
            &raw mut terminal,
            none,
            none.cast(),
            none.cast(),
        );
        assert_eq!(opened, 0);
        (OwnedFd::from_raw_fd(main), OwnedFd::from_raw_fd(terminal))
    };
    let mut command = Command::new(program("basics"));
    command
        .args(arguments)
        .stdin(terminal)
        .stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut text = String::new();
    child
        .stdout
        .take()
        .expect("a pipe")
        .read_to_string(&mut text)
        .expect("text");
    (child.wait().expect("an end").code(), text)
}

#[test]
fn by_hand_it_lists_its_functions() {
    let (code, text) = by_hand(&[]);
    assert_eq!(code, Some(64));
    assert!(
        text.contains("  sum(values)                      Adds up a list.\n"),
        "{text}"
    );
    assert!(
        text.contains("  renew(claims, seconds)           A struct in and out.\n"),
        "{text}"
    );
}

#[test]
fn help_and_version_by_hand() {
    let (code, text) = by_hand(&["--help"]);
    assert_eq!(code, Some(0));
    assert!(text.contains("open_port"), "{text}");
    let expected = format!("basics {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(by_hand(&["--version"]), (Some(0), expected));
}
