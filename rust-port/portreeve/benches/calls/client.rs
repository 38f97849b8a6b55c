//! The host's end: a program, its pipes, frames made beforehand.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

/// Builds an example in release mode and gives its path.
pub(crate) fn build(package: &str, kind: &[&str]) -> PathBuf {
    let cargo = std::env::var_os("CARGO").expect("cargo runs benches");
    let name = kind.last().unwrap_or(&package);
    let status = Command::new(cargo)
        .args(["build", "--release", "--quiet", "--package", package])
        .args(kind)
        .status()
        .expect("cargo starts");
    assert!(status.success(), "{name} does not build");
    let bench = std::env::current_exe().expect("the path of this bench");
    let release = bench.ancestors().nth(2).expect("target/release");
    let folder = if kind.is_empty() {
        release.to_owned()
    } else {
        release.join("examples")
    };
    folder.join(name)
}

/// A running program.
pub(crate) struct Client {
    child: Child,
    input: File,
    output: ChildStdout,
    buffer: Vec<u8>,
    filled: usize,
}

impl Client {
    /// A program that says hello first.
    pub(crate) fn port(path: &PathBuf, black_box: Option<&File>) -> Self {
        let mut client = Self::start(path, black_box);
        client.read_frames(1);
        client
    }

    /// Any program.
    pub(crate) fn start(path: &PathBuf, black_box: Option<&File>) -> Self {
        let mut command = Command::new(path);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        if let Some(file) = black_box {
            let fd = file.as_raw_fd();
            command.env("PORTREEVE_BOX", "9");
            // SAFETY: dup2 is async-signal-safe.
            unsafe {
                command.pre_exec(move || {
                    libc::dup2(fd, 9);
                    Ok(())
                });
            }
        }
        let mut child = command.spawn().expect("the program starts");
        let (input, output) = (
            child.stdin.take().expect("a pipe"),
            child.stdout.take().expect("a pipe"),
        );
        let input = File::from(OwnedFd::from(input));
        Self {
            child,
            input,
            output,
            buffer: vec![0; 1 << 20],
            filled: 0,
        }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.input.write_all(bytes).expect("the program reads");
    }

    /// Reads until so many frames are complete; gives how many came, which may be more.
    pub(crate) fn read_frames(&mut self, wanted: usize) -> usize {
        let mut seen = 0;
        while seen < wanted {
            if self.filled == self.buffer.len() {
                self.buffer.resize(self.filled * 2, 0);
            }
            let read = self
                .output
                .read(&mut self.buffer[self.filled..])
                .expect("an answer");
            assert!(read > 0, "the program ended");
            self.filled += read;
            seen += self.take_frames();
        }
        seen
    }

    /// Another handle to write with.
    pub(crate) fn writer(&self) -> File {
        self.input.try_clone().expect("a descriptor")
    }

    /// Reads what is there: how many answers have this Id, and how many another one.
    pub(crate) fn read_ids(&mut self, id: i32) -> (usize, usize) {
        let read = self
            .output
            .read(&mut self.buffer[self.filled..])
            .expect("an answer");
        assert!(read > 0, "the program ended");
        self.filled += read;
        let wanted = [&[98], id.to_be_bytes().as_slice()].concat();
        let meant = self.buffer[..self.filled]
            .windows(5)
            .filter(|window| *window == wanted)
            .count();
        let all = self.take_frames();
        (meant, all.saturating_sub(meant))
    }

    fn take_frames(&mut self) -> usize {
        let (mut at, mut seen) = (0, 0);
        while let Some(header) = self.buffer[at..self.filled].first_chunk::<4>() {
            let end = at + 4 + u32::from_be_bytes(*header) as usize;
            if end > self.filled {
                break;
            }
            (at, seen) = (end, seen + 1);
        }
        self.buffer.copy_within(at..self.filled, 0);
        self.filled -= at;
        seen
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It has ended, or ends now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Content behind its length.
pub(crate) fn framed(content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32).to_be_bytes(), content].concat()
}

/// `{call, Id, Function, Args}` with an Id in INTEGER_EXT, as over a boxed pipe.
pub(crate) fn call(id: i32, function: &str, arguments: &[Vec<u8>]) -> Vec<u8> {
    let mut content = b"\x83\x68\x04\x77\x04call\x62".to_vec();
    content.extend_from_slice(&id.to_be_bytes());
    content.extend_from_slice(&[119, function.len() as u8]);
    content.extend_from_slice(function.as_bytes());
    content.push(108);
    content.extend_from_slice(&(arguments.len() as u32).to_be_bytes());
    content.extend(arguments.concat());
    content.push(106);
    framed(&content)
}

/// One value, encoded without the version byte.
pub(crate) fn term<T: serde::Serialize + ?Sized>(value: &T) -> Vec<u8> {
    portreeve::etf::to_vec(value).expect("a term").split_off(1)
}
