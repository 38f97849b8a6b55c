//! One call from its claim to its answer: what it calls is looked up and run, here, in a pool or as a future.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use super::blocking::Job;
use super::invocation::Invocation;
use super::panics;
use super::program::Program;
use super::registry::{Body, Function, Run};
use super::worker::Worker;
use crate::blackbox::State;
use crate::calls::batch::Ticket;
use crate::calls::current::Running;
use crate::calls::options::{deadline, timeout};
use crate::link::errors;
use crate::observe::spans::CallSpan;
use crate::sys::stderr::complain;
use crate::wire::failure::{Failure, Kind};

/// Serves the call that the worker has claimed, or hands it to the pool or runtime where its function runs.
pub(crate) fn serve(program: &'static Program, ticket: &Ticket, worker: &mut Worker) {
    let function = match admit(program, ticket) {
        Ok(function) => function,
        Err(failure) => {
            refuse(program, ticket, &failure, &mut worker.out);
            program.ids().free(ticket.id());
            return program.link().publish(worker.place, &worker.out);
        }
    };
    match function.body {
        Body::Run(run) => serve_here(program, ticket, function, run, worker),
        Body::Blocking(run) => {
            let ticket = ticket.clone();
            let job = Job {
                ticket,
                function,
                run,
            };
            program.blocking().serve(program, job);
        }
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
        program.link().flush(worker.place);
        program.threads().hand_over(program);
    }
    let watches = &program.threads().watches;
    let id = ticket.box_id();
    watches.enter(worker.index, &function.slow);
    answer(program, ticket, function, run, &mut worker.out);
    watches.leave(worker.index);
    program.ids().free(ticket.id());
    program.link().publish(worker.place, &worker.out);
    program.link().memory().mark(id, State::Finished);
}

/// Whether a call may begin, and what it calls.
pub(crate) fn admit(program: &Program, ticket: &Ticket) -> Result<&'static Function, Failure> {
    let call = ticket.call();
    if call.is_cancelled() {
        return Err(Failure::new(Kind::Cancelled, "cancelled before it began"));
    }
    if ticket.options().is_some() && is_over(program, ticket) {
        return Err(Failure::new(
            Kind::Timeout,
            "its time was over before it began",
        ));
    }
    let index = call
        .function()
        .ok_or_else(|| Failure::new(Kind::Undef, program.registry().unknown(ticket.name())))?;
    Ok(program.registry().get(index))
}

/// Whether nobody waits for it any more. The clock is read only when the monitor has looked since the call came.
fn is_over(program: &Program, ticket: &Ticket) -> bool {
    let is_fresh = || program.threads().ticks.load(Relaxed) == ticket.batch().tick;
    match timeout(ticket) {
        None => false,
        Some(0) => true,
        Some(_) => !is_fresh() && deadline(ticket).is_some_and(|moment| moment <= Instant::now()),
    }
}

/// Runs a function and writes the frame of its answer into `out`; nothing for a cast.
pub(crate) fn answer(
    program: &'static Program,
    ticket: &Ticket,
    function: &'static Function,
    run: Run,
    out: &mut Vec<u8>,
) {
    out.clear();
    let id = ticket.box_id();
    program.link().memory().mark(id, State::Begun);
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
    let running = Running::enter(program.link().memory(), &function.name, ticket);
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
    let span = CallSpan::begin(function.name, ticket);
    span.enter();
    let outcome = run_caught(program, ticket, function, run, out);
    span.exit();
    span.end(function.name, outcome.as_ref().err());
    outcome
}

/// A function that gave up because it was told to was cancelled, whatever error it chose.
pub(crate) fn settle(ticket: &Ticket, failure: Failure) -> Failure {
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
pub(crate) fn refuse(program: &Program, ticket: &Ticket, failure: &Failure, out: &mut Vec<u8>) {
    match ticket.id() {
        Some(id) => errors::write(program.link(), id, failure, out),
        None => complain(format_args!("a cast failed: {}", failure.message)),
    }
}
