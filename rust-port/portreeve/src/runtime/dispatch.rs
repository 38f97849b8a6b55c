//! One call: found, begun, run, answered.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use crate::api::extractors::{Deadline, timeout};
use crate::blackbox::{State, crash};
use crate::calls::batch::Ticket;
use crate::observe::spans::CallSpan;
use crate::runtime::invocation::Invocation;
use crate::runtime::panics;
use crate::runtime::program::Program;
use crate::runtime::registry::{Body, Function, Run};
use crate::runtime::worker::{Worker, spawn};
use crate::wire::failure::{Failure, Kind};
use crate::wire::message::write;

/// Serves the call that the worker has claimed, or hands it to the pool or runtime where its function runs.
pub fn serve(program: &'static Program, ticket: &Ticket, worker: &mut Worker) {
    let function = match admit(program, ticket) {
        Ok(function) => function,
        Err(failure) => {
            refuse(program, ticket, &failure, &mut worker.out);
            return program.output().publish(worker.index, &worker.out);
        }
    };
    match function.body {
        Body::Run(run) => serve_here(program, ticket, function, run, worker),
        Body::Blocking(run) => program
            .blocking()
            .serve(program, ticket.clone(), function, run),
        #[cfg(feature = "async")]
        Body::Future(answer) => {
            crate::runtime::futures::serve(program, ticket.clone(), function, answer)
        }
    }
}

fn serve_here(
    program: &'static Program,
    ticket: &Ticket,
    function: &'static Function,
    run: Run,
    worker: &mut Worker,
) {
    if function.slow.expected() {
        program.output().flush(worker.index);
        if let Some(thread) = program.schedule().hand_over() {
            spawn(program, thread);
        }
    }
    let watches = &program.schedule().watches;
    let id = box_id(ticket);
    watches.enter(worker.index, function);
    answer(program, ticket, function, run, &mut worker.out);
    watches.leave(worker.index);
    program.output().publish(worker.index, &worker.out);
    program.output().memory().mark(id, State::Finished);
}

/// Whether a call may begin, and what it calls.
pub fn admit(program: &Program, ticket: &Ticket) -> Result<&'static Function, Failure> {
    let call = ticket.call();
    if call.is_cancelled() {
        return Err(Failure::new(Kind::Cancelled, "cancelled before it began"));
    }
    if call.options.is_some() && is_over(program, ticket) {
        return Err(Failure::new(
            Kind::Timeout,
            "its time was over before it began",
        ));
    }
    call.function.ok_or_else(|| {
        let name = ticket.batch().slice(&call.name);
        Failure::new(Kind::Undef, program.registry().unknown(name))
    })
}

/// Whether nobody waits for it any more. The clock is read only when the monitor has looked since the call came.
fn is_over(program: &Program, ticket: &Ticket) -> bool {
    let is_fresh = || program.schedule().ticks.load(Relaxed) == ticket.batch().tick;
    match timeout(ticket) {
        None => false,
        Some(0) => true,
        Some(_) => !is_fresh() && Deadline::of(ticket).is_over(),
    }
}

/// Runs a function and writes the frame of its answer into `out`; nothing for a cast.
pub fn answer(
    program: &'static Program,
    ticket: &Ticket,
    function: &'static Function,
    run: Run,
    out: &mut Vec<u8>,
) {
    out.clear();
    let id = box_id(ticket);
    program.output().memory().mark(id, State::Begun);
    let outcome = if CallSpan::is_wanted() {
        run_in_span(program, ticket, function, run, out)
    } else {
        run_caught(program, ticket, function, run, out)
    };
    if let Err(failure) = outcome {
        out.clear();
        refuse(program, ticket, &failure, out);
    }
}

/// Out of line its result would be moved once more, which shows in every call.
#[inline(always)]
fn run_caught(
    program: &'static Program,
    ticket: &Ticket,
    function: &'static Function,
    run: Run,
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    let running = Running::enter(program, function, ticket);
    let outcome = panics::catch(|| run(&mut Invocation::new(program, ticket, function, out)));
    drop(running);
    let outcome = outcome.unwrap_or_else(|panic| Err(panic.failure()));
    outcome.map_err(|failure| settle(ticket, failure.of(function.name)))
}

