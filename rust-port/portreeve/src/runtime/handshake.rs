//! The opening: the program's hello goes out before anything is read; the host's hello, if it says one, is its first
//! message and is answered with `ready` or `failed`.

use super::describe;
use crate::etf;
use crate::observe::{logging, spans};
use crate::runtime::program::Program;
use crate::sys::stderr::complain;
use crate::sys::{rlimits, signals};
use crate::wire::host_hello::{PROTOCOL, Settings, Word};
use crate::wire::message::{self, write};

/// Exit code of a program that could not start.
const FAILED: u8 = 1;

/// Sends `{hello, Map}`.
pub(crate) fn say_hello(program: &Program) {
    let hello = match describe::hello(program.registry()) {
        Ok(hello) => hello,
        Err(why) => fail_aloud(program, &why),
    };
    let mut out = Vec::new();
    let start = write::begin(&mut out);
    write::tuple(&mut out, 2);
    write::atom(&mut out, "hello");
    let written = etf::append(&mut out, &hello, etf::Options::default());
    let framed = written.map_err(|error| error.to_string()).and_then(|()| {
        program
            .link()
            .end_frame(&mut out, start)
            .map_err(|failure| failure.message)
    });
    match framed {
        Ok(()) => program.link().send(&out),
        Err(why) => fail_aloud(program, &format!("the hello cannot be written: {why}")),
    }
}

/// Threads beyond those that compute: one that reads, the monitor's, those that wait for the host.
const SPARE: u64 = 6;

/// Bytes of the stacks of all threads that there may be at a time.
fn stacks(threads: Option<usize>) -> u64 {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    (threads.unwrap_or_else(cores) as u64 + SPARE) * super::worker::STACK as u64
}

/// The host's hello has come.
pub(crate) fn greeted(program: &'static Program, map: &[u8]) {
    let settings = match Settings::read(map) {
        Ok(settings) => settings,
        Err(error) => failed(program, &format!("the host's hello: {error}")),
    };
    if settings.protocol != PROTOCOL {
        let theirs = settings.protocol;
        let why = format!("this program speaks protocol {PROTOCOL}, the host speaks {theirs}");
        failed(program, &why);
    }
    if let Some(threads) = settings.threads {
        program.threads().set_threads(threads);
    }
    let limits = settings.limits;
    let limited = rlimits::set(rlimits::Limits {
        memory: limits.memory,
        stacks: stacks(settings.threads),
        cpu_seconds: limits.cpu_seconds,
        open_files: limits.open_files,
    });
    greet(program, settings);
    if let Err(error) = limited {
        failed(program, &error);
    }
    match program
        .start()
        .run(program.registry(), message::entry(map, b"start"))
    {
        Some(Ok(state)) => {
            program.set_state(state);
            ready(program);
        }
        Some(Err(why)) => failed(program, &why),
        None => {}
    }
}

/// A call has come; a host that said no hello gets `on_start` now, with `undefined`.
pub(crate) fn before_first_call(program: &'static Program) {
    match program.start().run(program.registry(), None) {
        Some(Ok(state)) => program.set_state(state),
        Some(Err(why)) => fail_aloud(program, &why),
        None => {}
    }
}

fn greet(program: &Program, settings: Settings) {
    if settings.accepts(Word::Log) {
        logging::set_level(settings.log.as_deref().unwrap_or("info"));
    }
    if settings.accepts(Word::Span) {
        spans::ask();
    }
    program.link().greet(settings);
    if let Err(error) = signals::ignore_those_to_the_group() {
        complain(format_args!(
            "signals to the group are not ignored: {error}"
        ));
    }
}

fn ready(program: &Program) {
    tell(program, "ready", |out| {
        write::map(out, 2);
        write::atom(out, "pid");
        write::integer(out, std::process::id().into());
        write::atom(out, "max_frame");
        write::integer(out, program.link().max_received() as u64);
    });
}

/// Says why to the host, and ends.
fn failed(program: &Program, why: &str) -> ! {
    tell(program, "failed", |out| {
        write::map(out, 1);
        write::atom(out, "message");
        write::text(out, why);
    });
    fail_aloud(program, why);
}

fn fail_aloud(program: &Program, why: &str) -> ! {
    complain(format_args!("cannot start: {why}"));
    program.end().now(FAILED)
}

fn tell(program: &Program, word: &str, map: impl FnOnce(&mut Vec<u8>)) {
    let mut out = Vec::new();
    let start = write::begin(&mut out);
    write::tuple(&mut out, 2);
    write::atom(&mut out, word);
    map(&mut out);
    match program.link().end_frame(&mut out, start) {
        Ok(()) => program.link().send(&out),
        Err(failure) => complain(format_args!(
            "`{word}` could not be sent: {}",
            failure.message
        )),
    }
}
