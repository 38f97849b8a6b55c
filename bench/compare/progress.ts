/** Progress on stderr, with an estimate of the time left: one line that is written again on a terminal, else a line now and then. */

/** A part of the run, and how long it is expected to take, in ms. */
export interface Part {
  readonly name: string;
  readonly ms: number;
}

/** ms between two lines where there is no terminal, and between two writes where there is one. */
const LINE_EVERY = 10_000;
const WRITE_EVERY = 100;
/** Before this share is done, a part is taken to last as long as was planned. */
const TRUSTED_SHARE = 0.1;

/** ms until all is done, from the parts to come and from how fast the present one goes. */
export function timeLeft(part: Part, elapsed: number, done: number, later: readonly Part[]): number {
  const planned = Math.max(0, part.ms * (1 - done));
  const present = done < TRUSTED_SHARE ? planned : (elapsed * (1 - done)) / done;
  return later.reduce((total, { ms }) => total + ms, present);
}

/** "3 min", "40 s": nobody is helped by more. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds >= 90 ? `${Math.round(seconds / 60)} min` : `${seconds} s`;
}

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export class Progress {
  readonly #parts: readonly Part[];
  readonly #out: Terminal;
  readonly #now: () => number;
  #index = -1;
  #begun = 0;
  #written = Number.NEGATIVE_INFINITY;

  constructor(parts: readonly Part[], out: Terminal, now: () => number = () => performance.now()) {
    this.#parts = parts;
    this.#out = out;
    this.#now = now;
  }

  /** The next part begins. Parts that do not take place are passed over. */
  begin(name: string): void {
    this.#index = this.#parts.findIndex((part) => part.name === name);
    this.#begun = this.#now();
    this.at("", 0);
  }

  at(text: string, done: number): void {
    const part = this.#parts[this.#index];
    const now = this.#now();
    if (part === undefined || now - this.#written < (this.#out.isTTY ? WRITE_EVERY : LINE_EVERY)) return;
    this.#written = now;
    const left = timeLeft(part, now - this.#begun, done, this.#parts.slice(this.#index + 1));
    const what = text === "" ? part.name : `${part.name}: ${text}`;
    this.#write(`${what}; about ${duration(left)} left`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#out.isTTY) this.#out.write("\r\u001b[K");
  }

  #write(line: string): void {
    if (!this.#out.isTTY) this.#out.write(`${line}\n`);
    else this.#out.write(`\r\u001b[K${line.slice(0, (this.#out.columns ?? 80) - 1)}`);
  }
}
