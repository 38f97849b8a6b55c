//! A workspace whose profile says `panic = "abort"` can use the crate: a panic is then a death whose last words are in
//! the black box and on stderr.

use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// N slots, T threads and R bytes, as in `tests/port/blackbox.rs`.
const SLOTS: usize = 256;
const THREADS: usize = 8;
const ROOM: usize = 65_536;
const CRASH_AT: usize = 64 + 4 * SLOTS + 64 * THREADS;
const WORDS_AT: usize = CRASH_AT + 552;

/// Builds the example with that profile, in a folder of its own: nothing else is to be built anew for it.
fn build() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let target = test.ancestors().nth(3).expect("target/<profile>");
    let folder = target.join("panic-abort");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--example", "basics", "--offline"])
        .args(["--config", "profile.dev.panic=\"abort\"", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .arg("--target-dir")
        .arg(&folder)
        .status()
        .expect("cargo starts");
    assert!(status.success());
    folder.join("debug/examples/basics")
}

fn black_box() -> std::fs::File {
    let path = std::env::temp_dir().join(format!("portreeve-abort-{}", std::process::id()));
    let mut open = std::fs::File::options();
    let file = open
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)
        .expect("a file");
    std::fs::remove_file(&path).expect("unlinked");
    let mut content = vec![0; CRASH_AT + 1024 + ROOM * THREADS];
    content[..8].copy_from_slice(b"PRBX0001");
    for (at, value) in [(8, SLOTS), (12, THREADS), (16, ROOM)] {
        content[at..at + 4].copy_from_slice(&(value as u32).to_le_bytes());
    }
    file.write_all_at(&content, 0).expect("written");
    file
}

/// Runs the program with a call of `panic("oh")`; gives how it ended and what it said.
fn panics(program: &Path, memory: &std::fs::File) -> (Option<i32>, String) {
    let fd = memory.as_raw_fd();
    let inode = memory.metadata().expect("a file").ino();
    let mut command = Command::new(program);
    command
        .env("PORTREEVE_BOX", format!("fd:9:{inode}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    // SAFETY: dup2 is async-signal-safe; its copy has no CLOEXEC.
    unsafe {
        command.pre_exec(move || {
            libc::dup2(fd, 9);
            Ok(())
        });
    }
    let mut child = command.spawn().expect("the program starts");
    // {call, 65539, panic, [<<"oh">>]}
    let call = b"\x83h\x04w\x04callb\0\x01\0\x03w\x05panicl\0\0\0\x01m\0\0\0\x02ohj";
    let mut input = child.stdin.take().expect("a pipe");
    input
        .write_all(&(call.len() as u32).to_be_bytes())
        .expect("written");
    input.write_all(call).expect("written");
    let output = child.wait_with_output().expect("it ends");
    drop(input);
    (
        output.status.signal(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn a_panic_that_aborts_is_a_death_with_its_words_in_the_record() {
    let program = build();
    let memory = black_box();
    let (signal, stderr) = panics(&program, &memory);
    assert_eq!(signal, Some(libc::SIGABRT), "{stderr}");
    assert!(
        stderr.contains("panicked at") && stderr.contains("portreeve: SIGABRT in `panic`"),
        "{stderr}"
    );
    let mut words = [0; 468];
    memory
        .read_exact_at(&mut words, WORDS_AT as u64)
        .expect("read");
    let (length, text) = words.split_first_chunk::<4>().expect("a length");
    let text = &text[..u32::from_le_bytes(*length) as usize];
    let text = String::from_utf8_lossy(text);
    assert!(text.starts_with("panicked: oh ("), "{text}");
    assert!(text.contains("basics.rs:"), "{text}");
}
