//! All interleavings of the schedule's operations, for a few threads and calls: in every state that can be reached,
//! somebody reads, or comes to read without anything from outside and without the end of any long call.

use std::cell::Cell;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::plan::{Done, Job, Plan, Role, Wake};

thread_local! {
    /// Which jobs of the state at hand are begun.
    static BEGUN: Cell<u8> = const { Cell::new(0) };
}

/// A job of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Numbered(u8);

impl Job for Numbered {
    fn is_spent(&self) -> bool {
        BEGUN.get() >> self.0 & 1 == 1
    }
}

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Short,
    /// It never ends.
    Long,
    /// The same, and it is known to.
    Slow,
    /// It waits for the host once.
    Asks,
    /// The same, and then it never ends.
    Lingers,
    /// It is handed to a pool of its own, and may end there.
    Pooled,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Thread {
    /// It will ask for its next role.
    Asks(Asked),
    Parked,
    Woken,
    Reads,
    /// It looks for a call of the job that is left.
    Claims(u8),
    Runs(u8),
    Waits {
        job: u8,
        answered: bool,
    },
    Stuck,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Asked {
    Started,
    Ran,
    Read(Vec<Numbered>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Monitor {
    Looks,
    WouldSleep,
    Sleeps,
}

/// What is walked through.
struct Scenario {
    calls: &'static [Kind],
    /// Threads that the system gives.
    threads: usize,
    /// Calls that may be unanswered before nothing more is to be read.
    room: usize,
}

#[derive(Debug, Clone)]
struct World {
    plan: Plan<Numbered>,
    begun: u8,
    threads: Vec<Option<Thread>>,
    come: u8,
    unanswered: usize,
    pooled: usize,
    monitor: Monitor,
    alarmed: bool,
}

impl World {
    fn new(scenario: &Scenario) -> Self {
        let mut world = Self {
            plan: Plan::new(1),
            begun: 0,
            threads: Vec::new(),
            come: 0,
            unanswered: 0,
            pooled: 0,
            monitor: Monitor::Looks,
            alarmed: false,
        };
        for _ in 0..scenario.threads.min(2) {
            let index = world.plan.start();
            assert!(world.start(scenario, index));
        }
        world
    }

    fn has_room(&self, scenario: &Scenario) -> bool {
        self.unanswered < scenario.room
    }

    /// Starts a thread, or says that there is none.
    fn start(&mut self, scenario: &Scenario, index: usize) -> bool {
        if self.threads.iter().flatten().count() >= scenario.threads {
            self.plan.not_started(index);
            return false;
        }
        self.threads.resize(self.threads.len().max(index + 1), None);
        assert_eq!(self.threads[index], None);
        self.threads[index] = Some(Thread::Asks(Asked::Started));
        true
    }

    fn wake(&mut self, scenario: &Scenario, wake: Option<Wake>) {
        match wake {
            Some(Wake::Start(index)) => drop(self.start(scenario, index)),
            Some(Wake::Unpark(index)) => {
                assert_eq!(self.threads[index], Some(Thread::Parked));
                self.threads[index] = Some(Thread::Woken);
            }
            None => {}
        }
    }

    /// Everything that may happen next.
    fn steps(&self, scenario: &Scenario) -> Vec<World> {
        BEGUN.set(self.begun);
        let mut steps = Vec::new();
        for (index, thread) in self.threads.iter().enumerate() {
            match thread {
                Some(Thread::Reads) => self.reads(scenario, index, &mut steps),
                Some(thread) => steps.extend(self.step(scenario, index, thread)),
                None => {}
            }
        }
        steps.extend(self.look(scenario));
        if self.pooled > 0 {
            let mut world = self.clone();
            world.pooled -= 1;
            world.answer(scenario);
            steps.push(world);
        }
        steps.into_iter().map(World::settled).collect()
    }

    /// What every operation is followed by.
    fn settled(mut self) -> Self {
        self.alarmed |= self.plan.take_alarm();
        self.plan.spent.clear();
        self
    }

    /// A read brings the next call, an answer, or both.
    fn reads(&self, scenario: &Scenario, index: usize, steps: &mut Vec<World>) {
        let waiting = |thread: &Option<Thread>| {
            matches!(
                thread,
                Some(Thread::Waits {
                    answered: false,
                    ..
                })
            )
        };
        let waiting = (0..self.threads.len()).filter(|at| waiting(&self.threads[*at]));
        for answer in waiting.map(Some).chain([None]) {
            for brings_call in [false, true] {
                let has_call = usize::from(self.come) < scenario.calls.len();
                if brings_call && !has_call || answer.is_none() && !brings_call {
                    continue;
                }
                let mut world = self.clone();
                if let Some(Some(Thread::Waits { answered, .. })) =
                    answer.map(|at| world.threads[at].as_mut())
                {
                    *answered = true;
                }
                let mut jobs = Vec::new();
                // Over the limit a call is refused.
                if brings_call {
                    if world.has_room(scenario) {
                        jobs.push(Numbered(world.come));
                        world.unanswered += 1;
                    }
                    world.come += 1;
                }
                world.threads[index] = Some(Thread::Asks(Asked::Read(jobs)));
                steps.push(world);
            }
        }
    }

    fn step(&self, scenario: &Scenario, index: usize, thread: &Thread) -> Option<World> {
        let mut world = self.clone();
        let room = world.has_room(scenario);
        let next = match thread {
            Thread::Parked
            | Thread::Reads
            | Thread::Stuck
            | Thread::Waits {
                answered: false, ..
            } => return None,
            Thread::Asks(asked) => {
                let done = match asked {
                    Asked::Started => Done::Nothing,
                    Asked::Ran => Done::Run,
                    Asked::Read(jobs) => Done::Read(jobs.clone()),
                };
                let role = world.plan.next(index, done, room);
                world.take_role(scenario, index, role)
            }
            Thread::Woken => {
                assert!(!world.plan.is_parked(index));
                let role = world.plan.resume(index, room);
                world.take_role(scenario, index, role)
            }
            Thread::Claims(job) if world.begun >> job & 1 == 1 => Thread::Asks(Asked::Ran),
            Thread::Claims(job) => {
                world.begun |= 1 << job;
                Thread::Runs(*job)
            }
            Thread::Runs(job) => world.run(scenario, *job),
            Thread::Waits { job, .. } => {
                world.plan.end_wait();
                match scenario.calls[usize::from(*job)] {
                    Kind::Lingers => Thread::Stuck,
                    _ => {
                        world.answer(scenario);
                        Thread::Claims(*job)
                    }
                }
            }
        };
        world.threads[index] = Some(next);
        Some(world)
    }

    fn take_role(
        &mut self,
        scenario: &Scenario,
        index: usize,
        role: Option<Role<Numbered>>,
    ) -> Thread {
        if let Some(spare) = self.plan.take_spare()
            && !self.start(scenario, spare)
        {
            let room = self.has_room(scenario);
            let role = self.plan.next(index, Done::Run, room);
            assert_eq!(self.plan.take_spare(), None);
            return as_thread(role);
        }
        as_thread(role)
    }

    fn run(&mut self, scenario: &Scenario, job: u8) -> Thread {
        match scenario.calls[usize::from(job)] {
            Kind::Short => {
                self.answer(scenario);
                Thread::Claims(job)
            }
            Kind::Long => Thread::Stuck,
            Kind::Slow => {
                let wake = self.plan.hand_over(self.has_room(scenario));
                self.wake(scenario, wake);
                Thread::Stuck
            }
            Kind::Asks | Kind::Lingers => self.ask(scenario, job),
            Kind::Pooled => {
                self.pooled += 1;
                Thread::Claims(job)
            }
        }
    }

    fn ask(&mut self, scenario: &Scenario, job: u8) -> Thread {
        let waits = match self.plan.begin_wait() {
            None => false,
            Some(Some(Wake::Start(index))) if !self.start(scenario, index) => {
                let will_read = self.plan.will_read();
                if !will_read {
                    self.plan.end_wait();
                }
                will_read
            }
            Some(Some(Wake::Start(_))) => true,
            Some(wake) => {
                self.wake(scenario, wake);
                true
            }
        };
        if waits {
            return Thread::Waits {
                job,
                answered: false,
            };
        }
        self.answer(scenario);
        Thread::Claims(job)
    }

    fn answer(&mut self, scenario: &Scenario) {
        let had_room = self.has_room(scenario);
        self.unanswered -= 1;
        if !had_room && self.has_room(scenario) {
            let wake = self.plan.room();
            self.wake(scenario, wake);
        }
    }

    fn look(&self, scenario: &Scenario) -> Option<World> {
        let mut world = self.clone();
        let room = world.has_room(scenario);
        world.monitor = match self.monitor {
            Monitor::Looks => {
                let (idle, wake) = world.plan.tick(room);
                world.wake(scenario, wake);
                if idle {
                    Monitor::WouldSleep
                } else {
                    Monitor::Looks
                }
            }
            Monitor::WouldSleep if world.plan.sleep(room) => Monitor::Sleeps,
            Monitor::WouldSleep => Monitor::Looks,
            Monitor::Sleeps if world.alarmed => {
                world.alarmed = false;
                Monitor::Looks
            }
            Monitor::Sleeps => return None,
        };
        Some(world)
    }

    /// The same for worlds that differ in the numbers of their threads only. 64 bits: two of a million worlds that are
    /// taken for one another are improbable, and would cost one path of many.
    fn key(&self) -> u64 {
        let mut threads: Vec<_> = self.threads.iter().flatten().collect();
        threads.sort_unstable();
        let mut hasher = DefaultHasher::new();
        let rest = (
            self.begun,
            self.come,
            self.unanswered,
            self.pooled,
            self.monitor,
        );
        (self.plan.without_indexes(), threads, rest, self.alarmed).hash(&mut hasher);
        hasher.finish()
    }

    fn is_read(&self) -> bool {
        self.threads.contains(&Some(Thread::Reads))
    }

    /// Everything was begun that may be, and as much is unanswered as there may be: nothing is to be read.
    fn is_full(&self, scenario: &Scenario) -> bool {
        let waits = |thread: &Option<Thread>| matches!(thread, Some(Thread::Waits { .. }));
        !self.has_room(scenario) && !self.threads.iter().any(waits)
    }

    /// Left alone, somebody comes to read.
    fn will_be_read(&self, scenario: &Scenario) -> bool {
        let mut world = self.clone();
        let mut without = 0;
        // In turn, so that none is left out for ever; the last one is the monitor.
        for turn in 0..500 {
            if world.is_read() || world.is_full(scenario) {
                return true;
            }
            BEGUN.set(world.begun);
            let index = turn % (world.threads.len() + 1);
            let step = match world.threads.get(index) {
                Some(thread) => thread
                    .as_ref()
                    .and_then(|thread| world.step(scenario, index, thread)),
                None => world.look(scenario),
            };
            without = if step.is_some() { 0 } else { without + 1 };
            if without > world.threads.len() + 1 {
                return false;
            }
            if let Some(step) = step {
                world = step.settled();
            }
        }
        false
    }
}

fn as_thread(role: Option<Role<Numbered>>) -> Thread {
    match role {
        None => Thread::Parked,
        Some(Role::Read) => Thread::Reads,
        Some(Role::Run(Numbered(job))) => Thread::Claims(job),
    }
}

/// Walks through every state and gives how many there are.
fn walk(scenario: &Scenario) -> usize {
    let first = World::new(scenario);
    let mut seen = HashSet::from([first.key()]);
    let mut next = vec![first];
    while let Some(world) = next.pop() {
        assert!(
            world.will_be_read(scenario),
            "nobody will ever read: {:?} of {:?} threads: {world:#?}",
            scenario.calls,
            scenario.threads
        );
        for step in world.steps(scenario) {
            if seen.insert(step.key()) {
                next.push(step);
            }
        }
    }
    seen.len()
}

/// All lists of `count` of these kinds of calls.
fn all(count: usize, kinds: &[Kind]) -> Vec<&'static [Kind]> {
    let mut lists: Vec<Vec<Kind>> = vec![Vec::new()];
    for _ in 0..count {
        lists = lists
            .iter()
            .flat_map(|list| {
                kinds
                    .iter()
                    .map(|kind| [list.as_slice(), &[*kind]].concat())
            })
            .collect();
    }
    lists.into_iter().map(|list| &*list.leak()).collect()
}

#[test]
fn somebody_reads_or_will_whatever_comes_in_which_order() {
    let (threads, room) = (6, usize::MAX);
    let mut states = 0;
    for calls in all(3, &[Kind::Long, Kind::Asks, Kind::Lingers]) {
        states += walk(&Scenario {
            calls,
            threads,
            room,
        });
    }
    for calls in all(2, &[Kind::Short, Kind::Slow, Kind::Lingers]) {
        states += walk(&Scenario {
            calls,
            threads,
            room,
        });
    }
    assert!(states > 100_000, "{states}");
}

#[test]
fn somebody_reads_or_will_when_the_system_gives_no_more_threads() {
    let room = usize::MAX;
    for threads in 2..=3 {
        for calls in all(3, &[Kind::Long, Kind::Asks]) {
            walk(&Scenario {
                calls,
                threads,
                room,
            });
        }
    }
    // A single thread can do without others as long as no call is a long one.
    for calls in all(3, &[Kind::Short, Kind::Asks]) {
        let threads = 1;
        walk(&Scenario {
            calls,
            threads,
            room,
        });
    }
}

#[test]
fn somebody_reads_or_will_as_soon_as_there_is_room() {
    let threads = 6;
    for (count, room) in [(2, 1), (3, 2)] {
        for calls in all(count, &[Kind::Long, Kind::Asks, Kind::Pooled]) {
            walk(&Scenario {
                calls,
                threads,
                room,
            });
        }
    }
}
