//! What the program finds when it starts, and what comes to the whole group: names of a black box that is not meant for
//! it, signals at any moment.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use serde::Serialize;

use crate::driver::{End, Port, term, word};

const TO_THE_GROUP: [i32; 6] = [
    libc::SIGINT,
    libc::SIGTERM,
    libc::SIGHUP,
    libc::SIGQUIT,
    libc::SIGUSR1,
    libc::SIGUSR2,
];

#[derive(Serialize)]
struct Hello {
    protocol: u8,
}

/// A black box of two slots and as many threads in a folder of its own.
struct Box {
    folder: PathBuf,
    file: File,
}

impl Box {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("portreeve-{name}-{}", std::process::id()));
        std::fs::create_dir(&folder).expect("a folder");
        let path = folder.join("box");
        let mut content = vec![0; 64 + 4 * 2 + 64 * 2 + 1024 + 65_536 * 2];
        content[..8].copy_from_slice(b"PRBX0001");
        for (at, value) in [(8, 2_u32), (12, 2), (16, 65_536)] {
            content[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        std::fs::write(&path, content).expect("written");
        let file = File::options().read(true).write(true).open(&path);
        Self {
            folder,
            file: file.expect("a file"),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.join("box")
    }

    fn is_attached(&self) -> bool {
        let mut word = [0; 4];
        self.file.read_exact_at(&mut word, 20).expect("read");
        word != [0; 4]
    }

    fn by_path(&self, command: &mut Command) {
        command.env("PORTREEVE_BOX", format!("path:{}", self.path().display()));
    }

    /// As descriptor 9.
    fn by_descriptor(&self, command: &mut Command) {
        let (fd, inode) = (
            self.file.as_raw_fd(),
            self.file.metadata().expect("a file").ino(),
        );
        command.env("PORTREEVE_BOX", format!("fd:9:{inode}"));
        // SAFETY: dup2 is async-signal-safe; its copy has no CLOEXEC.
        unsafe {
            command.pre_exec(move || {
                libc::dup2(fd, 9);
                Ok(())
            });
        }
    }
}

impl Drop for Box {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).expect("our own folder");
    }
}

fn answers(port: &mut Port, id: i64) {
    port.call(id, "sum", &[vec![106]]);
    assert_eq!(port.next(), format!("{{reply,{id},0}}"));
}

#[test]
fn a_black_box_is_taken_by_its_path_and_removed_when_the_host_is_gone() {
    let shared = Box::new("by-path");
    let mut port = Port::start_with(|command| shared.by_path(command));
    assert!(shared.is_attached());
    answers(&mut port, 1);
    port.hang_up();
    assert_eq!(port.end(), (End::Exit(0), String::new()));
    assert!(!shared.path().exists());
}

#[test]
fn an_owner_that_stops_its_program_keeps_the_file_to_read_it() {
    let shared = Box::new("stopped");
    let mut port = Port::start_with(|command| shared.by_path(command));
    port.send(&word("stop"));
    assert_eq!(port.end().0, End::Exit(0));
    assert!(shared.path().exists());
}

#[test]
fn a_black_box_that_is_not_meant_for_the_program_is_done_without() {
    let shared = Box::new("inherited");
    let first = Port::start_with(|command| shared.by_path(command));
    let taken = |command: &mut Command| shared.by_path(command);
    let gone = |command: &mut Command| {
        command.env("PORTREEVE_BOX", "path:/nowhere/portreeve/box");
    };
    let closed = |command: &mut Command| {
        command.env("PORTREEVE_BOX", "fd:99:1");
    };
    let other = |command: &mut Command| {
        shared.by_descriptor(command);
        command.env("PORTREEVE_BOX", "fd:9:1");
    };
    let changes: [&dyn Fn(&mut Command); 4] = [&taken, &gone, &closed, &other];
    for change in changes {
        let mut port = Port::start_with(change);
        answers(&mut port, 1);
        port.hang_up();
        let (end, stderr) = port.end();
        assert_eq!(end, End::Exit(0));
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(stderr.contains("is not meant for this program"), "{stderr}");
    }
    drop(first);
}

