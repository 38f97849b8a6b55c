//! The pool of `#[portreeve::function(blocking)]`: functions that wait for something outside and would keep a core's
//! thread from computing. Threads begin when they are needed, up to 64, and end after ten idle seconds.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::dispatch;
use super::program::Program;
use super::registry::{Function, Run};
use super::thread_index::ThreadIndex;
use crate::blackbox::State as Mark;
use crate::calls::batch::Ticket;
use crate::sys::stderr::{Once, complain_once};
use crate::wire::failure::{Failure, Kind};

/// Most threads of the pool.
const MAX_THREADS: usize = 64;
/// Most calls that wait for one of them: as many as a host may have unanswered. Their bytes are counted elsewhere.
const MAX_WAITING: usize = 65_536;
/// How long a thread waits for its next call.
const IDLE: Duration = Duration::from_secs(10);

/// A call for the pool.
pub(crate) struct Job {
    pub ticket: Ticket,
    pub function: &'static Function,
    pub run: Run,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    idle: usize,
    threads: usize,
}

/// What a new call needs.
enum Need {
    Nothing,
    Thread,
    Refusal(Job),
}

/// The pool.
#[derive(Default)]
pub(crate) struct Blocking {
    state: Mutex<State>,
    come: Condvar,
}

impl Blocking {
    /// Has the call run by the next free thread of the pool.
    pub(crate) fn serve(&self, program: &'static Program, job: Job) {
        match self.take(job) {
            Need::Nothing => {}
            Need::Thread => self.grow(program),
            Need::Refusal(job) => {
                let why = format!("{MAX_WAITING} blocking calls wait already");
                refuse(program, &job, &why);
            }
        }
    }

    fn take(&self, job: Job) -> Need {
        let mut state = self.lock();
        if state.waiting.len() >= MAX_WAITING {
            return Need::Refusal(job);
        }
        state.waiting.push_back(job);
        if state.idle >= state.waiting.len() {
            self.come.notify_one();
        } else if state.threads < MAX_THREADS {
            state.threads += 1;
            return Need::Thread;
        }
        Need::Nothing
    }

    fn grow(&self, program: &'static Program) {
        let thread = std::thread::Builder::new().name("portreeve-blocking".into());
        let Err(error) = thread.spawn(move || work(program)) else {
            return;
        };
        static SAID: Once = Once::new();
        complain_once(&SAID, format_args!("no thread for blocking calls: {error}"));
        let mut state = self.lock();
        state.threads -= 1;
        // A pool that has threads serves the call later; one without serves none.
        let jobs = if state.threads == 0 {
            std::mem::take(&mut state.waiting)
        } else {
            VecDeque::new()
        };
        drop(state);
        for job in jobs {
            refuse(
                program,
                &job,
                &format!("no thread for blocking calls: {error}"),
            );
        }
    }

    fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.waiting.pop_front() {
                return Some(job);
            }
            state.idle += 1;
            let (back, timeout) = self
                .come
                .wait_timeout(state, IDLE)
                .unwrap_or_else(PoisonError::into_inner);
            state = back;
            state.idle -= 1;
            if timeout.timed_out() && state.waiting.is_empty() {
                state.threads -= 1;
                return None;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn work(program: &'static Program) {
    let _index = ThreadIndex::other(program);
    let mut out = Vec::new();
    while let Some(job) = program.blocking().next() {
        out.clear();
        match dispatch::admit(program, &job.ticket) {
            Ok(_) => dispatch::answer(program, &job.ticket, job.function, job.run, &mut out),
            Err(failure) => dispatch::refuse(program, &job.ticket, &failure, &mut out),
        }
        send(program, &job.ticket, &out);
    }
}

fn refuse(program: &'static Program, job: &Job, why: &str) {
    let failure = Failure::new(Kind::Overloaded, why).of(job.function.name);
    let mut out = Vec::new();
    dispatch::refuse(program, &job.ticket, &failure, &mut out);
    send(program, &job.ticket, &out);
}

fn send(program: &'static Program, ticket: &Ticket, frame: &[u8]) {
    program.ids().free(ticket.id());
    program.link().send(frame);
    let memory = program.link().memory();
    memory.mark(ticket.box_id(), Mark::Finished);
}
