//! The threads that run calls and read: started, parked and woken as `schedule/plan.rs` decides.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::Thread;
use std::{io, mem};

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
pub(crate) struct Threads {
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
    pub(crate) fn new() -> Self {
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
    pub(crate) fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    /// Sets how many threads may compute at once; one more may run calls, and another one reads.
    pub(crate) fn set_threads(&self, threads: usize) {
        self.lock().plan.set_threads(threads.min(MAX_RUNNING));
    }

    /// Threads that it may come to have, but for those that wait for the host.
    #[must_use]
    pub(crate) fn most(&self) -> usize {
        self.lock().plan.threads()
    }

    /// Starts one thread more; false when the system gives none.
    pub(crate) fn start(&self, program: &'static Program) -> bool {
        let mut held = self.hold(program);
        let index = held.plan.start();
        held.begin(index)
    }

    /// Gives the calling thread its next role; parks it until there is one. `before_rest` runs when that is not to run
    /// calls.
    pub(crate) fn next(
        &self,
        program: &'static Program,
        index: usize,
        done: Done<Arc<Batch>>,
        before_rest: impl FnOnce(),
    ) -> Role<Arc<Batch>> {
        let mut role = {
            let mut held = self.hold(program);
            if let Done::Read(batches) = &done {
                batches.iter().for_each(|batch| held.served.keep(batch));
            }
            let role = held.plan.next(index, done, self.budget.has_room());
            held.with_spare(index, role, &self.budget)
        };
        if !matches!(role, Some(Role::Run(_))) {
            before_rest();
        }
        loop {
            if let Some(role) = role {
                return role;
            }
            self.park(index);
            let mut held = self.hold(program);
            let resumed = held.plan.resume(index, self.budget.has_room());
            role = held.with_spare(index, resumed, &self.budget);
        }
    }

    /// Before a call that is expected to be long: sees to it that somebody reads or helps.
    pub(crate) fn hand_over(&self, program: &'static Program) {
        let mut held = self.hold(program);
        let wake = held.plan.hand_over(self.budget.has_room());
        held.wake(wake);
    }

    /// A thread that runs a call is about to wait for the host. False when too many wait already, or nobody could read
    /// the answer.
    pub(crate) fn begin_wait(&self, program: &'static Program) -> bool {
        let mut held = self.hold(program);
        let Some(wake) = held.plan.begin_wait() else {
            return false;
        };
        let can_wait = held.wake(wake) || held.plan.will_read();
        if !can_wait {
            held.plan.end_wait();
        }
        can_wait
    }

    /// It goes on.
    pub(crate) fn end_wait(&self, program: &'static Program) {
        self.hold(program).plan.end_wait();
    }

    /// Any other thread is about to wait for the host.
    pub(crate) fn begin_outside_wait(&self, program: &'static Program) {
        let mut held = self.hold(program);
        let wake = held.plan.begin_outside_wait();
        held.wake(wake);
    }

    /// It goes on.
    pub(crate) fn end_outside_wait(&self, program: &'static Program) {
        self.hold(program).plan.end_outside_wait();
    }

    /// There is room again for something to be read.
    pub(crate) fn room(&self, program: &'static Program) {
        let mut held = self.hold(program);
        let wake = held.plan.room();
        held.wake(wake);
    }

    /// The monitor's tick; whether nothing is left to watch.
    pub(crate) fn tick(&self, program: &'static Program) -> bool {
        let mut held = self.hold(program);
        let (idle, wake) = held.plan.tick(self.budget.has_room());
        held.wake(wake);
        idle
    }

    /// The monitor goes to sleep, unless there is something to watch.
    #[must_use]
    pub(crate) fn sleep(&self) -> bool {
        self.lock().plan.sleep(self.budget.has_room())
    }

    /// Marks the call with this Id as cancelled, if it is known.
    pub(crate) fn cancel(&self, id: &[u8]) -> bool {
        let batches = self.lock().served.batches();
        batches.iter().any(|batch| batch.cancel(id))
    }

    fn park(&self, index: usize) {
        while self.lock().plan.is_parked(index) {
            std::thread::park();
        }
    }

    fn hold(&self, program: &'static Program) -> Held<'_> {
        Held {
            shared: Some(self.lock()),
            program,
            unparked: None,
            trouble: None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The plan, for one of its operations; what that asks for is done when the lock is let go of. A batch whose last call is
/// answered may end the program, or ask for the lock itself, and waking somebody who then waits for the lock is no use.
struct Held<'a> {
    shared: Option<MutexGuard<'a, Shared>>,
    program: &'static Program,
    unparked: Option<Thread>,
    trouble: Option<io::Error>,
}

impl Held<'_> {
    /// Wakes a thread; false when it had to be started and the system gives none.
    fn wake(&mut self, wake: Option<Wake>) -> bool {
        match wake {
            None => true,
            Some(Wake::Start(index)) => self.begin(index),
            Some(Wake::Unpark(index)) => {
                // A thread that parks has been started, and its handle noted.
                let thread = self.handles[index].clone();
                self.unparked = thread;
                true
            }
        }
    }

    /// A thread that runs a job is never the last free one: when there is none to spare it gives the job back, and reads.
    fn with_spare(
        &mut self,
        index: usize,
        role: Option<Role<Arc<Batch>>>,
        budget: &Budget,
    ) -> Option<Role<Arc<Batch>>> {
        match self.plan.take_spare() {
            Some(spare) if !self.begin(spare) => {
                self.plan.next(index, Done::Run, budget.has_room())
            }
            _ => role,
        }
    }

    /// Starts the thread of this index, under the lock: nobody counts on a thread that does not come to be.
    fn begin(&mut self, index: usize) -> bool {
        let missing = (index + 1).saturating_sub(self.handles.len());
        self.handles.extend((0..missing).map(|_| None));
        match worker::spawn(self.program, index) {
            Ok(thread) => {
                self.handles[index] = Some(thread);
                true
            }
            Err(error) => {
                self.plan.not_started(index);
                self.trouble = Some(error);
                false
            }
        }
    }
}

impl Deref for Held<'_> {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        self.shared.as_ref().expect("held until it is dropped")
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Shared {
        self.shared.as_mut().expect("held until it is dropped")
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let spent = mem::take(&mut self.plan.spent);
        let alarm = self.plan.take_alarm();
        self.shared = None;
        drop(spent);
        if let Some(thread) = self.unparked.take() {
            thread.unpark();
        }
        if alarm {
            self.program.waker().wake();
        }
        if let Some(error) = self.trouble.take() {
            static SAID: Once = Once::new();
            complain_once(&SAID, format_args!("no thread for calls: {error}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use crate::runtime::bench_support::Unpiped;

    #[test]
    fn a_batch_goes_when_nobody_holds_the_lock() {
        let mut program = Unpiped::new().expect("memory and descriptors");
        let threads = program.program().threads();
        let (say, was_free) = channel();
        // {call, 1, no_such_function, []}
        let call = b"\x00\x00\x00\x1d\x83\x68\x04\x77\x04call\x61\x01\x77\x0fno_suchfunction\x6a";
        program.serve(call, |_| {
            // What runs when the last of what is unanswered goes, such as the end of the program.
            let say = say.clone();
            threads.budget().when_empty(move || {
                let is_free = threads.shared.try_lock().is_ok();
                say.send(is_free).expect("somebody listens");
            });
        });
        assert_eq!(was_free.try_recv(), Ok(true));
    }
}
