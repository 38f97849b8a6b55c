//! Decides which thread runs a call, which one reads and which wait. Decisions only: every operation is one step of a
//! state machine that its caller holds a lock for.
//!
//! One thread reads at a time. What a read brought is a job, which the thread that read it runs itself; the others stay
//! parked. When that takes long the monitor wakes one more, which helps with the job and reads on when it is spent. At
//! most `limit` threads run jobs, and the last free thread runs none: it reads and queues, so that pings, cancels and the
//! end of the host are seen while everybody computes.
//!
//! What always holds: somebody reads, or a thread that will read can be had, or so much was received that nothing is to
//! be read (`room` is false, and no answer of the host is waited for).

use std::collections::VecDeque;

/// Most threads of calls that wait.
const MAX_WAITING: usize = 256;
/// Most threads that run calls.
pub(crate) const MAX_RUNNING: usize = 256;

/// Something to run, by one thread or by several.
pub(crate) trait Job: Clone {
    /// Whether nothing of it is left to begin.
    fn is_spent(&self) -> bool;
}

/// What a thread is to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role<J> {
    /// Run this job until it is spent.
    Run(J),
    /// Read what comes next.
    Read,
}

/// What a thread has done when it asks for its next role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Done<J> {
    /// Nothing yet: it has just been started.
    Nothing,
    /// It ran a job.
    Run,
    /// It read these jobs.
    Read(Vec<J>),
}

/// A thread that is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Wake {
    /// One that is parked.
    Unpark(usize),
    /// One that is to be started, with this index.
    Start(usize),
}

/// The state of the schedule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Plan<J> {
    /// The front one may be begun in part or whole.
    queue: VecDeque<J>,
    /// Jobs that left the queue, to be dropped by who holds no lock.
    pub spent: Vec<J>,
    reading: bool,
    running: usize,
    /// Threads in calls that wait for the host: they count neither as running nor as free.
    waiting: usize,
    /// Answers of the host that anybody waits for, threads of the schedule or others.
    awaited: usize,
    limit: usize,
    /// Threads that were started.
    threads: usize,
    /// Indexes of threads that could not be started, and the next one.
    free: Vec<usize>,
    next: usize,
    parked: Vec<usize>,
    /// A thread to be started before its caller runs a job.
    spare: Option<usize>,
    /// The last thread that was asked for could not be had.
    refused: bool,
    /// Whether a role was given out since the last tick: if not, everybody is stuck in a call.
    turned: bool,
    monitor_sleeps: bool,
    /// The monitor is to be woken.
    alarm: bool,
}

impl<J: Job> Plan<J> {
    /// For so many threads that compute at once; one more may run calls, and another one reads.
    #[must_use]
    pub(crate) fn new(threads: usize) -> Self {
        let mut plan = Self {
            queue: VecDeque::new(),
            spent: Vec::new(),
            reading: false,
            running: 0,
            waiting: 0,
            awaited: 0,
            limit: 0,
            threads: 0,
            free: Vec::new(),
            next: 0,
            parked: Vec::new(),
            spare: None,
            refused: false,
            turned: false,
            monitor_sleeps: false,
            alarm: false,
        };
        plan.set_threads(threads);
        plan
    }

    /// Sets how many threads may compute at once.
    pub(crate) fn set_threads(&mut self, threads: usize) {
        self.limit = threads.clamp(1, MAX_RUNNING) + 1;
    }

    /// Threads that there may be, but for those that wait for the host.
    #[must_use]
    pub(crate) fn threads(&self) -> usize {
        self.limit + 1
    }

    /// Gives a thread its next role; `None`: it is parked.
    pub(crate) fn next(&mut self, index: usize, done: Done<J>, room: bool) -> Option<Role<J>> {
        match done {
            Done::Nothing => self.refused = false,
            Done::Run => self.running -= 1,
            Done::Read(jobs) => {
                self.reading = false;
                self.queue.extend(jobs);
            }
        }
        self.resume(index, room)
    }

    /// The same for one that was parked and woken.
    pub(crate) fn resume(&mut self, index: usize, room: bool) -> Option<Role<J>> {
        let role = self.role(room);
        match &role {
            None => self.parked.push(index),
            Some(role) => {
                self.turned = true;
                if matches!(role, Role::Run(_)) {
                    self.call_monitor();
                }
            }
        }
        role
    }

    /// Whether this thread is to stay parked.
    #[must_use]
    pub(crate) fn is_parked(&self, index: usize) -> bool {
        self.parked.contains(&index)
    }

    /// Whether something is queued.
    #[must_use]
    pub(crate) fn has_work(&self) -> bool {
        // A front one that is spent has not been looked at yet; nothing behind it is.
        self.queue.iter().any(|job| !job.is_spent())
    }

    /// Before a call that is expected to be long: sees to it that somebody reads or helps.
    pub(crate) fn hand_over(&mut self, room: bool) -> Option<Wake> {
        if self.has_use(room) {
            self.wake_one()
        } else {
            None
        }
    }

    /// A thread that runs a call is about to wait for the host; whom to wake for it. `None`: too many wait already. When a
    /// thread that is to be started cannot be had, [`will_read`](Self::will_read) says whether the wait makes sense.
    pub(crate) fn begin_wait(&mut self) -> Option<Option<Wake>> {
        if self.waiting >= MAX_WAITING {
            return None;
        }
        self.waiting += 1;
        self.running -= 1;
        self.awaited += 1;
        // Whoever reads may have queued what comes next, for want of a thread to run it.
        let is_needed = !self.reading || self.has_work();
        Some(if is_needed { self.wake_one() } else { None })
    }

