//! `async fn` under the attribute: every call is a task of one tokio runtime, which starts with the first of them. A
//! cancelled call's future is dropped, wherever it waits.

use std::cell::Cell;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};

use tokio::runtime::{Builder, Runtime};
use tokio::task::AbortHandle;

use crate::blackbox::State;
use crate::calls::batch::Ticket;
use crate::calls::current::Running;
use crate::observe::spans::CallSpan;
use crate::runtime::dispatch;
use crate::runtime::invocation::{Answering, OwnedInvocation};
use crate::runtime::panics;
use crate::runtime::program::Program;
use crate::runtime::registry::Function;
use crate::runtime::thread_index::ThreadIndex;
use crate::wire::failure::{Failure, Kind};

/// Most calls at a time: as many as a host may have unanswered. Their bytes are counted elsewhere.
const MAX_TASKS: usize = 65_536;

/// What an `async fn` under the attribute becomes.
pub(crate) type Body = fn(OwnedInvocation) -> Answering;

/// Starts the call as a task.
pub(crate) fn serve(
    program: &'static Program,
    ticket: Ticket,
    function: &'static Function,
    body: Body,
) {
    let runtime = match runtime(program) {
        Ok(runtime) => runtime,
        Err(why) => {
            let failure = Failure::new(Kind::Overloaded, why);
            return Unanswered::new(program, ticket).fail(&failure);
        }
    };
    let id = ticket.id().map(Box::from);
    let unanswered = Unanswered::new(program, ticket.clone());
    let polled = Polled {
        program,
        ticket: ticket.clone(),
        function,
        state: Stage::Waiting(body),
        span: CallSpan::none(),
    };
    // The task takes itself out of the list, so it must be in there first.
    let mut running = running();
    if running.len() >= MAX_TASKS {
        drop(running);
        let why = format!("{MAX_TASKS} async calls run already");
        return unanswered.fail(&Failure::new(Kind::Overloaded, why).of(function.name));
    }
    let task = runtime.spawn(async move { unanswered.settle(polled.await) });
    if let Some(id) = id {
        running.insert(id, task.abort_handle());
    }
    drop(running);
    if ticket.call().is_cancelled() {
        task.abort();
    }
}

/// Drops the future of the call with this Id, if it is one; its answer is `cancelled`.
pub(crate) fn cancel(id: &[u8]) {
    if let Some(task) = running().get(id) {
        task.abort();
    }
}

fn runtime(program: &'static Program) -> Result<&'static Runtime, String> {
    static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
    let built = RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.enable_all().thread_name("portreeve-async");
        // Tokio has no hook that holds a value for the life of a thread.
        builder.on_thread_start(move || PLACE.set(Some(ThreadIndex::other(program))));
        builder.on_thread_stop(|| drop(PLACE.take()));
        builder
            .build()
            .map_err(|error| format!("no async runtime: {error}"))
    });
    built.as_ref().map_err(Clone::clone)
}

thread_local! {
    static PLACE: Cell<Option<ThreadIndex>> = const { Cell::new(None) };
}

fn running() -> MutexGuard<'static, HashMap<Box<[u8]>, AbortHandle>> {
    static RUNNING: OnceLock<Mutex<HashMap<Box<[u8]>, AbortHandle>>> = OnceLock::new();
    let running = RUNNING.get_or_init(Mutex::default);
    running.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The future of a call: decoded and called at its first poll, its panics caught at each.
struct Polled {
    program: &'static Program,
    ticket: Ticket,
    function: &'static Function,
    state: Stage,
    span: CallSpan,
}

enum Stage {
    Waiting(Body),
    Begun(Answering),
}

type Answered = (Vec<u8>, Result<(), Failure>);

impl Future for Polled {
    type Output = Answered;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answered> {
        let (program, function) = (self.program, self.function);
        if let Stage::Waiting(body) = self.state {
            program
                .link()
                .memory()
                .mark(self.ticket.box_id(), State::Begun);
            let ticket = self.ticket.clone();
            self.span = CallSpan::begin(function.name, &ticket);
            self.state = Stage::Begun(body(OwnedInvocation::new(program, ticket, function)));
        }
        let Self {
            ticket,
            state: Stage::Begun(answering),
            span,
            ..
        } = &mut *self
        else {
            return Poll::Pending;
        };
        let _running = Running::enter(program.link().memory(), &function.name, ticket);
        span.enter();
        let polled = panics::catch(|| answering.as_mut().poll(context));
        span.exit();
        let polled = polled.unwrap_or_else(|panic| Poll::Ready((Vec::new(), Err(panic.failure()))));
        polled.map(|(frame, outcome)| {
            let outcome =
                outcome.map_err(|failure| dispatch::settle(ticket, failure.of(function.name)));
            std::mem::take(span).end(function.name, outcome.as_ref().err());
            (frame, outcome)
        })
    }
}

impl Drop for Polled {
    /// A span that did not end until now is that of a call whose future was dropped: it was cancelled.
    fn drop(&mut self) {
        self.span.cancel(self.function.name);
    }
}

/// A call that still has no answer. Dropped that way it was cancelled.
struct Unanswered {
    program: &'static Program,
    ticket: Ticket,
    answered: bool,
}

impl Unanswered {
    fn new(program: &'static Program, ticket: Ticket) -> Self {
        Self {
            program,
            ticket,
            answered: false,
        }
    }

    fn settle(self, (frame, outcome): Answered) {
        match outcome {
            Ok(()) => self.send(&frame),
            Err(failure) => self.fail(&failure),
        }
    }

    fn fail(self, failure: &Failure) {
        let mut out = Vec::new();
        dispatch::refuse(self.program, &self.ticket, failure, &mut out);
        self.send(&out);
    }

    fn send(mut self, frame: &[u8]) {
        self.answered = true;
        self.deliver(frame);
    }

    fn deliver(&self, frame: &[u8]) {
        if let Some(id) = self.ticket.id() {
            running().remove(id);
            self.program.ids().free(Some(id));
        }
        self.program.link().send(frame);
        self.program
            .link()
            .memory()
            .mark(self.ticket.box_id(), State::Finished);
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        if self.answered || self.ticket.id().is_none() {
            return;
        }
        let mut out = Vec::new();
        let failure = Failure::new(Kind::Cancelled, "cancelled while it ran");
        dispatch::refuse(self.program, &self.ticket, &failure, &mut out);
        self.deliver(&out);
    }
}
