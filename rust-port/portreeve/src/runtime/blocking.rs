//! The pool of `#[portreeve::function(blocking)]`: functions that wait for something outside and would keep a core's
//! thread from computing. Threads begin when they are needed, up to 64, and end after ten idle seconds.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::blackbox::State as Mark;
use crate::calls::batch::Ticket;
use crate::runtime::dispatch;
use crate::runtime::program::Program;
use crate::runtime::registry::{Function, Run};
use crate::runtime::thread_index::ThreadIndex;
use crate::sys::stderr::complain;

/// Most threads of the pool.
const MAX_THREADS: usize = 64;
/// How long a thread waits for its next call.
const IDLE: Duration = Duration::from_secs(10);

struct Job {
    ticket: Ticket,
    function: &'static Function,
    run: Run,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    idle: usize,
    threads: usize,
}

/// The pool.
#[derive(Default)]
pub struct Blocking {
    state: Mutex<State>,
    come: Condvar,
}

impl Blocking {
    /// Has the call run by the next free thread of the pool.
    pub fn serve(
        &self,
        program: &'static Program,
        ticket: Ticket,
        function: &'static Function,
        run: Run,
    ) {
        let mut state = self.lock();
        state.waiting.push_back(Job {
            ticket,
            function,
            run,
        });
        if state.idle >= state.waiting.len() {
            self.come.notify_one();
        } else if state.threads < MAX_THREADS {
            state.threads += 1;
            drop(state);
            self.grow(program);
        }
    }

    fn grow(&self, program: &'static Program) {
        let thread = std::thread::Builder::new().name("portreeve-blocking".into());
        if let Err(error) = thread.spawn(move || work(program)) {
            // A pool that has threads serves the call later; one without tries again with the next call.
            self.lock().threads -= 1;
            complain(format_args!("no thread for blocking calls: {error}"));
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
    let _place = ThreadIndex::borrowed(program);
    let mut out = Vec::new();
    while let Some(Job {
        ticket,
        function,
        run,
    }) = program.blocking().next()
    {
        out.clear();
        match dispatch::admit(program, &ticket) {
            Ok(_) => dispatch::answer(program, &ticket, function, run, &mut out),
            Err(failure) => dispatch::refuse(program, &ticket, &failure, &mut out),
        }
        program.link().send(&out);
        program
            .link()
            .memory()
            .mark(ticket.box_id(), Mark::Finished);
    }
}
