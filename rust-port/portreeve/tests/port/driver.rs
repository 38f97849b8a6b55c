//! The host's end in these tests. Terms are compared as Erlang prints them: `{reply,1,6}`.

use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use portreeve::{Term, etf};
use serde::Serialize;

/// No answer after this long is an answer that never comes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A port program of the examples; cargo builds them before it runs tests.
pub(crate) fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let folder = test.ancestors().nth(2).expect("target/<profile>");
    let path = folder.join("examples").join(name);
    assert!(
        path.exists(),
        "{} is missing: run `cargo build --examples` first",
        path.display()
    );
    path
}

/// A running program.
pub(crate) struct Port {
    pub child: Child,
    input: Option<Box<dyn Write + Send>>,
    frames: Receiver<Vec<u8>>,
    stderr: Option<std::thread::JoinHandle<String>>,
}

impl Port {
    /// Over pipes, its hello taken.
    pub(crate) fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// Over pipes, with changes to how it is started; its hello taken.
    pub(crate) fn start_with(change: impl FnOnce(&mut Command)) -> Self {
        let port = Self::over_pipes(change);
        assert!(port.next().starts_with("{hello,"));
        port
    }

    /// Another program than `basics`, over pipes, its hello taken.
    pub(crate) fn of(name: &str) -> Self {
        let port = Self::around_pipes(Command::new(program(name)), |_| {});
        assert!(port.next().starts_with("{hello,"));
        port
    }

    /// One that says no hello.
    pub(crate) fn silent(name: &str) -> Self {
        Self::around_pipes(Command::new(program(name)), |_| {})
    }

    /// Over pipes, as the BEAM does it.
    pub(crate) fn over_pipes(change: impl FnOnce(&mut Command)) -> Self {
        Self::around_pipes(Command::new(program("basics")), change)
    }

    fn around_pipes(mut command: Command, change: impl FnOnce(&mut Command)) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.env_remove("RUST_BACKTRACE");
        change(&mut command);
        let mut child = command.spawn().expect("the program starts");
        let input = child.stdin.take().expect("a pipe");
        let output = child.stdout.take().expect("a pipe");
        Self::around(child, Box::new(input), output)
    }

    /// Over one socketpair a direction, as Node does it; its hello taken.
    pub(crate) fn over_sockets() -> Self {
        let (input, their_input) = UnixStream::pair().expect("a socketpair");
        let (output, their_output) = UnixStream::pair().expect("a socketpair");
        let mut command = Command::new(program("basics"));
        command
            .stdin(OwnedFd::from(their_input))
            .stdout(OwnedFd::from(their_output));
        command.stderr(Stdio::piped()).env_remove("RUST_BACKTRACE");
        let child = command.spawn().expect("the program starts");
        drop(command);
        let port = Self::around(child, Box::new(input), output);
        assert!(port.next().starts_with("{hello,"));
        port
    }

    /// With the pipe on fd 3 and fd 4 (`nouse_stdio`); its stdin and stdout are those given.
    pub(crate) fn over_3_and_4(stdout: Stdio) -> Self {
        let (their_input, input) = std::io::pipe().expect("a pipe");
        let (output, their_output) = std::io::pipe().expect("a pipe");
        let mut command = Command::new(program("basics"));
        command
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(Stdio::piped())
            .env("PORTREEVE_STDIO", "34");
        let (from, to) = (their_input.as_raw_fd(), their_output.as_raw_fd());
        // SAFETY: dup2 is async-signal-safe. The copies are made above both targets first.
        unsafe {
            command.pre_exec(move || {
                let (from, to) = (
                    libc::fcntl(from, libc::F_DUPFD, 10),
                    libc::fcntl(to, libc::F_DUPFD, 10),
                );
                libc::dup2(from, 3);
                libc::dup2(to, 4);
                libc::close(from);
                libc::close(to);
                Ok(())
            });
        }
        let child = command.spawn().expect("the program starts");
        drop((their_input, their_output));
        Self::around(child, Box::new(input), output)
    }

    fn around(
        mut child: Child,
        input: Box<dyn Write + Send>,
        mut output: impl Read + Send + 'static,
    ) -> Self {
        let (send, frames) = channel();
        std::thread::spawn(move || {
            while let Some(frame) = read_frame(&mut output) {
                if send.send(frame).is_err() {
                    break;
                }
            }
        });
        let mut stderr = child.stderr.take().expect("a pipe");
        let stderr = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).expect("stderr is text");
            text
        });
        Self {
            child,
            input: Some(input),
            frames,
            stderr: Some(stderr),
        }
    }

    /// Writes bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.input
            .as_mut()
            .expect("an open pipe")
            .write_all(bytes)
            .expect("the program reads");
    }

    /// Writes one message.
    pub(crate) fn send<T: Serialize>(&mut self, message: &T) {
        self.write(&framed(&etf::to_vec(message).expect("a term")));
    }

    /// Writes `{call, Id, Function, Args}`.
    pub(crate) fn call(&mut self, id: i64, function: &str, arguments: &[Vec<u8>]) {
        self.write(&call(id, function, arguments));
    }

    /// Writes the host's hello and takes `ready`.
    pub(crate) fn greet<T: Serialize>(&mut self, hello: &T) {
        self.send(&(word("hello"), hello));
        let answer = self.next();
        assert!(answer.starts_with("{ready,"), "{answer}");
    }

    /// The next message, as Erlang prints it.
    pub(crate) fn next(&self) -> String {
        printed(&self.next_frame())
    }

    /// The next frame's content.
    pub(crate) fn next_frame(&self) -> Vec<u8> {
        self.frames.recv_timeout(PATIENCE).expect("a frame")
    }

    /// What comes until the program closes its end, whole frames only.
    pub(crate) fn rest(&self) -> Vec<String> {
        let mut rest = Vec::new();
        loop {
            match self.frames.recv_timeout(PATIENCE) {
                Ok(frame) => rest.push(printed(&frame)),
                Err(RecvTimeoutError::Disconnected) => return rest,
                Err(RecvTimeoutError::Timeout) => panic!("the program goes on"),
            }
        }
    }

    /// Closes the host's writing end.
    pub(crate) fn hang_up(&mut self) {
        self.input = None;
    }

    pub(crate) fn signal(&self, signal: i32) {
        // SAFETY: kill(2) to a child that was not waited for, so its number is its own.
        assert_eq!(unsafe { libc::kill(self.child.id() as i32, signal) }, 0);
    }

    /// Waits for the end: exit code or signal, and all of stderr.
    pub(crate) fn end(mut self) -> (End, String) {
        let status = wait(&mut self.child);
        let stderr = self
            .stderr
            .take()
            .expect("one end")
            .join()
            .expect("stderr was read");
        (End::of(status), without_emulation(&stderr))
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        // A program that has ended is none to kill, and waiting for it twice gives the same.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Exit(i32),
    Signal(i32),
}

