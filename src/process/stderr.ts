/**
 * What a program writes to stderr: its last 8 KiB for errors, and its lines for whoever wants them.
 * Memory and time are bounded whatever it writes: a line without an end is cut, lines that the host's own stderr does not
 * take are dropped, and of a flood no more is read in one turn of the event loop than is handed over in that turn.
 */
import { callUser } from "../call-user.ts";
import { monotonic, setImmediate } from "../timers.ts";
import { Lines } from "./lines.ts";
import { type LineOutput, Printer } from "./print.ts";

/**
 * Where the lines go: to the host's stderr with the port's name before each, to a function (without the line end),
 * or nowhere. The last 8 KiB go into errors in any case.
 */
export type StderrOption = "inherit" | "ignore" | ((line: string) => void);

/** So many bytes of stderr are kept for errors. */
export const TAIL_BYTES = 8192;

/** The lines of so many bytes are handed over before the clock is looked at. */
const PIECE = 4096;
/** ms of one turn of the event loop for the lines of one program. */
const SLICE_MS = 2;
/** A chunk of so many bytes says that more lies ready. */
const BULK = 16_384;

/** The stderr of one process. */
export class Stderr {
  readonly #tail = new Tail();
  readonly #lines: Lines | undefined;
  readonly #printer: Printer | undefined;
  /** Lines to be printed with one write. */
  #toPrint: string[] = [];
  /** What was read and not handed over yet. */
  #waiting: Uint8Array[] = [];
  #isScheduled = false;
  #isEnded = false;
  #readOn: () => void = nothing;

  /**
   * @param name the port's name, put before each line that is inherited
   * @param output for tests. Default: the host's stderr
   */
  constructor(option: StderrOption, name: string, output?: LineOutput) {
    if (option === "ignore") return;
    if (option === "inherit") this.#printer = new Printer(name, output);
    this.#lines = new Lines(
      option === "inherit" ? (line) => this.#toPrint.push(line) : (line) => callUser(() => option(line)),
    );
  }

  /**
   * Takes what the program wrote.
   * @param readOn called when more may come, after `false`
   * @returns whether more may come at once
   */
  push(chunk: Uint8Array, readOn: () => void = nothing): boolean {
    this.#tail.push(chunk);
    if (this.#lines === undefined) return true;
    this.#waiting.push(chunk);
    if (!this.#isScheduled) this.#handOver(chunk.length >= BULK);
    if (!this.#isScheduled) return true;
    this.#readOn = readOn;
    return false;
  }

  /** Hands over a last line that has no end, behind what waits. Call it when the process is closed. */
  end(): void {
    this.#isEnded = true;
    if (!this.#isScheduled) this.#finish();
  }

  /** The last 8 KiB, from the first whole character on. */
  get tail(): string {
    return this.#tail.text();
  }

  /** Hands over what waits, for a while. @param pauses whether nothing more is read in this turn in any case */
  #handOver(pauses: boolean): void {
    const end = monotonic() + SLICE_MS;
    while (this.#waiting.length > 0 && monotonic() < end) this.#handOverPiece();
    this.#print();
    this.#isScheduled = pauses || this.#waiting.length > 0;
    if (this.#isScheduled) setImmediate(() => this.#goOn());
  }

  #handOverPiece(): void {
    const chunk = this.#waiting.shift();
    if (chunk === undefined) return;
    this.#lines?.push(chunk.subarray(0, PIECE));
    if (chunk.length > PIECE) this.#waiting.unshift(chunk.subarray(PIECE));
  }

  #goOn(): void {
    this.#handOver(false);
    if (this.#isScheduled) return;
    if (this.#isEnded) this.#finish();
    const readOn = this.#readOn;
    this.#readOn = nothing;
    readOn();
  }

  #finish(): void {
    this.#lines?.end();
    this.#print();
  }

  #print(): void {
    if (this.#toPrint.length === 0) return;
    this.#printer?.print(this.#toPrint);
    this.#toPrint = [];
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

function nothing(): void {}
