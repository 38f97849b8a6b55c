//! The monitor: the thread that notices when the host is gone, for it sleeps on the input. While calls run it also wakes
//! up every millisecond, to see whether somebody is stuck. It runs no user code and never blocks on anything else, so it notices the
//! host's end whatever the other threads do.

use std::fs::File;
use std::io::PipeReader;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::program::Program;
use crate::sys::stderr::complain;
use crate::sys::wake::Sleeper;
use crate::sys::{memory, signals};

/// Milliseconds between two looks at running calls.
const TICK: i32 = 1;
/// Looks from one at the memory to the next, which costs some microseconds.
const MEMORY_TICKS: u32 = 16;
/// Looks at an idle program before the monitor sleeps: waking it up costs more than a look.
const IDLE_TICKS: u32 = 16;

/// A thread that writes out answers of threads that are stuck in their next call; writing may block, and the monitor
/// must not.
#[derive(Default)]
pub(crate) struct Flusher {
    wanted: Mutex<bool>,
    come: Condvar,
}

/// Starts monitor and flusher.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn spawn(
    program: &'static Program,
    input: File,
    listen: PipeReader,
) -> std::io::Result<()> {
    let thread = std::thread::Builder::new().name("portreeve-monitor".into());
    thread
        .stack_size(256 * 1024)
        .spawn(move || watch(program, Sleeper::new(input, listen)))?;
    let thread = std::thread::Builder::new().name("portreeve-flusher".into());
    thread
        .stack_size(256 * 1024)
        .spawn(move || program.flusher().work(program))?;
    Ok(())
}

fn watch(program: &'static Program, mut sleeper: Sleeper) {
    let mut look = Look::default();
    loop {
        let woken = sleeper.sleep(look.timeout());
        if woken.gone {
            program.end().host_gone();
        }
        if woken.terminate {
            program.terminate();
        }
        if woken.called {
            look.quiet = 0;
            look.asleep = false;
        }
        if !look.asleep {
            look.around(program);
        }
    }
}

/// What the monitor remembers from tick to tick.
#[derive(Default)]
struct Look {
    seen: Vec<u32>,
    looks: u32,
    quiet: u32,
    asleep: bool,
    answers_waited: bool,
}

impl Look {
    fn timeout(&self) -> i32 {
        if self.asleep { -1 } else { TICK }
    }

    fn around(&mut self, program: &'static Program) {
        self.looks = self.looks.wrapping_add(1);
        if self.looks.is_multiple_of(MEMORY_TICKS) {
            look_at_memory(program);
        }
        program.link().memory().tick();
        let threads = program.threads();
        threads.ticks.fetch_add(1, Relaxed);
        threads.watches.look(&mut self.seen);
        let idle = threads.tick(program);
        let waiting = program.link().is_waiting();
        if waiting && self.answers_waited {
            program.flusher().call();
        }
        self.answers_waited = waiting;
        self.quiet = if idle && !waiting { self.quiet + 1 } else { 0 };
        self.asleep = self.quiet >= IDLE_TICKS && threads.sleep();
    }
}

/// A program that uses more memory than it may ends, as one does that is refused an allocation: by the thread that takes
/// the most just now, of those that run a call.
fn look_at_memory(program: &'static Program) {
    const MIB: u64 = 1024 * 1024;
    let Some((allowed, used)) = memory::excess() else {
        return;
    };
    complain(format_args!(
        "out of memory: {} MiB in use, limits.memory is {} MiB",
        used.div_ceil(MIB),
        allowed / MIB
    ));
    match greediest(&program.link().memory().running_threads()) {
        Some(thread) => signals::abort_in(thread),
        None => std::process::abort(),
    }
}

/// The thread that touches the most new pages within a tick.
fn greediest(threads: &[u32]) -> Option<u32> {
    let before: Vec<u64> = threads.iter().copied().map(memory::first_touches).collect();
    std::thread::sleep(Duration::from_millis(TICK as u64));
    let taken = threads.iter().zip(before).map(|(thread, before)| {
        (
            memory::first_touches(*thread).saturating_sub(before),
            *thread,
        )
    });
    taken.max().map(|(_, thread)| thread)
}

impl Flusher {
    fn call(&self) {
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.come.notify_one();
    }

    fn work(&self, program: &'static Program) {
        loop {
            let wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
            let mut wanted = self
                .come
                .wait_while(wanted, |wanted| !*wanted)
                .unwrap_or_else(PoisonError::into_inner);
            *wanted = false;
            drop(wanted);
            program.link().flush_all();
        }
    }
}
