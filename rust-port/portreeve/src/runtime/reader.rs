//! What comes in: frames to messages, calls to batches; everything that is not a call is handled here, where it is
//! parsed, so that a busy program still answers a ping and takes a cancel.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};

use crate::calls::batch::{Batch, Call, Slices};
use crate::calls::budget::Charge;
use crate::calls::ids::Incoming;
use crate::link::errors;
use crate::runtime::handshake;
use crate::runtime::program::Program;
use crate::sys::exit::BAD_FRAME;
use crate::sys::stderr::{Once, complain, complain_once};
use crate::sys::stdio;
use crate::wire::failure::{Failure, Kind};
use crate::wire::frame::{Block, Frames};
use crate::wire::host_hello::MAX_FRAME;
use crate::wire::message::{self, Message, Name, Refused, write};
use crate::wire::parts::Parts;

/// Bytes of a small call, its length included: a first guess at how many calls a block holds.
const BYTES_OF_A_CALL: usize = 64;
/// A message may come in parts, and be compressed: two wrappings. What has more was made to exhaust the stack.
const MAX_DEPTH: u8 = 2;

static MALFORMED: Once = Once::new();
static SECOND_HELLO: Once = Once::new();
static LOST_CAST: Once = Once::new();

/// The reading end; whoever reads holds it.
pub(crate) struct Input {
    pipe: File,
    frames: Frames,
    parts: Parts,
    ids: Incoming,
    /// Whether a call came yet.
    called: bool,
    /// The index of the function that was called last.
    last: Option<usize>,
    /// Whether any message came yet: only the first may be the host's hello.
    greeted: bool,
}

impl Input {
    pub(crate) fn new(pipe: File, ids: Incoming) -> Self {
        Self {
            pipe,
            frames: Frames::new(MAX_FRAME),
            parts: Parts::new(MAX_FRAME),
            ids,
            called: false,
            last: None,
            greeted: false,
        }
    }
}

/// What one read brought.
#[derive(Default)]
pub(crate) struct Received {
    pub batches: Vec<Arc<Batch>>,
    /// `stop` was among it, after those batches.
    pub stop: bool,
}

/// A reader at work.
pub(crate) struct Receiver<'a> {
    program: &'static Program,
    input: MutexGuard<'a, Input>,
    received: Received,
    /// The calls of the block at hand.
    calls: Vec<Call>,
    /// Counts those calls as undone from the first one on: a SIGTERM may come at any moment.
    charge: Option<Charge>,
    /// Nothing would have been read but for answers of the host that are waited for: calls are refused.
    is_full: bool,
    /// How many wrappings the message at hand was taken out of.
    depth: u8,
}

impl<'a> Receiver<'a> {
    /// Takes the reading end.
    pub(crate) fn of(program: &'static Program, input: &'a Mutex<Input>) -> Self {
        let input = input.lock().unwrap_or_else(PoisonError::into_inner);
        Self {
            program,
            input,
            received: Received::default(),
            calls: Vec::new(),
            charge: None,
            is_full: false,
            depth: 0,
        }
    }

    /// Waits for input and takes apart what is there. Ends the program at the end of input.
    pub(crate) fn receive(self) -> Received {
        self.receive_by(stdio::read)
    }

    /// The same for what `read` appends.
    pub(crate) fn receive_by(
        mut self,
        read: impl FnOnce(&File, &mut BytesMut) -> io::Result<usize>,
    ) -> Received {
        let input = &mut *self.input;
        let pipe = &input.pipe;
        let is_inside = input.frames.is_inside();
        let memory = self.program.link().memory();
        if is_inside {
            memory.wait_inside(true);
        }
        let read = input.frames.fill(|into| read(pipe, into));
        if is_inside {
            memory.wait_inside(false);
        }
        match read {
            // An error of read(2) is a pipe that is no more.
            Ok(0) | Err(_) => self.program.end().host_gone(),
            Ok(_) => {}
        }
        self.is_full = !self.program.threads().budget().has_room();
        loop {
            match self.input.frames.take() {
                Ok(Some(block)) => self.block(block.bytes(), block.frames()),
                Ok(None) => return self.received,
                Err(long) => self.bad(format_args!(
                    "a frame of {} bytes; this program takes {}. First bytes: {:?}",
                    long.size, long.max, long.first
                )),
            }
        }
    }

    fn block(&mut self, bytes: &Bytes, frames: impl Iterator<Item = Range<usize>>) {
        for frame in frames {
            self.frame(bytes, frame);
        }
        self.close_batch(bytes);
    }

