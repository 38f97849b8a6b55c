/**
 * What a program writes to stderr: its last 8 KiB for errors, and its lines for whoever wants them.
 * Memory is bounded whatever it writes: a line without an end is cut, and a reader that does not keep up loses lines.
 */
import { Lines } from "./lines.ts";

/**
 * Where the lines go: to the host's stderr with the port's name before each, to a function (without the line end),
 * or nowhere. The last 8 KiB go into errors in any case.
 */
export type StderrOption = "inherit" | "ignore" | ((line: string) => void);

/** The host's stderr, as far as it is used here. */
export interface LineOutput {
  readonly writableLength: number;
  write(text: string): unknown;
}

/** So many bytes of stderr are kept for errors. */
export const TAIL_BYTES = 8192;

/** Lines are dropped while so many characters wait in the host's own stderr, which may be slower than the program. */
const OUTPUT_LIMIT = 1 << 20;

/** The stderr of one process. */
export class Stderr {
  readonly #tail = new Tail();
  readonly #lines: Lines | undefined;

  /**
   * @param name the port's name, put before each line that is inherited
   * @param output the host's stderr
   */
  constructor(option: StderrOption, name: string, output: LineOutput = process.stderr) {
    if (option === "inherit") this.#lines = new Lines(prefixed(name, output));
    else if (option !== "ignore") this.#lines = new Lines(option);
  }

  /** Takes what the program wrote. */
  push(chunk: Uint8Array): void {
    this.#tail.push(chunk);
    this.#lines?.push(chunk);
  }

  /** Hands over a last line that has no end. Call it when the process is closed. */
  end(): void {
    this.#lines?.end();
  }

  /** The last 8 KiB, from the first whole character on. */
  get tail(): string {
    return this.#tail.text();
  }
}

/** A ring of the last bytes. */
class Tail {
  #ring: Uint8Array | undefined;
  #total = 0;

  push(chunk: Uint8Array): void {
    this.#ring ??= new Uint8Array(TAIL_BYTES);
    const kept = chunk.subarray(-TAIL_BYTES);
    const at = (this.#total + chunk.length - kept.length) % TAIL_BYTES;
    const first = kept.subarray(0, TAIL_BYTES - at);
    this.#ring.set(first, at);
    this.#ring.set(kept.subarray(first.length), 0);
    this.#total += chunk.length;
  }

  text(): string {
    if (this.#ring === undefined) return "";
    if (this.#total <= TAIL_BYTES) return decode(this.#ring.subarray(0, this.#total));
    const at = this.#total % TAIL_BYTES;
    const bytes = Buffer.concat([this.#ring.subarray(at), this.#ring.subarray(0, at)]);
    return `… ${decode(bytes.subarray(bytes.findIndex((byte) => (byte & 0xc0) !== 0x80)))}`;
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function prefixed(name: string, output: LineOutput): (line: string) => void {
  let dropped = 0;
  return (line) => {
    if (output.writableLength > OUTPUT_LIMIT) {
      dropped++;
      return;
    }
    const note = dropped === 0 ? "" : `[${name}] … ${dropped} lines dropped: stderr is too slow for them\n`;
    dropped = 0;
    output.write(`${note}[${name}] ${line}\n`);
  };
}