#[test]
fn a_name_of_a_black_box_that_is_none_is_refused() {
    let port = Port::over_pipes(|command| {
        command.env("PORTREEVE_BOX", "9");
    });
    let (end, stderr) = port.end();
    assert_eq!(end, End::Exit(1));
    assert!(
        stderr.contains("is neither fd:<number>:<inode> nor path:<absolute path>"),
        "{stderr}"
    );
}

#[test]
fn the_environment_stays_as_it_is() {
    let shared = Box::new("environment");
    let mut port = Port::start_with(|command| shared.by_path(command));
    port.call(1, "variable", &[term("PORTREEVE_BOX")]);
    let answer = port.next();
    assert!(
        answer.starts_with("{reply,1,<<112,97,116,104,58"),
        "{answer}"
    );
}

#[test]
fn signals_to_the_group_do_nothing_under_a_reeve() {
    let shared = Box::new("group");
    let mut before_hello = Port::start_with(|command| shared.by_descriptor(command));
    let mut after_hello = Port::start();
    after_hello.greet(&Hello { protocol: 1 });
    for port in [&mut before_hello, &mut after_hello] {
        for (id, signal) in (1..).zip(TO_THE_GROUP) {
            port.signal(signal);
            answers(port, id);
        }
        port.hang_up();
    }
    assert_eq!(before_hello.end(), (End::Exit(0), String::new()));
    assert_eq!(after_hello.end(), (End::Exit(0), String::new()));
}

#[test]
fn without_a_reeve_signals_to_the_group_do_what_they_always_do() {
    for signal in [libc::SIGHUP, libc::SIGQUIT, libc::SIGUSR1, libc::SIGUSR2] {
        let port = Port::start();
        port.signal(signal);
        assert_eq!(port.end().0, End::Signal(signal));
    }
}

#[test]
fn a_handler_of_the_programs_own_stays() {
    let mut port = Port::start_with(|command| {
        command.env("BASICS_HANDLES_SIGUSR1", "1");
    });
    port.greet(&Hello { protocol: 1 });
    port.signal(libc::SIGUSR1);
    answers(&mut port, 1);
    // Another thread takes the signal, in its own time.
    let was_handled = (2..100_000).any(|id| {
        port.call(id, "handled", &[]);
        port.next() == format!("{{reply,{id},1}}")
    });
    assert!(was_handled);
}

/// Sent before the program has its handlers it ends the program, sent later it is `stop`: it is never lost.
#[test]
fn sigterm_ends_a_program_without_a_reeve_from_its_first_moment_on() {
    for round in 0..150_u64 {
        let port = Port::over_pipes(|_| {});
        let begun = std::time::Instant::now();
        // The moments in which the program starts, one after the other.
        while begun.elapsed() < std::time::Duration::from_micros(20 * round) {
            std::hint::spin_loop();
        }
        port.signal(libc::SIGTERM);
        let (end, _) = port.end();
        assert!(
            matches!(end, End::Exit(0) | End::Signal(libc::SIGTERM)),
            "{end:?}"
        );
    }
}

#[test]
fn a_limit_of_descriptors_that_no_program_can_live_with_is_refused() {
    #[derive(Serialize)]
    struct Limited {
        protocol: u8,
        limits: Limits,
    }
    #[derive(Serialize)]
    struct Limits {
        open_files: u64,
    }
    let mut port = Port::start();
    let limits = Limits { open_files: 1 };
    port.send(&(
        word("hello"),
        &Limited {
            protocol: 1,
            limits,
        },
    ));
    assert!(port.next().starts_with("{failed,"));
    let (end, stderr) = port.end();
    assert_eq!(end, End::Exit(1));
    assert!(
        stderr.contains("limits.open_files: 1 is too few"),
        "{stderr}"
    );
}

#[test]
fn what_a_host_stores_into_the_black_box_reads_nothing_behind_it() {
    let shared = Box::new("forged");
    let mut port = Port::start_with(|command| shared.by_path(command));
    for at in [64 + 8, 64 + 8 + 64] {
        // `published` of both threads: far beyond their buffers.
        let forged = u32::MAX.to_le_bytes();
        shared.file.write_all_at(&forged, at + 8).expect("written");
    }
    port.call(1, "sum", &[vec![106]]);
    port.send(&word("stop"));
    let (end, _) = port.end();
    assert_eq!(end, End::Exit(0));
}