    /// A message that came in parts, or compressed, is a block of its own; what came before it goes first.
    fn inner(&mut self, before: &Bytes, inner: Block) {
        self.close_batch(before);
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.bad(format_args!(
                "parts inside of parts, or compressed data inside of itself"
            ));
        }
        let whole = 0..inner.bytes().len();
        self.block(inner.bytes(), std::iter::once(whole));
        self.depth -= 1;
    }

    fn close_batch(&mut self, bytes: &Bytes) {
        if let Some(charge) = self.charge.take() {
            let calls = std::mem::take(&mut self.calls);
            let tick = self.program.threads().ticks.load(Relaxed);
            let batch = Batch::new(bytes.clone(), calls, charge, tick);
            self.received.batches.push(batch);
        }
    }

    fn frame(&mut self, block: &Bytes, at: Range<usize>) {
        let frame = &block[at];
        let first = !std::mem::replace(&mut self.input.greeted, true);
        match message::read(frame) {
            Ok(Message::Hello(map)) if first => self.greeted(map),
            Ok(message) => self.message(block, message),
            Err(Refused::Compressed) => {
                match message::inflate(frame, self.program.link().max_received()) {
                    Ok(inflated) => self.inner(block, Block::message(inflated)),
                    Err(why) => self.bad(format_args!("{why}; {}", shown(frame))),
                }
            }
            Err(Refused::Call { id, why }) => self.fail(id, Kind::Badarg, &why),
            Err(Refused::Malformed(why)) => {
                complain_once(
                    &MALFORMED,
                    format_args!("dropped a malformed message: {why}"),
                );
            }
            Err(Refused::Unknown) => {}
            Err(Refused::Bad { id, at, why }) => {
                let why = format!("a frame that is no term: {why} (at byte {at})");
                if let Some(id) = id {
                    self.program.link().flush_all();
                    self.fail(id, Kind::Protocol, &format!("the program received {why}"));
                }
                self.bad(format_args!("{why}; {}", shown(frame)))
            }
        }
    }

    /// What the host takes it may send, too, from its hello on.
    fn greeted(&mut self, map: &[u8]) {
        handshake::greeted(self.program, map);
        let max = self.program.link().max_received();
        self.input.frames.set_max(max);
        self.input.parts.set_max(max);
    }

    fn message(&mut self, block: &Bytes, message: Message<'_>) {
        match message {
            Message::Call {
                id,
                function,
                arguments,
                options,
            } => {
                if self.program.is_stopping() {
                    return self.fail(
                        id,
                        Kind::Stopping,
                        "the program was told to stop before this call",
                    );
                }
                self.call(block, Some(id), function, arguments, options);
            }
            Message::Cast {
                function,
                arguments,
            } if !self.program.is_stopping() => {
                self.call(block, None, function, arguments, None);
            }
            Message::Cancel(id) => self.cancel(block, id),
            Message::Ping(term) => self.pong(term),
            Message::Stop => {
                self.program.refuse_calls();
                self.received.stop = true;
            }
            Message::Part { key, piece, last } => match self.input.parts.add(key, piece, last) {
                Ok(Some(whole)) => self.inner(block, Block::message(whole)),
                Ok(None) => {}
                Err(why) => self.bad(format_args!("{why}")),
            },
            Message::Reply { id, term } => self.program.made().settle(id, Ok(term)),
            Message::Error { id, map } => self.program.made().settle(id, Err(map)),
            Message::Hello(_) => {
                complain_once(
                    &SECOND_HELLO,
                    format_args!("dropped a hello that is not the first message"),
                );
            }
            // Words of streams that no call has, answers to pings never sent: they race with the end of what they
            // belong to.
            _ => {}
        }
    }

    fn call(
        &mut self,
        block: &Bytes,
        id: Option<&[u8]>,
        Name(name): Name<'_>,
        arguments: &[u8],
        options: Option<&[u8]>,
    ) {
        if !std::mem::replace(&mut self.input.called, true) {
            handshake::before_first_call(self.program);
        }
        // A call that is refused here leaves its Id as it was.
        if self.is_full {
            return self.refuse_for_want_of_room(id);
        }
        if let Some(id) = id
            && !self.input.ids.take(id)
        {
            return self.fail(id, Kind::Badarg, "a call with this Id is still unanswered");
        }
        let slices = Slices {
            id,
            name,
            arguments,
            options,
        };
        if self.charge.is_none() {
            self.charge = Some(Charge::open(self.program.threads().budget()));
            self.calls.reserve(block.len() / BYTES_OF_A_CALL);
        }
        let function = self.find(name);
        self.calls.push(Call::new(block, slices, function));
    }

    #[cold]
    fn refuse_for_want_of_room(&self, id: Option<&[u8]>) {
        match id {
            Some(id) => self.fail(id, Kind::Overloaded, "too much waits for an answer already"),
            None => complain_once(
                &LOST_CAST,
                format_args!("dropped a cast: too much waits already"),
            ),
        }
    }

    /// Most calls are to the function that was called last.
    fn find(&mut self, name: &[u8]) -> Option<usize> {
        let registry = self.program.registry();
        let is_last = |last: usize| registry.get(last).name.as_bytes() == name;
        if !self.input.last.is_some_and(is_last) {
            self.input.last = registry.find(name);
        }
        self.input.last
    }

    /// The call is in this very block, in an earlier one of this read, or with the other threads.
    fn cancel(&self, block: &Bytes, id: &[u8]) {
        let here = self
            .calls
            .iter()
            .rev()
            .find(|call| call.id(block) == Some(id));
        if let Some(call) = here {
            return call.cancel();
        }
        let read = self.received.batches.iter().rev();
        if !read.into_iter().any(|batch| batch.cancel(id)) {
            self.program.cancel(id);
        }
    }

    fn pong(&self, term: &[u8]) {
        let mut out = Vec::with_capacity(term.len() + 16);
        let start = write::begin(&mut out);
        write::tuple(&mut out, 2);
        write::atom(&mut out, "pong");
        out.extend_from_slice(term);
        // A ping over the host's own limit gets no answer that it would refuse.
        if self.program.link().end_frame(&mut out, start).is_ok() {
            self.program.link().send(&out);
        }
    }

    fn fail(&self, id: &[u8], kind: Kind, why: &str) {
        let mut out = Vec::new();
        errors::write(self.program.link(), id, &Failure::new(kind, why), &mut out);
        self.program.link().send(&out);
    }

    /// The pipe cannot be trusted any more: what follows may be anything.
    fn bad(&self, why: std::fmt::Arguments<'_>) -> ! {
        self.program.link().flush_all();
        complain(format_args!("received {why}"));
        self.program.end().now(BAD_FRAME)
    }
}

/// The first bytes of a frame, for a message about it.
fn shown(frame: &[u8]) -> String {
    let head = &frame[..frame.len().min(16)];
    format!("it begins with {head:?} (\"{}\")", head.escape_ascii())
}
