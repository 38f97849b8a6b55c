//! JSON lines: one call a line on stdin, one answer a line on stdout, one after the other. Answers are written when no
//! whole line is left of what was read, so that many lines at once cost one write.

use std::io::{self, BufRead, BufReader, BufWriter, Write};

const BUFFER: usize = 1 << 18;

fn main() -> io::Result<()> {
    let mut input = BufReader::with_capacity(BUFFER, io::stdin().lock());
    let mut output = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        let reply = calls::answer(serde_json::from_slice(&line)?);
        serde_json::to_writer(&mut output, &reply)?;
        output.write_all(b"\n")?;
        line.clear();
        if !input.buffer().contains(&b'\n') {
            output.flush()?;
        }
    }
    output.flush()
}
