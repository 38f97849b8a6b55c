//! The black box after a death, read as the host reads it: every call in its true state, every finished answer in the
//! pipe or in the box, and the culprit named.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::os::unix::process::CommandExt;

use crate::driver::{End, Port, call, program, term};

const SLOTS: usize = 256;
const THREADS: usize = 8;
const ROOM: usize = 65_536;
pub(crate) const THREADS_AT: usize = 64 + 4 * SLOTS;
pub(crate) const CRASH_AT: usize = THREADS_AT + 64 * THREADS;
const ROOM_AT: usize = CRASH_AT + 1024;

/// A box as the host makes it.
pub(crate) struct BlackBox(pub(crate) File);

impl BlackBox {
    pub(crate) fn new() -> Self {
        let path =
            std::env::temp_dir().join(format!("portreeve-test-{:?}", std::thread::current().id()));
        let path = path.with_extension(std::process::id().to_string());
        let file = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)
            .expect("a file");
        std::fs::remove_file(&path).expect("unlinked");
        let mut content = vec![0; ROOM_AT + ROOM * THREADS];
        content[..8].copy_from_slice(b"PRBX0001");
        for (at, value) in [(8, SLOTS), (12, THREADS), (16, ROOM)] {
            content[at..at + 4].copy_from_slice(&(value as u32).to_le_bytes());
        }
        file.write_all_at(&content, 0).expect("written");
        Self(file)
    }

    /// What the program is told, which gets it as descriptor 9.
    fn name(&self) -> String {
        format!("fd:9:{}", self.0.metadata().expect("a file").ino())
    }

    pub(crate) fn start(&self) -> Port {
        let (fd, name) = (self.0.as_raw_fd(), self.name());
        Port::start_with(|command| {
            command.env("PORTREEVE_BOX", name);
            // SAFETY: dup2 is async-signal-safe; its copy has no CLOEXEC.
            unsafe {
                command.pre_exec(move || {
                    libc::dup2(fd, 9);
                    Ok(())
                });
            }
        })
    }

    pub(crate) fn u32(&self, at: usize) -> u32 {
        let mut bytes = [0; 4];
        self.0.read_exact_at(&mut bytes, at as u64).expect("read");
        u32::from_le_bytes(bytes)
    }

    fn u64(&self, at: usize) -> u64 {
        u64::from(self.u32(at)) | u64::from(self.u32(at + 4)) << 32
    }

    /// Generation and state of a slot.
    fn slot(&self, slot: usize) -> (u32, u32) {
        let word = self.u32(64 + 4 * slot);
        (word >> 2, word & 3)
    }

    pub(crate) fn running(&self) -> Vec<u32> {
        let words = (0..THREADS).map(|thread| self.u32(THREADS_AT + 64 * thread));
        words.filter(|id| *id != 0).collect()
    }

    /// The frames that are in no pipe yet, by the Id that they answer.
    fn answers(&self) -> BTreeMap<u32, Vec<u8>> {
        let mut answers = BTreeMap::new();
        for thread in 0..THREADS {
            let at = THREADS_AT + 64 * thread;
            let (published, flushed) = (self.u32(at + 8) as usize, self.u32(at + 12) as usize);
            let mut bytes = vec![0; published.saturating_sub(flushed)];
            self.0
                .read_exact_at(&mut bytes, (ROOM_AT + ROOM * thread + flushed) as u64)
                .expect("read");
            let mut rest = bytes.as_slice();
            while let Some((length, tail)) = rest.split_first_chunk::<4>() {
                let (frame, tail) = tail.split_at(u32::from_be_bytes(*length) as usize);
                answers.insert(answered(frame), frame.to_vec());
                rest = tail;
            }
        }
        answers
    }
}

/// The Id of `{reply, Id, _}` or `{error, Id, _}`: INTEGER_EXT behind the word.
fn answered(frame: &[u8]) -> u32 {
    let at = frame
        .windows(5)
        .skip(3)
        .find(|window| window[0] == 98)
        .expect("an Id");
    u32::from_be_bytes([at[1], at[2], at[3], at[4]])
}

pub(crate) fn id(generation: u32, slot: u32) -> i64 {
    i64::from(generation << 16 | slot)
}

#[test]
fn the_box_is_taken_and_its_name_forgotten() {
    let file = BlackBox::new();
    let port = file.start();
    assert_eq!(file.u32(20), 1);
    let environment = std::fs::read(format!("/proc/{}/environ", port.child.id())).unwrap();
    // The initial environment stays in /proc; what matters is that the descriptor is closed.
    assert!(!environment.is_empty());
    assert!(!std::path::Path::new(&format!("/proc/{}/fd/9", port.child.id())).exists());
    let maps = std::fs::read_to_string(format!("/proc/{}/maps", port.child.id())).unwrap();
    let first = maps
        .lines()
        .find(|line| line.contains("basics"))
        .expect("the executable");
    let base = u64::from_str_radix(first.split('-').next().unwrap(), 16).unwrap();
    // Addresses of an executable that cannot be moved (ET_EXEC) are meant as they are.
    let can_be_moved = std::fs::read(program("basics")).unwrap()[16] == 3;
    assert_eq!(file.u64(32), if can_be_moved { base } else { 0 });
}

