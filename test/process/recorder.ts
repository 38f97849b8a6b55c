/** A listener that remembers what a child told it, in order, and lets a test wait for a moment of it. */
import { EventEmitter, once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { ExitReason } from "../../src/exit-reason.ts";
import type { Child, ChildListener, ChildOptions } from "../../src/process/child.ts";
import { spawnChild } from "../../src/process/spawn.ts";

export class Recorder extends EventEmitter implements ChildListener {
  /** The names of the events, in order; runs of bytes count once. */
  readonly order: string[] = [];
  reason: ExitReason | undefined;
  error: Error | undefined;
  readonly #stdout: Uint8Array[] = [];
  readonly #stderr: Uint8Array[] = [];

  get stdoutBytes(): Buffer {
    return Buffer.concat(this.#stdout);
  }
  get stdout(): string {
    return this.stdoutBytes.toString();
  }
  get stderrText(): string {
    return Buffer.concat(this.#stderr).toString();
  }

  data(chunk: Uint8Array): void {
    this.#stdout.push(chunk);
    this.#note("data");
  }
  stderr(chunk: Uint8Array, _readOn: () => void): boolean {
    this.#stderr.push(chunk);
    this.#note("stderr");
    return true;
  }
  drain(): void {
    this.#note("drain");
  }
  stdinClosed(error: Error): void {
    this.error = error;
    this.#note("stdinClosed");
  }
  stdoutEnded(): void {
    this.#note("stdoutEnded");
  }
  exit(reason: ExitReason): void {
    this.reason = reason;
    this.#note("exit");
  }
  closed(reason: ExitReason): void {
    this.reason = reason;
    this.#note("closed");
  }

  /** Resolves when `name` has been told, now or later. */
  async until(name: string): Promise<void> {
    if (!this.order.includes(name)) await once(this, name);
  }

  #note(name: string): void {
    if (this.order.at(-1) !== name) this.order.push(name);
    this.emit(name);
  }
}

/** Starts `path` and records it. The test ends it: by `using`, it is killed at the end of its block. */
export async function record(path: string, options: Partial<ChildOptions> = {}): Promise<Recorded> {
  const recorder = new Recorder();
  const child = await spawnChild({ path, args: [], env: {}, ...options }, recorder);
  return { child, recorder, [Symbol.asyncDispose]: () => end(child, recorder) };
}

export interface Recorded extends AsyncDisposable {
  readonly child: Child;
  readonly recorder: Recorder;
}

async function end(child: Child, recorder: Recorder): Promise<void> {
  child.kill("SIGKILL");
  await recorder.until("closed");
}

/** Whether a process exists: a zombie does, too. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Resolves when a process that is no child of this one is gone; a zombie that waits for its reaper is. */
export async function gone(pid: number): Promise<void> {
  while (exists(pid) && !isZombie(pid)) await setTimeout(5);
}

/** Stops a child with SIGSTOP and waits until it is: a SIGTERM that comes before would be served first. */
export async function stop(child: Child): Promise<void> {
  child.kill("SIGSTOP");
  while (stateOf(child.pid) !== "T") await setTimeout(1);
}

function isZombie(pid: number): boolean {
  return ["Z", undefined].includes(stateOf(pid));
}

/** The state letter of proc(5), or `undefined` when there is no such process. */
export function stateOf(pid: number): string | undefined {
  try {
    return /\) ([A-Z])/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}
