/**
 * JSON lines over stdin and stdout: a call is a line, numbered, and so is its answer. Either all lines of a turn of the
 * event loop are written at once, or each by itself. Bytes go as base64.
 */

import { programPath } from "../programs.ts";
import { accidentsByCall, type BytesAs, jobsByCall } from "./by-call.ts";
import type { Running } from "./contender.ts";
import { Pending } from "./pending.ts";
import { type Life, Spawned } from "./spawned.ts";

export const BASE64: BytesAs = {
  toWire: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
  fromWire: (text) => Buffer.from(text as string, "base64"),
};

interface Answer {
  readonly id: number;
  readonly ok?: unknown;
  readonly error?: string;
}

type Write = "a tick" | "a call";

export async function startJsonLines(write: Write): Promise<Running> {
  const lines = new JsonLines(write);
  const jobs = jobsByCall(lines.ask, BASE64);
  const accidents = accidentsByCall(lines.ask);
  await lines.ask("empty");
  return {
    job: (id) => jobs[id],
    accident: (id) => accidents[id],
    pids: () => lines.program.pids,
    stop: () => lines.program.stop(),
  };
}

class JsonLines {
  readonly #pending = new Pending();
  readonly #send: (line: string) => void;
  readonly program: Spawned;
  #unsent = "";

  constructor(write: Write) {
    this.#send =
      write === "a tick" ? (line) => this.#collect(line) : (line) => this.program.stdin.write(line);
    this.program = new Spawned(
      programPath("jsonLines"),
      () => [],
      (life) => this.#read(life),
      (why) => this.#pending.rejectAll(why),
    );
  }

  readonly ask = (call: unknown) =>
    this.#pending.call((id) => this.#send(`${JSON.stringify({ id, call })}\n`));

  #collect(line: string): void {
    if (this.#unsent === "") process.nextTick(this.#flush);
    this.#unsent += line;
  }

  readonly #flush = () => {
    this.program.stdin.write(this.#unsent);
    this.#unsent = "";
  };

  /** Whole lines of each chunk; the beginning of the next one is kept in pieces, for an answer may have megabytes. */
  #read({ stdout }: Life): void {
    let rest: string[] = [];
    stdout.setEncoding("utf8");
    stdout.on("data", (chunk: string) => {
      const end = chunk.lastIndexOf("\n");
      if (end === -1) {
        rest.push(chunk);
        return;
      }
      const text = rest.join("") + chunk.slice(0, end);
      rest = end + 1 === chunk.length ? [] : [chunk.slice(end + 1)];
      for (const line of text.split("\n")) this.#answer(JSON.parse(line));
    });
  }

  #answer({ id, ok, error }: Answer): void {
    if (error === undefined) this.#pending.resolve(id, ok);
    else this.#pending.reject(id, error);
  }
}
