//! The way to the pipe. Each thread that runs calls gathers its answers in a buffer of its own, and any thread may
//! write that buffer out: an answer never waits behind the long call that its thread claimed next. Everything else
//! is written at once. Frames are never torn: one lock guards the pipe.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::os::fd::AsFd;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::{Mutex, OnceLock};

use super::peer::Peer;
use crate::blackbox::{BlackBox, Thread};
use crate::sys::exit::End;
use crate::sys::stdio::wait_writable;
use crate::wire::host_hello::Word;
use crate::wire::parts;

/// The writing end, and what is known of who reads there.
pub(crate) struct Link {
    pipe: Mutex<File>,
    memory: BlackBox,
    pub(super) peer: OnceLock<Peer>,
    end: End,
}

/// Messages over this many bytes go in parts, when the host takes them: what is said meanwhile waits for 1 or 2 ms at the
/// most, and the host has to put together fewer pieces.
const LARGE: usize = 2 * 1024 * 1024;
/// Bytes of each part.
const PIECE: usize = 256 * 1024;

impl Link {
    pub(crate) fn new(pipe: File, memory: BlackBox, end: End) -> Self {
        Self {
            pipe: Mutex::new(pipe),
            memory,
            peer: OnceLock::new(),
            end,
        }
    }

    /// The black box that the buffers lie in.
    pub(crate) fn memory(&self) -> &BlackBox {
        &self.memory
    }

    /// Writes a frame at once; a large one in parts, so that what is said meanwhile does not wait behind it.
    pub(crate) fn send(&self, frame: &[u8]) {
        if frame.len() > LARGE && self.accepts(Word::Part) {
            parts::split(&frame[4..], PIECE, |part| {
                self.write(&mut self.lock(), part)
            });
        } else {
            self.write(&mut self.lock(), frame);
        }
    }

    /// Writes a frame if nobody holds the pipe and it has room: a frame of up to 4096 bytes then goes in whole (PIPE_BUF,
    /// pipe(7)).
    #[cfg(any(feature = "log", feature = "tracing"))]
    pub(crate) fn try_send(&self, frame: &[u8]) -> bool {
        let Ok(mut pipe) = self.pipe.try_lock() else {
            return false;
        };
        if frame.len() > 4096 || !crate::sys::stdio::is_writable(pipe.as_fd()) {
            return false;
        }
        self.write(&mut pipe, frame);
        true
    }

    /// Puts a frame of the calling thread, whose index this is, into its buffer. A large one, or one of a thread without a
    /// buffer, goes to the pipe, after what the buffer holds.
    pub(crate) fn publish(&self, index: Option<usize>, frame: &[u8]) {
        let room = self.memory.layout().room as usize;
        let Some(thread) = index
            .and_then(|index| self.memory.thread(index))
            .filter(|_| frame.len() <= room / 4)
        else {
            self.flush(index);
            return self.send(frame);
        };
        let mut published = (thread.published.load(Relaxed) as usize).min(room);
        if published + frame.len() > room {
            self.flush(index);
            published = 0;
        }
        // SAFETY: the frame fits into the rest of the buffer, and only this thread writes behind `published`.
        unsafe {
            let free = thread.buffer.add(published);
            std::ptr::copy_nonoverlapping(frame.as_ptr(), free, frame.len());
        }
        thread
            .published
            .store((published + frame.len()) as u32, Release);
        if waiting(&thread) >= room / 4 {
            self.flush(index);
        }
    }

    /// Writes out the buffer of the calling thread, whose index this is, and begins it anew.
    pub(crate) fn flush(&self, index: Option<usize>) {
        let Some(thread) = index.and_then(|index| self.memory.thread(index)) else {
            return;
        };
        if thread.published.load(Relaxed) == 0 {
            return;
        }
        let mut pipe = self.lock();
        self.drain(&mut pipe, &thread);
        thread.published.store(0, Relaxed);
        thread.flushed.store(0, Release);
    }

    /// Writes out the buffers of all threads, from any thread.
    pub(crate) fn flush_all(&self) {
        for index in 0..self.memory.layout().threads as usize {
            if let Some(thread) = self
                .memory
                .thread(index)
                .filter(|thread| waiting(thread) > 0)
            {
                self.drain(&mut self.lock(), &thread);
            }
        }
    }

    /// Keeps the pipe from everybody, for ever: no frame is cut in two by the end of the process.
    pub(crate) fn close(&self) {
        std::mem::forget(self.lock());
    }

    /// Whether any buffer holds answers.
    pub(crate) fn is_waiting(&self) -> bool {
        let threads = 0..self.memory.layout().threads as usize;
        threads
            .filter_map(|index| self.memory.thread(index))
            .any(|thread| waiting(&thread) > 0)
    }

    /// Writes `[flushed, published)`; the caller holds the pipe, so `flushed` is its own.
    fn drain(&self, pipe: &mut File, thread: &Thread<'_>) {
        // The memory is shared with the host, which could have stored anything.
        let published = thread
            .published
            .load(Acquire)
            .min(self.memory.layout().room);
        let flushed = thread.flushed.load(Relaxed);
        if flushed >= published {
            return;
        }
        let len = (published - flushed) as usize;
        // SAFETY: what is published is not written again before the lock is free and the buffer begun anew.
        let frames =
            unsafe { std::slice::from_raw_parts(thread.buffer.add(flushed as usize), len) };
        self.write(pipe, frames);
        thread.flushed.store(published, Relaxed);
    }

    fn write(&self, pipe: &mut File, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match pipe.write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // A descriptor that the host made non-blocking.
                Err(error) if error.kind() == ErrorKind::WouldBlock => wait_writable(pipe.as_fd()),
                // Nobody reads any more: the host is gone.
                Err(_) => self.end.host_gone(),
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, File> {
        self.pipe
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Bytes of a thread's buffer that are not in the pipe yet.
fn waiting(thread: &Thread<'_>) -> usize {
    let published = thread.published.load(Relaxed);
    published.saturating_sub(thread.flushed.load(Relaxed)) as usize
}
