//! The threads that run calls and read, under one plan: who parks, who is woken, who is started. The decisions are
//! `schedule`'s.

use std::mem;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::Thread;

use super::program::Program;
use super::worker;
use crate::calls::batch::Batch;
use crate::calls::budget::Budget;
use crate::calls::served::Served;
use crate::schedule::{Done, Job, MAX_RUNNING, Plan, Role, Wake, Watches};
use crate::sys::stderr::{Once, complain_once};

impl Job for Arc<Batch> {
    fn is_spent(&self) -> bool {
        Batch::is_spent(self)
    }
}

/// The threads of one program.
pub struct Threads {
    shared: Mutex<Shared>,
    budget: Arc<Budget>,
    /// What each thread is doing, for the monitor.
    pub watches: Watches,
    /// Looks of the monitor so far: as long as it stays the same no more than some ms have passed, and reading it costs
    /// less than a clock.
    pub ticks: AtomicU32,
}

struct Shared {
    plan: Plan<Arc<Batch>>,
    /// By their index.
    handles: Vec<Option<Thread>>,
    served: Served,
}

impl Threads {
    /// As many as there are cores compute at once, unless the host says otherwise.
    #[must_use]
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let shared = Shared {
            plan: Plan::new(cores),
            handles: Vec::new(),
            served: Served::default(),
        };
        Self {
            shared: Mutex::new(shared),
            budget: Arc::default(),
            watches: Watches::new(),
            ticks: AtomicU32::new(0),
        }
    }

    /// The count of what has no answer yet.
    #[must_use]
    pub fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    /// Sets how many threads may compute at once; one more may run calls, and another one reads.
    pub fn set_threads(&self, threads: usize) {
        self.lock().plan.set_threads(threads.min(MAX_RUNNING));
    }

    /// Starts one thread more; false when the system gives none.
    pub fn start(&self, program: &'static Program) -> bool {
        let index = self.lock().plan.start();
        self.begin(program, index)
    }

    /// Gives the calling thread its next role; parks it until there is one. `before_rest` runs when that is not to run
    /// calls.
    pub fn next(
        &self,
        program: &'static Program,
        index: usize,
        done: Done<Arc<Batch>>,
        before_rest: impl FnOnce(),
    ) -> Role<Arc<Batch>> {
        let mut shared = self.lock();
        if let Done::Read(batches) = &done {
            batches.iter().for_each(|batch| shared.served.keep(batch));
        }
        let mut role = shared.plan.next(index, done, self.budget.has_room());
        let mut before_rest = Some(before_rest);
        loop {
            let spare = self.release(program, shared);
            if !matches!(role, Some(Role::Run(_)))
                && let Some(rest) = before_rest.take()
            {
                rest();
            }
            match (role, spare) {
                (Some(role), None) => return role,
                (Some(role), Some(spare)) if self.begin(program, spare) => return role,
                (Some(_), Some(_)) => {
                    shared = self.lock();
                    role = shared.plan.next(index, Done::Run, self.budget.has_room());
                }
                (None, _) => {
                    shared = self.park(index);
                    role = shared.plan.resume(index, self.budget.has_room());
                }
            }
        }
    }

    /// Before a call that is expected to be long: sees to it that somebody reads or helps.
    pub fn hand_over(&self, program: &'static Program) {
        let wake = self.lock().plan.hand_over(self.budget.has_room());
        self.wake(program, wake);
    }

    /// A thread that runs a call is about to wait for the host. False when too many wait already, or nobody could read
    /// the answer.
    pub fn begin_wait(&self, program: &'static Program) -> bool {
        let begun = self.lock().plan.begin_wait();
        match begun {
            None => false,
            Some(Some(Wake::Start(index))) if !self.begin(program, index) => {
                let mut shared = self.lock();
                let will_read = shared.plan.will_read();
                if !will_read {
                    shared.plan.end_wait();
                }
                self.release(program, shared);
                will_read
            }
            // Begun in the pattern above.
            Some(Some(Wake::Start(_))) => true,
            Some(wake) => {
                self.wake(program, wake);
                true
            }
        }
    }

    /// It goes on.
    pub fn end_wait(&self, program: &'static Program) {
        let mut shared = self.lock();
        shared.plan.end_wait();
        self.release(program, shared);
    }

    /// Any other thread is about to wait for the host.
    pub fn begin_outside_wait(&self, program: &'static Program) {
        let wake = self.lock().plan.begin_outside_wait();
        self.wake(program, wake);
    }

    /// It goes on.
    pub fn end_outside_wait(&self) {
        self.lock().plan.end_outside_wait();
    }

    /// There is room again for something to be read.
    pub fn room(&self, program: &'static Program) {
        let wake = self.lock().plan.room();
        self.wake(program, wake);
    }

    /// The monitor's tick; whether nothing is left to watch.
    pub fn tick(&self, program: &'static Program) -> bool {
        let (idle, wake) = self.lock().plan.tick(self.budget.has_room());
        self.wake(program, wake);
        idle
    }

    /// The monitor goes to sleep, unless there is something to watch.
    #[must_use]
    pub fn sleep(&self) -> bool {
        self.lock().plan.sleep(self.budget.has_room())
    }

    /// Marks the call with this Id as cancelled, if it is known.
    pub fn cancel(&self, id: &[u8]) -> bool {
        let batches = self.lock().served.batches();
        batches.iter().any(|batch| batch.cancel(id))
    }

    /// Lets go of the lock, and then of what only may be dropped without it: a batch whose last call is answered may end
    /// the program, or ask for the lock itself. Gives the thread that is to be started.
    fn release(
        &self,
        program: &'static Program,
        mut shared: MutexGuard<'_, Shared>,
    ) -> Option<usize> {
        let spent = mem::take(&mut shared.plan.spent);
        let (spare, alarm) = (shared.plan.take_spare(), shared.plan.take_alarm());
        drop(shared);
        drop(spent);
        if alarm {
            program.waker().wake();
        }
        spare
    }

    fn park(&self, index: usize) -> MutexGuard<'_, Shared> {
        let mut shared = self.lock();
        while shared.plan.is_parked(index) {
            drop(shared);
            std::thread::park();
            shared = self.lock();
        }
        shared
    }

    fn wake(&self, program: &'static Program, wake: Option<Wake>) {
        match wake {
            None => {}
            Some(Wake::Start(index)) => drop(self.begin(program, index)),
            Some(Wake::Unpark(index)) => {
                let thread = self.lock().handles[index].clone();
                // A thread that parks has been started, and its handle noted.
                if let Some(thread) = thread {
                    thread.unpark();
                }
            }
        }
    }

    /// Starts the thread of this index; false when the system gives none.
    fn begin(&self, program: &'static Program, index: usize) -> bool {
        let started = worker::spawn(program, index);
        let mut shared = self.lock();
        let missing = (index + 1).saturating_sub(shared.handles.len());
        shared.handles.extend((0..missing).map(|_| None));
        match started {
            Ok(thread) => shared.handles[index] = Some(thread),
            Err(error) => {
                static SAID: Once = Once::new();
                complain_once(&SAID, format_args!("no thread for calls: {error}"));
                shared.plan.not_started(index);
                self.release(program, shared);
                return false;
            }
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
