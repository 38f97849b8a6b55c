//! One call while it runs: its arguments on the way in, its answer on the way out. The code that the attribute
//! writes talks to this and to nothing else.

use serde::Serialize;

use crate::calls::batch::Ticket;
use crate::etf;
use crate::runtime::program::Program;
use crate::runtime::registry::{Arity, Function};
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

    /// Opens the argument list, which must be as long as the function takes arguments.
    pub fn arguments(&self) -> Result<Arguments<'de>, Failure> {
        let list = self.ticket.arguments();
        let elements = etf::Elements::open_guarded(list, self.ticket.block()).map_err(|error| {
            Failure::new(Kind::Badarg, format!("arguments: {}", error.message()))
        })?;
        let Arity { least, most } = self.function.arity;
        if !(least..=most).contains(&elements.len()) {
            return Err(wrong_count(self.function, elements.len()));
        }
        if elements.is_empty() && !elements.is_closed() {
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
        .arguments()
        .map(|parameter| parameter.name)
        .collect();
    let Arity { least, most } = function.arity;
    let count = if least == most {
        most.to_string()
    } else {
        format!("{least} to {most}")
    };
    let takes = match names.as_slice() {
        [] => "takes no arguments".to_owned(),
        [only] => format!("takes {count} argument ({only})"),
        several => format!("takes {count} arguments ({})", several.join(", ")),
    };
    Failure::new(Kind::Badarg, format!("{takes}, got {got}"))
}

#[cold]
fn improper() -> Failure {
    Failure::new(Kind::Badarg, "arguments: expected a proper list")
}

/// The list of one `nil`.
const NIL: &[u8] = b"l\0\0\0\x01w\x03nilj";

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
        if self.elements.is_empty() {
            return self.missing(index, read);
        }
        match read(&mut self.elements) {
            Some(Ok(value)) if !self.elements.is_empty() || self.elements.is_closed() => Ok(value),
            Some(Ok(_)) => Err(improper()),
            Some(Err(error)) => Err(Failure::argument(index, self.name(index), &error)),
            // The list was as long as the parameters when it was opened.
            None => Err(wrong_count(self.function, index)),
        }
    }

    /// An argument that was left out is `nil`. The list was long enough for those that may not be.
    #[cold]
    fn missing<T>(
        &self,
        index: usize,
        read: impl FnOnce(&mut etf::Elements<'de>) -> Option<Result<T, etf::Error>>,
    ) -> Result<T, Failure> {
        let nil = etf::Elements::open(NIL)
            .ok()
            .and_then(|mut nil| read(&mut nil));
        match nil {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => Err(Failure::argument(index, self.name(index), &error)),
            None => Err(wrong_count(self.function, index)),
        }
    }

    fn name(&self, index: usize) -> &'static str {
        let parameter = self.function.arguments().nth(index);
        parameter.map_or("", |parameter| parameter.name)
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

/// Bytes of most answers, and more.
#[cfg(feature = "async")]
const ROOM: usize = 128;

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
            out: Vec::with_capacity(ROOM),
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
