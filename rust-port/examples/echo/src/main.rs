//! The raw echo: bytes in, the same bytes out, whole frames at a time. It knows nothing of terms or calls, so what it
//! costs is what any port program costs at least.

use std::io::{self, Read, Write};

const BUFFER: usize = 1 << 20;

fn main() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut buffer = vec![0; BUFFER];
    let mut filled = 0;
    loop {
        let read = input.read(&mut buffer[filled..])?;
        if read == 0 {
            return Ok(());
        }
        filled += read;
        let whole = whole_frames(&buffer[..filled]);
        output.write_all(&buffer[..whole])?;
        output.flush()?;
        buffer.copy_within(whole..filled, 0);
        filled -= whole;
        if filled == buffer.len() {
            buffer.resize(filled * 2, 0);
        }
    }
}

/// How many of the bytes are whole frames.
fn whole_frames(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(header) = bytes[at..].first_chunk::<4>() {
        let end = at + 4 + u32::from_be_bytes(*header) as usize;
        if end > bytes.len() {
            break;
        }
        at = end;
    }
    at
}
