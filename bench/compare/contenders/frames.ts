/** Frames behind a length of four bytes, as {packet,4} has them: whole ones out of the chunks of a pipe. */

/** Calls `take` with each whole frame, its length left off. */
export function frameReader(take: (frame: Buffer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = 4;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held < wanted) return;
    const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks, held);
    let at = 0;
    wanted = 4;
    while (bytes.length - at >= 4) {
      const end = at + 4 + bytes.readUInt32BE(at);
      if (end > bytes.length) {
        wanted = end - at;
        break;
      }
      take(bytes.subarray(at + 4, end));
      at = end;
    }
    chunks = at === bytes.length ? [] : [bytes.subarray(at)];
    held = bytes.length - at;
  };
}
