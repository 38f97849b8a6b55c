/**
 * What surrounds a host changes while its port is under load: descriptors, folders, the program's file, clocks and timers,
 * deaths. Each block is a host of its own (surroundings-host.mjs) with 64 descriptors and a stderr that takes nothing; each
 * case is a list of acts between calls. Every call is answered rightly or fails with an error of the port's, nothing is
 * uncaught, and once all is well again calls get through.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { Block, FuzzKind } from "./kind.ts";
import type { Random } from "./random.ts";

/** The host knows what each of them does. */
const ACTS = [
  "exhaust",
  "free",
  "temporary",
  "folder",
  "replace",
  "write",
  "fakes",
  "realTimers",
  "kill",
  "kill",
  "print",
  "reload",
] as const;

export const surroundings: FuzzKind = {
  name: "surroundings",
  about:
    "descriptors, folders, files, timers and deaths around a port under load: calls end, and the port recovers",
  bounded: 24,
  blockSize: 8,
  begin: () => Host.start(),
};

/** The package: compiled beside this file (`npm run fuzz`), else dist/. */
function entry(): string {
  const beside = resolve(dirname(import.meta.filename), "../../src/index.js");
  return pathToFileURL(existsSync(beside) ? beside : resolve("dist/src/index.js")).href;
}

class Host implements Block {
  readonly #folder = mkdtempSync(join(tmpdir(), "portreeve-fuzz-"));
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<string>;

  private constructor() {
    const host = resolve("test/fuzz/surroundings-host.mjs");
    // Its program imports its neighbours by the path of the fixtures.
    const program = resolve("test/fuzz/surroundings-program.mjs");
    const args = [process.execPath, host, entry(), program, this.#folder];
    this.#process = spawn("/bin/sh", ["-c", 'ulimit -n 64; exec "$@" 2>/dev/full', "sh", ...args], {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, TMPDIR: join(this.#folder, "tmp"), FIXTURES: resolve("test/fixtures") },
    });
    const { stdout } = this.#process;
    if (stdout === null) throw new Error("the host has no stdout");
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    this.#ended = new Promise((resolve) => {
      this.#process.once("exit", (code, signal) => resolve(`the host ended with ${code ?? signal}`));
    });
  }

  static async start(): Promise<Host> {
    const host = new Host();
    await host.#expect("ready");
    return host;
  }

  async run(random: Random): Promise<void> {
    const count = 1 + random.few(8);
    const acts = Array.from({ length: count }, () => [random.pick(ACTS), random.below(10_000)] as const);
    const line = JSON.stringify(acts);
    this.#process.stdin?.write(`${line}\n`);
    await this.#expect("ok", line);
  }

  async end(): Promise<void> {
    this.#process.stdin?.end();
    const end = await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true });
    if (end !== "the host ended with 0") throw new Error(`${end} when it was closed`);
  }

  async #expect(word: string, about = ""): Promise<void> {
    const next = this.#lines.next().then(({ value }) => value as string | undefined);
    const line = (await next) ?? (await this.#ended);
    if (line !== word) throw new Error(`${about}: ${line}`);
  }
}
