/** Cuts bytes that come in any pieces into lines of text, and holds no more of a line than one piece. */

export interface LinesOptions {
  /** A longer line is handed over in pieces of so many characters. Default: 8192. */
  readonly limit?: number;
  /** What ends a line and is taken away. Default: `\n`, or `\r\n`. */
  readonly end?: RegExp;
}

/** A longer line is handed over in pieces of so many characters, unless said otherwise. */
export const LINE_LENGTH = 8192;

export class Lines {
  readonly #decoder = new TextDecoder();
  readonly #take: (line: string) => void;
  readonly #limit: number;
  readonly #end: RegExp;
  #rest = "";

  constructor(take: (line: string) => void, { limit = LINE_LENGTH, end = /\r?\n/ }: LinesOptions = {}) {
    this.#take = take;
    this.#limit = limit;
    this.#end = end;
  }

  push(chunk: Uint8Array): void {
    this.#split(this.#decoder.decode(chunk, { stream: true }));
  }

  /** Hands over a last line that has no end. */
  end(): void {
    this.#split(this.#decoder.decode());
    if (this.#rest !== "") this.#take(this.#rest);
    this.#rest = "";
  }

  #split(text: string): void {
    const lines = (this.#rest + text).split(this.#end);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#whole(line);
    for (; this.#rest.length > this.#limit; this.#rest = this.#rest.slice(this.#limit)) {
      this.#take(this.#rest.slice(0, this.#limit));
    }
  }

  #whole(line: string): void {
    for (let at = 0; at === 0 || at < line.length; at += this.#limit)
      this.#take(line.slice(at, at + this.#limit));
  }
}
