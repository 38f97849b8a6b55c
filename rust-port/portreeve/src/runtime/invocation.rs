//! One call while it runs: its arguments on the way in, its answer on the way out. The code that the attribute
//! writes talks to this and to nothing else.

use serde::Serialize;

use crate::calls::batch::Ticket;
use crate::etf;
use crate::runtime::program::Program;
use crate::runtime::registry::Function;
use crate::wire::failure::{Failure, Kind};
use crate::wire::message::write;

/// A call that has begun.
pub struct Invocation<'de> {
    program: &'static Program,
    ticket: &'de Ticket,
    function: &'static Function,
    /// Where the frame of the answer is written.
    out: &'de mut Vec<u8>,
}

impl<'de> Invocation<'de> {
    pub(crate) fn new(
        program: &'static Program,
        ticket: &'de Ticket,
        function: &'static Function,
        out: &'de mut Vec<u8>,
    ) -> Self {
        Self {
            program,
            ticket,
            function,
            out,
        }
    }

    /// Opens the argument list, which must be as long as the function has parameters.
    pub fn arguments(&self) -> Result<Arguments<'de>, Failure> {
        let list = self.ticket.arguments();
        let elements = etf::Elements::open_guarded(list, self.ticket.block()).map_err(|error| {
            Failure::new(Kind::Badarg, format!("arguments: {}", error.message()))
        })?;
        let parameters = self.function.parameters;
        if elements.len() != parameters.len() {
            return Err(wrong_count(self.function, elements.len()));
        }
        if parameters.is_empty() && !elements.is_closed() {
            return Err(improper());
        }
        Ok(Arguments {
            elements,
            function: self.function,
            next: 0,
        })
    }

    /// The program that it runs in.
    pub(crate) fn program(&self) -> &'static Program {
        self.program
    }

    /// The call itself.
    pub(crate) fn ticket(&self) -> &'de Ticket {
        self.ticket
    }

    /// Writes the answer; a cast has none.
    pub(crate) fn reply<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        let Some(id) = self.ticket.id() else {
            return Ok(());
        };
        let start = write::begin(self.out);
        // {reply, Id, Term}
        self.out.extend_from_slice(b"\x68\x03\x77\x05reply");
        self.out.extend_from_slice(id);
        let written = etf::append(self.out, value, self.program.link().encoding());
        let framed = written
            .map_err(|error| {
                Failure::new(Kind::Error, format!("the result cannot be sent: {error}"))
            })
            .and_then(|()| self.program.link().end_frame(self.out, start));
        framed.inspect_err(|_| self.out.truncate(start))
    }
}

#[cold]
fn wrong_count(function: &Function, got: usize) -> Failure {
    let names: Vec<_> = function
        .parameters
        .iter()
        .map(|parameter| parameter.name)
        .collect();
    let takes = match names.as_slice() {
        [] => "takes no arguments".to_owned(),
        [only] => format!("takes 1 argument ({only})"),
        several => format!("takes {} arguments ({})", several.len(), several.join(", ")),
    };
    Failure::new(Kind::Badarg, format!("{takes}, got {got}"))
}

#[cold]
fn improper() -> Failure {
    Failure::new(Kind::Badarg, "arguments: expected a proper list")
}

/// The arguments of a call, taken one by one in the order of the parameters.
pub struct Arguments<'de> {
    elements: etf::Elements<'de>,
    function: &'static Function,
    next: usize,
}

impl<'de> Arguments<'de> {
    /// Decodes the next argument by `read`, which knows its type.
    #[inline]
    pub fn take<T>(
        &mut self,
        read: impl FnOnce(&mut etf::Elements<'de>) -> Option<Result<T, etf::Error>>,
    ) -> Result<T, Failure> {
        let index = self.next;
        self.next += 1;
        match read(&mut self.elements) {
            Some(Ok(value)) if !self.elements.is_empty() || self.elements.is_closed() => Ok(value),
            Some(Ok(_)) => Err(improper()),
            Some(Err(error)) => Err(Failure::argument(index, self.name(index), &error)),
            // The list was as long as the parameters when it was opened.
            None => Err(wrong_count(self.function, index)),
        }
    }

    fn name(&self, index: usize) -> &'static str {
        self.function
            .parameters
            .get(index)
            .map_or("", |parameter| parameter.name)
    }
}

/// A call that keeps what it needs, for a future that outlives the batch it came in.
#[cfg(feature = "async")]
pub struct OwnedInvocation {
    program: &'static Program,
    ticket: Ticket,
    function: &'static Function,
    out: Vec<u8>,
}

/// The future of an `async fn`: the frame of the answer, or why there is none.
#[cfg(feature = "async")]
pub type Answering = std::pin::Pin<Box<dyn Future<Output = (Vec<u8>, Result<(), Failure>)> + Send>>;

#[cfg(feature = "async")]
impl OwnedInvocation {
    pub(crate) fn new(
        program: &'static Program,
        ticket: Ticket,
        function: &'static Function,
    ) -> Self {
        Self {
            program,
            ticket,
            function,
            out: Vec::new(),
        }
    }

    /// The call, lent to the body.
    pub fn invocation(&mut self) -> Invocation<'_> {
        Invocation::new(self.program, &self.ticket, self.function, &mut self.out)
    }

    /// The frame that the body has written, and its outcome.
    pub fn finish(self, outcome: Result<(), Failure>) -> (Vec<u8>, Result<(), Failure>) {
        (self.out, outcome)
    }
}
