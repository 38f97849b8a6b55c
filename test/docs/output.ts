/** What a process prints, line by line, and its end. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

type Printing = ChildProcess & { readonly stdout: Readable };

export class Output {
  text = "";
  readonly #process: Printing;
  /** All of it, once the process has ended. */
  readonly end: Promise<string>;

  constructor(process: Printing) {
    this.#process = process;
    process.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.text += text;
    });
    this.end = once(process, "close").then(() => this.text);
  }

  /** Waits for a text. @throws when the process ends before it comes */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.text);
      if (found !== null) return found;
      if (this.#process.stdout.readableEnded)
        throw new Error(`${this.#process.spawnfile} never printed ${pattern}, but:\n${this.text}`);
      await Promise.race([once(this.#process.stdout, "data"), once(this.#process.stdout, "end")]);
    }
  }
}
