//! The other end of the hand-made call: reads `{call, Id, sum, [Numbers]}` and `{call, Id, empty, []}` out of their
//! frames by hand, computes, and answers `{reply, Id, Value}`. All answers to what one read gave are one write. It knows
//! no other function, type or error: this is the least that a program can do for a call.

use std::io::{self, Read, Write};

const BUFFER: usize = 1 << 20;

/// `131, {call, Id, …}` up to the Id: version, tuple of four, an atom of four letters, and the tag of 32 bits.
const CALL: &[u8] = b"\x83\x68\x04\x77\x04call\x62";
/// `131, {reply, Id, …}` up to the Id.
const REPLY: &[u8] = b"\x83\x68\x03\x77\x05reply\x62";
const SUM: &[u8] = b"\x77\x03sum";
const EMPTY: &[u8] = b"\x77\x05empty";
const NIL: u8 = 106;
/// `undefined`, which is what an empty answer is.
const UNDEFINED: &[u8] = b"\x77\x09undefined";

fn main() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut buffer = vec![0; BUFFER];
    let mut answers = Vec::with_capacity(BUFFER);
    let mut filled = 0;
    loop {
        let read = input.read(&mut buffer[filled..])?;
        if read == 0 {
            return Ok(());
        }
        filled += read;
        let whole = answer_all(&buffer[..filled], &mut answers)?;
        output.write_all(&answers)?;
        output.flush()?;
        answers.clear();
        buffer.copy_within(whole..filled, 0);
        filled -= whole;
        if filled == buffer.len() {
            buffer.resize(filled * 2, 0);
        }
    }
}

/// Answers every whole frame. Gives how many bytes those were.
fn answer_all(bytes: &[u8], answers: &mut Vec<u8>) -> io::Result<usize> {
    let mut rest = bytes;
    while let Some((length, behind)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        let Some((frame, next)) = behind.split_at_checked(length) else {
            break;
        };
        answer(frame, answers).ok_or_else(|| io::Error::other("this is no call that is known"))?;
        rest = next;
    }
    Ok(bytes.len() - rest.len())
}

/// `None` where the frame is neither of the two calls.
fn answer(frame: &[u8], answers: &mut Vec<u8>) -> Option<()> {
    let (id, call) = frame.strip_prefix(CALL)?.split_first_chunk::<4>()?;
    let start = answers.len();
    answers.extend_from_slice(&[0; 4]);
    answers.extend_from_slice(REPLY);
    answers.extend_from_slice(id);
    if let Some(args) = call.strip_prefix(SUM) {
        write_integer(sum(args)?, answers);
    } else if call.strip_prefix(EMPTY) == Some(&[NIL]) {
        answers.extend_from_slice(UNDEFINED);
    } else {
        return None;
    }
    let length = (answers.len() - start - 4) as u32;
    answers[start..start + 4].copy_from_slice(&length.to_be_bytes());
    Some(())
}

/// Of `[Numbers]`: a list of one list of integers.
fn sum(args: &[u8]) -> Option<i32> {
    let (1, numbers) = list(args)? else {
        return None;
    };
    let (count, mut rest) = list(numbers)?;
    let mut sum = 0i32;
    for _ in 0..count {
        let (number, behind) = integer(rest)?;
        sum = sum.checked_add(number)?;
        rest = behind;
    }
    (rest == [NIL, NIL]).then_some(sum)
}

/// The length of a list, and what is behind its head.
fn list(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (length, rest) = bytes.strip_prefix(&[108])?.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*length), rest))
}

fn integer(bytes: &[u8]) -> Option<(i32, &[u8])> {
    match bytes.split_first()? {
        (97, rest) => rest
            .split_first()
            .map(|(byte, rest)| (i32::from(*byte), rest)),
        (98, rest) => rest
            .split_first_chunk::<4>()
            .map(|(bytes, rest)| (i32::from_be_bytes(*bytes), rest)),
        _ => None,
    }
}

fn write_integer(value: i32, answers: &mut Vec<u8>) {
    if let Ok(byte) = u8::try_from(value) {
        answers.extend_from_slice(&[97, byte]);
    } else {
        answers.push(98);
        answers.extend_from_slice(&value.to_be_bytes());
    }
}