#[cold]
fn run_in_span(
    program: &'static Program,
    ticket: &Ticket,
    function: &'static Function,
    run: Run,
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    let span = CallSpan::begin(function, ticket);
    span.enter();
    let outcome = run_caught(program, ticket, function, run, out);
    span.exit();
    span.end(function, outcome.as_ref().err());
    outcome
}

thread_local! {
    /// The call that this thread runs; lent by the `Running` that set it, which outlives every use.
    static CURRENT: Cell<*const Ticket> = const { Cell::new(ptr::null()) };
}

/// Lends out the call that this thread runs, if it runs one.
pub fn with_current<T>(body: impl FnOnce(Option<&Ticket>) -> T) -> T {
    // SAFETY: null, or the ticket behind the `Running` of an outer frame of this thread, which takes it back when it ends.
    body(unsafe { CURRENT.get().as_ref() })
}

/// For as long as the calling thread runs user code: what a death now would be blamed on, and what its records belong
/// to.
pub struct Running<'a> {
    /// Where the thread's place in the box says what runs; a thread without a place has none.
    note: Option<&'static AtomicU32>,
    /// What was running before, in a call that polls futures itself.
    before: *const Ticket,
    _ticket: PhantomData<&'a Ticket>,
}

impl<'a> Running<'a> {
    /// The thread enters the function.
    pub fn enter(
        program: &'static Program,
        function: &'static Function,
        ticket: &'a Ticket,
    ) -> Self {
        crash::set_function(Some(function));
        let memory = program.output().memory();
        let note = crash::index().and_then(|index| memory.running(index));
        if let Some(note) = note {
            note.store(box_id(ticket), Relaxed);
        }
        let before = CURRENT.replace(ptr::from_ref(ticket));
        Self {
            note,
            before,
            _ticket: PhantomData,
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        crash::set_function(None);
        if let Some(note) = self.note {
            note.store(0, Relaxed);
        }
        CURRENT.set(self.before);
    }
}

/// A function that gave up because it was told to was cancelled, whatever error it chose.
pub fn settle(ticket: &Ticket, failure: Failure) -> Failure {
    let cancelled = failure.kind == Kind::Error && ticket.call().is_cancelled();
    if cancelled {
        Failure {
            kind: Kind::Cancelled,
            ..failure
        }
    } else {
        failure
    }
}

/// Writes the failure as the answer of a call. A cast has no answer: a line on stderr.
pub fn refuse(program: &Program, ticket: &Ticket, failure: &Failure, out: &mut Vec<u8>) {
    match ticket.id() {
        Some(id) => write_failure(program, id, failure, out),
        None => crate::sys::stderr::complain(format_args!("a cast failed: {}", failure.message)),
    }
}

/// Writes `{error, Id, Map}`.
pub fn write_failure(program: &Program, id: &[u8], failure: &Failure, out: &mut Vec<u8>) {
    let start = write::begin(out);
    write::tuple(out, 3);
    write::atom(out, "error");
    out.extend_from_slice(id);
    failure.write(out);
    if let Err(large) = program.end_frame(out, start) {
        let short = Failure {
            data: None,
            backtrace: None,
            ..large
        };
        write_short(program, id, &short, out);
    }
}

/// An error about an error that was too large itself; an Id that leaves no room even for that gets no answer.
fn write_short(program: &Program, id: &[u8], failure: &Failure, out: &mut Vec<u8>) {
    let start = write::begin(out);
    write::tuple(out, 3);
    write::atom(out, "error");
    out.extend_from_slice(id);
    failure.write(out);
    if program.end_frame(out, start).is_err() {
        crate::sys::stderr::complain_once(format_args!("an Id leaves no room for an answer"));
    }
}

/// The Id over a boxed pipe, INTEGER_EXT; 0 for every other one.
pub fn box_id(ticket: &Ticket) -> u32 {
    match ticket.id() {
        Some(&[98, a, b, c, d]) => u32::from_be_bytes([a, b, c, d]),
        _ => 0,
    }
}
