//! From `main` to the first frame: the pipe is taken, the threads begin, the hello goes out; then the main thread
//! waits for the end.

use std::error::Error;
use std::io::PipeReader;
use std::process::ExitCode;

use serde::de::DeserializeOwned;

use super::usage;
use crate::blackbox::{self, BlackBox, crash};
use crate::link::Link;
use crate::observe::{logging, spans};
use crate::runtime::program::Program;
use crate::runtime::registry::Registry;
use crate::runtime::start::Start;
use crate::runtime::{handshake, monitor, panics};
use crate::schedule::MAX_RUNNING;
use crate::sys::exit::{End, exit_code};
use crate::sys::stderr::complain;
use crate::sys::stdio::{self, Pipes};
use crate::sys::wake::{self, Waker};
use crate::sys::{oom, signals};

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

/// A port program that is set up and not yet running: what [`on_start`] gives.
///
/// ```no_run
/// use portreeve::{Port, State};
///
/// struct Model(Vec<f32>);
///
/// #[portreeve::function]
/// fn weigh(at: usize, model: State<Model>) -> Option<f32> {
///     model.0.get(at).copied()
/// }
///
/// fn port() -> Port {
///     portreeve::on_start(|weights: Vec<f32>| Ok::<_, String>(Model(weights)))
/// }
///
/// fn main() -> std::process::ExitCode {
///     port().run()
/// }
/// ```
pub struct Port {
    start: Start,
}

impl Port {
    /// The same as [`run`], with what was set up.
    #[must_use = "return it from `main`"]
    pub fn run(self) -> ExitCode {
        #[cfg(feature = "symbols")]
        if crate::blackbox::symbols::answer() {
            return ExitCode::SUCCESS;
        }
        let registry = Registry::collect();
        if let Some(code) = usage::answer(&registry) {
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
    oom::volunteer();
    // The pipe that the handlers write to is there before they are.
    let monitor = wake::pipe()?;
    signals::install()?;
    let memory = blackbox::open(PLACES)?;
    if memory.is_shared() {
        signals::ignore_those_to_the_group()?;
    }
    crash::install(&memory)?;
    let (end, ended) = End::new(true);
    let program = begin(registry, start, pipes, monitor, memory, end)?;
    // The sender lives in the program, which never ends before it has sent.
    let code = ended.recv().unwrap_or(0);
    program.finish();
    Ok(code)
}

/// Starts the threads of a program, which then lives as long as the process.
fn begin(
    registry: Registry,
    start: Start,
    pipes: Pipes,
    (waker, listen): (Waker, PipeReader),
    memory: BlackBox,
    end: End,
) -> std::io::Result<&'static Program> {
    panics::install();
    let link = Link::new(pipes.output, memory, end.clone());
    let watched = pipes.input.try_clone()?;
    spans::set_names(registry.iter().map(|function| function.name));
    let program = Program::leak(registry, start, pipes.input, link, waker, end);
    logging::install(program.link());
    handshake::say_hello(program);
    monitor::spawn(program, watched, listen)?;
    // One that reads, and one to spare: the first call to the host must not depend on whether a thread is to be had.
    for _ in 0..2 {
        program.threads().start(program);
    }
    Ok(program)
}

/// The program without a process: everything but signals, limits and the end, over two pipes.
#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{PipeReader, PipeWriter, Read, Write};
    use std::os::fd::OwnedFd;
    use std::sync::mpsc::Receiver;

    use super::*;
    use crate::etf;

    #[portreeve::function]
    fn double(number: u64) -> u64 {
        2 * number
    }

    struct Host {
        input: PipeWriter,
        output: PipeReader,
        ended: Receiver<u8>,
    }

    fn start() -> Host {
        let (their_input, input) = std::io::pipe().expect("a pipe");
        let (output, their_output) = std::io::pipe().expect("a pipe");
        let (input_file, output_file) = (OwnedFd::from(their_input), OwnedFd::from(their_output));
        let pipes = Pipes {
            input: File::from(input_file),
            output: File::from(output_file),
        };
        let memory = BlackBox::private(PLACES).expect("memory");
        let (end, ended) = End::new(false);
        let monitor = wake::pipe().expect("a pipe");
        let (registry, hook) = (Registry::collect(), Start::none());
        begin(registry, hook, pipes, monitor, memory, end).expect("it starts");
        let mut host = Host {
            input,
            output,
            ended,
        };
        assert!(host.read().starts_with(b"\x83\x68\x02\x77\x05hello"));
        host
    }

    impl Host {
        fn write(&mut self, content: &[u8]) {
            let frame = [&(content.len() as u32).to_be_bytes(), content].concat();
            self.input.write_all(&frame).expect("written");
        }

        fn read(&mut self) -> Vec<u8> {
            let mut length = [0; 4];
            self.output.read_exact(&mut length).expect("a frame");
            let mut frame = vec![0; u32::from_be_bytes(length) as usize];
            self.output.read_exact(&mut frame).expect("a frame");
            frame
        }
    }

    #[test]
    fn a_call_is_answered_and_stop_ends() {
        let mut host = start();
        host.write(b"\x83\x68\x04\x77\x04call\x61\x01\x77\x06double\x6b\x00\x01\x15");
        let answer: (etf::Atom, u8, u64) = etf::from_slice(&host.read()).expect("a reply");
        assert_eq!(answer, ("reply".into(), 1, 42));
        host.write(b"\x83\x77\x04stop");
        assert_eq!(host.ended.recv(), Ok(0));
    }

    #[test]
    fn a_bad_frame_is_76_and_a_hang_up_is_0() {
        let mut host = start();
        host.write(b"\x83\x68\x02\x77");
        assert_eq!(host.ended.recv(), Ok(crate::sys::exit::BAD_FRAME));
        let Host { input, ended, .. } = start();
        drop(input);
        assert_eq!(ended.recv(), Ok(0));
    }
}
