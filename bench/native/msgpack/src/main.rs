//! MessagePack: calls on stdin, answers on stdout, each behind its length in four bytes, one after the other. Answers
//! are written when no whole frame is left of what was read, so that many frames at once cost one write.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

const BUFFER: usize = 1 << 18;

fn main() -> io::Result<()> {
    let mut input = BufReader::with_capacity(BUFFER, io::stdin().lock());
    let mut output = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let (mut frame, mut reply) = (Vec::new(), Vec::new());
    while !input.fill_buf()?.is_empty() {
        let mut length = [0; 4];
        input.read_exact(&mut length)?;
        frame.resize(u32::from_be_bytes(length) as usize, 0);
        input.read_exact(&mut frame)?;
        let request = rmp_serde::from_slice(&frame).map_err(io::Error::other)?;
        rmp_serde::encode::write_named(&mut reply, &calls::answer(request))
            .map_err(io::Error::other)?;
        output.write_all(&(reply.len() as u32).to_be_bytes())?;
        output.write_all(&reply)?;
        reply.clear();
        if !has_whole_frame(input.buffer()) {
            output.flush()?;
        }
    }
    output.flush()
}

fn has_whole_frame(bytes: &[u8]) -> bool {
    bytes
        .split_first_chunk::<4>()
        .is_some_and(|(length, rest)| rest.len() >= u32::from_be_bytes(*length) as usize)
}