#[test]
fn calls_are_in_their_true_state_after_sigkill() {
    let file = BlackBox::new();
    let mut port = file.start();
    port.write(
        &[
            call(id(1, 3), "sum", &[vec![106]]),
            call(id(7, 4), "spin", &[term(&600_000)]),
        ]
        .concat(),
    );
    assert_eq!(port.next(), format!("{{reply,{},0}}", id(1, 3)));
    let spins: Vec<u8> = (10..30)
        .flat_map(|slot| call(id(2, slot), "spin", &[term(&600_000)]))
        .collect();
    port.write(&spins);
    port.send(&(crate::driver::word("ping"), 1));
    assert_eq!(port.next(), "{pong,1}");
    port.signal(libc::SIGKILL);
    assert_eq!(port.end().0, End::Signal(libc::SIGKILL));
    assert_eq!(file.slot(3), (1, 2));
    assert_eq!(file.slot(4), (7, 1));
    let mut running = file.running();
    running.sort_unstable();
    assert!(running.contains(&(id(7, 4) as u32)));
    // What runs has begun; what has begun and not finished runs.
    let begun: Vec<u32> = (10..30)
        .filter(|slot| file.slot(*slot as usize) == (2, 1))
        .collect();
    let expected: Vec<u32> = begun
        .iter()
        .map(|slot| id(2, *slot) as u32)
        .chain([id(7, 4) as u32])
        .collect();
    let mut expected = expected;
    expected.sort_unstable();
    assert_eq!(running, expected);
    assert_eq!(file.u32(CRASH_AT), 0);
    assert!(file.u64(24) > 0, "the monitor has ticked");
}

/// Finished answers before a death, and the culprit in the record.
fn dies(how: &str, signal: i32) -> (BlackBox, String) {
    let file = BlackBox::new();
    let mut port = file.start();
    let frames: Vec<u8> = (0..20)
        .flat_map(|slot| call(id(1, slot), "sum", &[vec![107, 0, 1, 5]]))
        .collect();
    let crash = call(id(1, 20), "crash", &[term(how)]);
    let after = call(id(1, 21), "sum", &[vec![106]]);
    port.write(&[frames, crash, after].concat());
    let in_pipe = port.rest();
    let (end, stderr) = port.end();
    assert_eq!(end, End::Signal(signal));
    let in_box = file.answers();
    for slot in 0..20 {
        assert_eq!(file.slot(slot), (1, 2));
        let id = id(1, slot as u32) as u32;
        let told = in_pipe.contains(&format!("{{reply,{id},5}}"));
        assert!(
            told || in_box.contains_key(&id),
            "the answer of slot {slot} is lost"
        );
    }
    assert_eq!(file.slot(20), (1, 1));
    // The call behind it may have been taken by another thread, if the death took its time: that one was running it.
    let (_, state) = file.slot(21);
    assert!(state != 1 || file.running().contains(&(id(1, 21) as u32)));
    let crash = |at: usize| file.u32(CRASH_AT + at);
    assert_eq!((crash(0), crash(4)), (1, signal as u32));
    let thread = crash(12) as usize;
    assert_eq!(file.u32(THREADS_AT + 64 * thread), id(1, 20) as u32);
    // musl has no unwind tables, and its abort has pushed things on the stack.
    if !(cfg!(target_env = "musl") && signal == libc::SIGABRT) {
        assert!(crash(32) > 3, "a backtrace of {} frames", crash(32));
    }
    (file, stderr)
}

#[test]
fn a_segfault_leaves_its_address_and_its_call() {
    let (file, stderr) = dies("segv", libc::SIGSEGV);
    assert_eq!(file.u64(CRASH_AT + 16), 8);
    assert_eq!(stderr, "portreeve: SIGSEGV at 0x8 in `crash`\n");
}

#[test]
fn an_abort_leaves_its_call() {
    let (_, stderr) = dies("abort", libc::SIGABRT);
    let (line, memory) = stderr.split_once(" (").expect("its memory is told");
    assert_eq!(line, "portreeve: SIGABRT in `crash`");
    assert!(memory.ends_with(" MiB of memory in use)\n"), "{memory}");
}

#[test]
fn a_stack_overflow_is_reported_from_another_stack() {
    let (_, stderr) = dies("overflow", libc::SIGSEGV);
    assert!(
        stderr.ends_with(" in `crash`: the stack overflowed\n"),
        "{stderr}"
    );
}