    /// It goes on. For a moment more threads than the limit may run: it was running before those that took its place.
    pub(crate) fn end_wait(&mut self) {
        self.waiting -= 1;
        self.awaited -= 1;
        self.running += 1;
        self.call_monitor();
    }

    /// Somebody else is about to wait for the host: a thread that is not of the schedule.
    pub(crate) fn begin_outside_wait(&mut self) -> Option<Wake> {
        self.awaited += 1;
        if self.reading { None } else { self.wake_one() }
    }

    /// That is over.
    pub(crate) fn end_outside_wait(&mut self) {
        self.awaited -= 1;
    }

    /// Whether somebody reads, or is on the way to do so.
    #[must_use]
    pub(crate) fn will_read(&self) -> bool {
        let busy = self.running + self.waiting + self.parked.len();
        self.reading || self.threads > busy
    }

    /// Something was answered, so that there is room again for something to be read.
    pub(crate) fn room(&mut self) -> Option<Wake> {
        if self.reading { None } else { self.wake_one() }
    }

    /// The monitor's tick: wakes one more thread when everybody has been stuck since the last one. Whether nothing is
    /// left to watch, and whom to wake.
    pub(crate) fn tick(&mut self, room: bool) -> (bool, Option<Wake>) {
        let turned = std::mem::take(&mut self.turned);
        let is_missed = self.refused && self.has_work();
        let wake = if !turned && (self.has_use(room) || is_missed) {
            self.wake_one()
        } else {
            None
        };
        (!turned && self.running == 0, wake)
    }

    /// The monitor goes to sleep, unless there is something to watch.
    #[must_use]
    pub(crate) fn sleep(&mut self, room: bool) -> bool {
        self.monitor_sleeps = self.running == 0 && !self.has_work() && !self.has_use(room);
        self.monitor_sleeps
    }

    /// Whether the monitor is to be woken; told once.
    #[must_use]
    pub(crate) fn take_alarm(&mut self) -> bool {
        std::mem::take(&mut self.alarm)
    }

    /// A new thread's index; it is to be started before anything else is asked, or to be taken back.
    pub(crate) fn start(&mut self) -> usize {
        self.threads += 1;
        self.free.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        })
    }

    /// A thread to be started before the caller runs its job. When it cannot be had the caller tells [`not_started`] and
    /// asks again: `next` with [`Done::Run`] gives its job back.
    ///
    /// [`not_started`]: Self::not_started
    #[must_use]
    pub(crate) fn take_spare(&mut self) -> Option<usize> {
        self.spare.take()
    }

    /// The system gave no such thread. The monitor tries again.
    pub(crate) fn not_started(&mut self, index: usize) {
        self.threads -= 1;
        self.free.push(index);
        self.refused = true;
        self.call_monitor();
    }

    /// The state without what tells one thread from another.
    #[cfg(test)]
    pub(crate) fn without_indexes(&self) -> Self {
        Self {
            parked: Vec::new(),
            free: Vec::new(),
            next: 0,
            ..self.clone()
        }
    }

    fn call_monitor(&mut self) {
        self.alarm |= std::mem::take(&mut self.monitor_sleeps);
    }

    fn role(&mut self, room: bool) -> Option<Role<J>> {
        while self.queue.front().is_some_and(Job::is_spent) {
            self.spent.extend(self.queue.pop_front());
        }
        if self.running < self.most()
            && let Some(job) = self.queue.front().cloned()
        {
            self.want_spare();
            self.running += 1;
            return Some(Role::Run(job));
        }
        if self.reading || !self.may_read(room) {
            return None;
        }
        self.reading = true;
        Some(Role::Read)
    }

    /// The calling thread is about to run something: when it is the last free one, another one is to be started first.
    fn want_spare(&mut self) {
        let (busy, me) = (self.running + self.waiting + self.parked.len(), 1);
        let is_last = !self.reading && self.parked.is_empty() && self.threads == busy + me;
        if is_last && !self.refused {
            self.spare = Some(self.start());
        }
    }

    /// Threads that may run at the moment. As long as the system gives no more of them the last one reads.
    fn most(&self) -> usize {
        if self.refused && self.threads > 1 {
            self.limit
                .min((self.threads - self.waiting).saturating_sub(1))
        } else {
            self.limit
        }
    }

    fn may_read(&self, room: bool) -> bool {
        room || self.awaited > 0
    }

    /// Whether one more thread would have something to do.
    fn has_use(&self, room: bool) -> bool {
        !self.reading && (self.may_read(room) || self.has_work() && self.running < self.most())
    }

    /// All threads but `running` and `waiting` ones are free, so when no thread is parked and none is on its way, there
    /// are as many as those two together, and one more is allowed.
    fn wake_one(&mut self) -> Option<Wake> {
        if let Some(index) = self.parked.pop() {
            return Some(Wake::Unpark(index));
        }
        let is_allowed = self.threads <= self.limit.max(self.running) + self.waiting;
        is_allowed.then(|| Wake::Start(self.start()))
    }
}
