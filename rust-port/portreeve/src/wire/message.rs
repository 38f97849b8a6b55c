//! Messages: what the words of the wire mean (protocol version 1). `read` takes a frame apart without copying,
//! `write` puts frames together. The other end of the pipe has `src/wire/message.ts`.

mod read;
pub(crate) mod write;

pub(crate) use read::{Message, Name, Refused, bytes, entry, inflate, read};