#[test]
fn sigkill_at_any_moment_loses_no_finished_answer() {
    // Seeded moments: the kill comes after so many answers have been seen, while calls stream in.
    for seen in [1, 7, 50, 333, 1500] {
        let file = BlackBox::new();
        let mut port = file.start();
        let mut generations = vec![0_u32; SLOTS];
        let mut frames = Vec::new();
        for number in 0..2000_u32 {
            // Each slot is used once, so that every state can be told at the end.
            let slot = number % SLOTS as u32;
            generations[slot as usize] = 1 + number / SLOTS as u32;
            frames.extend(call(
                id(generations[slot as usize], slot),
                "sum",
                &[vec![107, 0, 1, 9]],
            ));
        }
        port.write(&frames);
        let mut told: Vec<String> = (0..seen).map(|_| port.next()).collect();
        port.signal(libc::SIGKILL);
        told.extend(port.rest());
        assert_eq!(port.end().0, End::Signal(libc::SIGKILL));
        let in_box = file.answers();
        for slot in 0..SLOTS {
            let (generation, state) = file.slot(slot);
            if state == 2 {
                let id = id(generation, slot as u32) as u32;
                let answer = format!("{{reply,{id},9}}");
                assert!(
                    told.contains(&answer) || in_box.contains_key(&id),
                    "{answer} is lost"
                );
            }
        }
    }
}

#[test]
fn a_box_that_is_none_is_refused() {
    let file = BlackBox::new();
    file.0.write_all_at(b"PRBX0002", 0).unwrap();
    let (fd, name) = (file.0.as_raw_fd(), file.name());
    let port = Port::over_pipes(|command| {
        command.env("PORTREEVE_BOX", name);
        // SAFETY: as above.
        unsafe {
            command.pre_exec(move || {
                libc::dup2(fd, 9);
                Ok(())
            });
        }
    });
    let (end, stderr) = port.end();
    assert_eq!(end, End::Exit(1));
    let expected = "it does not begin with PRBX0001\n";
    assert!(
        stderr.starts_with("portreeve: cannot start: the black box") && stderr.ends_with(expected),
        "{stderr}"
    );
}

/// Threads that wait for the host take indexes, and so do those of the runtime: no two have the same one.
#[cfg(feature = "async")]
#[test]
fn a_crash_among_calls_that_wait_for_the_host_names_its_own_call_or_none() {
    #[derive(serde::Serialize)]
    struct Hello {
        protocol: u8,
        accepts: Vec<portreeve::Atom>,
        functions: Vec<portreeve::Atom>,
        threads: usize,
    }
    for waiting in 1..=8 {
        let file = BlackBox::new();
        let mut port = file.start();
        let (accepts, functions) = (vec!["call".into()], vec!["answer".into()]);
        port.greet(&Hello {
            protocol: 1,
            accepts,
            functions,
            threads: 2,
        });
        for slot in 0..waiting {
            port.write(&call(id(1, slot), "ask", &[term("why")]));
            assert!(port.next().starts_with("{call,"));
        }
        let crashes = id(1, 100);
        port.write(&call(crashes, "crash_in_a_future", &[]));
        assert_eq!(port.end().0, End::Signal(libc::SIGSEGV));
        let thread = file.u32(CRASH_AT + 12);
        if thread != u32::MAX {
            let running = file.u32(THREADS_AT + 64 * thread as usize);
            assert_eq!(i64::from(running), crashes, "{waiting} calls wait");
        }
    }
}

/// The callback that was freed, the vtable that was overwritten: nothing can be read where the program counter is.
#[test]
fn a_jump_to_a_wild_address_still_has_its_last_words() {
    let (file, stderr) = dies("wild", libc::SIGSEGV);
    assert_eq!(file.u64(CRASH_AT + 16), 1);
    assert_eq!(file.u64(CRASH_AT + 24), 1);
    assert_eq!(stderr, "portreeve: SIGSEGV at 0x1 in `crash`\n");
}

#[test]
fn the_first_of_many_threads_that_crash_has_the_last_words() {
    for _ in 0..20 {
        let file = BlackBox::new();
        let mut port = file.start();
        port.write(&call(id(1, 3), "crash", &[term("together")]));
        port.rest();
        let (end, stderr) = port.end();
        assert_eq!(end, End::Signal(libc::SIGSEGV));
        assert_eq!(file.u32(CRASH_AT), 1);
        assert!(
            stderr.starts_with("portreeve: SIGSEGV at 0x8"),
            "{stderr:?}"
        );
        assert_eq!(stderr.lines().count(), 1);
    }
}

#[test]
fn a_forked_child_that_crashes_writes_nothing_into_the_box() {
    let file = BlackBox::new();
    let mut port = file.start();
    port.write(&call(id(1, 3), "crash_in_a_fork", &[]));
    assert_eq!(
        port.next(),
        format!("{{reply,{},{}}}", id(1, 3), libc::SIGSEGV)
    );
    assert_eq!(file.u32(CRASH_AT), 0);
}
