//! From `main` to the first frame: the pipe is taken, the threads begin, the hello goes out; then the main thread
//! waits for the end.

use std::error::Error;
use std::process::ExitCode;

use serde::de::DeserializeOwned;

use crate::blackbox::{self, crash};
use crate::by_hand;
use crate::complain::complain;
use crate::end::{End, exit_code};
use crate::logging;
use crate::oom;
use crate::opening;
use crate::output::Output;
use crate::panics;
use crate::program::Program;
use crate::receive::Input;
use crate::registry::Registry;
use crate::schedule::monitor::{self, Monitor};
use crate::schedule::{MAX_RUNNING, worker};
use crate::signals;
use crate::start::Start;
use crate::stdio::{self, Pipes};

/// Serves the program's functions until the host is done: call it from `main`, and return what it gives.
///
/// Started by hand (stdin a terminal) it lists the functions and gives exit code 64, or answers `--help` and
/// `--version`.
///
/// ```no_run
/// /// Adds up a list.
/// #[portreeve::function]
/// fn sum(values: Vec<i64>) -> i64 {
///     values.iter().sum()
/// }
///
/// fn main() -> std::process::ExitCode {
///     portreeve::run()
/// }
/// ```
#[must_use = "return it from `main`"]
pub fn run() -> ExitCode {
    Port {
        start: Start::none(),
    }
    .run()
}

/// Names what runs once before the first call, with the host's `start` term: `undefined` when there is none. What
/// it returns reaches functions as [`State<T>`](crate::State); when it fails the host is told why, and the program
/// ends with exit code 1.
///
/// ```no_run
/// use portreeve::State;
///
/// struct Greeting(String);
///
/// #[portreeve::function]
/// fn greet(name: &str, greeting: State<Greeting>) -> String {
///     format!("{}, {name}", greeting.0)
/// }
///
/// fn begin(greeting: Option<String>) -> Result<Greeting, String> {
///     Ok(Greeting(greeting.ok_or("start: give a greeting")?))
/// }
///
/// fn main() -> std::process::ExitCode {
///     portreeve::on_start(begin).run()
/// }
/// ```
pub fn on_start<A, S, E, F>(hook: F) -> Port
where
    A: DeserializeOwned,
    S: Send + Sync + 'static,
    E: Into<Box<dyn Error + Send + Sync>>,
    F: FnOnce(A) -> Result<S, E> + Send + 'static,
{
    Port {
        start: Start::new(hook),
    }
}

/// A port program that is set up and not yet running.
pub struct Port {
    start: Start,
}

impl Port {
    /// The same as [`run`], with what was set up.
    #[must_use = "return it from `main`"]
    pub fn run(self) -> ExitCode {
        #[cfg(feature = "symbols")]
        if crate::symbols::answer() {
            return ExitCode::SUCCESS;
        }
        let registry = Registry::collect();
        if let Some(code) = by_hand::answer(&registry) {
            return exit_code(code);
        }
        match stdio::take().and_then(|pipes| serve(registry, self.start, pipes)) {
            Ok(code) => exit_code(code),
            Err(error) => {
                complain(format_args!("cannot start: {error}"));
                ExitCode::FAILURE
            }
        }
    }
}

/// Threads that can have a buffer for their answers: those of the schedule, the blocking pool's, and tokio's.
const PLACES: usize = MAX_RUNNING + 2 + 64 + 64;

fn serve(registry: Registry, start: Start, pipes: Pipes) -> std::io::Result<u8> {
    panics::install();
    oom::volunteer();
    let (end, ended) = End::new(true);
    let (monitor, listen) = Monitor::new()?;
    signals::install()?;
    let memory = blackbox::open(PLACES)?;
    crash::install(&memory)?;
    let output = Output::new(pipes.output, memory, end.clone());
    let watched = pipes.input.try_clone()?;
    let input = Input::new(pipes.input);
    // It lives as long as the process.
    let program: &'static Program = Box::leak(Box::new(Program::new(
        registry, start, input, output, monitor, end,
    )));
    logging::install(program);
    opening::say_hello(program);
    monitor::spawn(program, watched, listen)?;
    worker::spawn(program, program.schedule().first());
    // The sender lives in the program, which never ends before it has sent.
    Ok(ended.recv().unwrap_or(0))
}