impl End {
    pub(crate) fn of(status: ExitStatus) -> Self {
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Exit(code),
            (None, signal) => Self::Signal(signal.expect("one of the two")),
        }
    }
}

/// Waits, but not for ever.
fn wait(child: &mut Child) -> ExitStatus {
    let begun = std::time::Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            return status;
        }
        assert!(begun.elapsed() < PATIENCE, "the program does not end");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The next frame's content, when there is one.
pub(crate) fn read_frame(from: &mut impl Read) -> Option<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length).ok()?;
    let mut frame = vec![0; u32::from_be_bytes(length) as usize];
    from.read_exact(&mut frame).ok()?;
    Some(frame)
}

/// A frame's content as Erlang prints it, without the quotes that eetf puts around every atom.
pub(crate) fn printed(frame: &[u8]) -> String {
    plain(&etf::from_slice::<Term>(frame).expect("a term"))
}

/// The same for a term.
pub(crate) fn plain(term: &Term) -> String {
    term.to_string().replace('\'', "")
}

/// Content behind its length.
pub(crate) fn framed(content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32).to_be_bytes(), content].concat()
}

/// A frame that calls.
pub(crate) fn call(id: i64, function: &str, arguments: &[Vec<u8>]) -> Vec<u8> {
    framed(&message(&[
        &term(&word("call")),
        &term(&id),
        &term(&word(function)),
        &list(arguments),
    ]))
}

/// The version byte and a tuple of encoded terms.
pub(crate) fn message(elements: &[&[u8]]) -> Vec<u8> {
    [
        &[131, 104, elements.len() as u8],
        elements.concat().as_slice(),
    ]
    .concat()
}

/// A proper list of encoded terms.
pub(crate) fn list(elements: &[Vec<u8>]) -> Vec<u8> {
    if elements.is_empty() {
        return vec![106];
    }
    let length = (elements.len() as u32).to_be_bytes();
    [
        &[108],
        length.as_slice(),
        elements.concat().as_slice(),
        &[106],
    ]
    .concat()
}

/// One value, encoded without the version byte.
pub(crate) fn term<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    etf::to_vec(value).expect("a term").split_off(1)
}

/// An atom.
pub(crate) fn word(name: &str) -> portreeve::Atom {
    name.into()
}

/// The argument of `renew`: a map with atoms for keys.
pub(crate) fn claims(exp: &[u8]) -> Vec<u8> {
    let pairs = [
        term(&word("sub")),
        term("me"),
        term(&word("exp")),
        exp.to_vec(),
    ]
    .concat();
    [&[116, 0, 0, 0, 2], pairs.as_slice()].concat()
}

/// What the program said; under qemu-user the emulator adds a line of its own to a death.
fn without_emulation(stderr: &str) -> String {
    let lines = stderr.split_inclusive('\n');
    lines.filter(|line| !line.starts_with("qemu: ")).collect()
}
