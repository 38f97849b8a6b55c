/**
 * One child process: its bytes, its end, and nothing of what they mean. spawn.ts starts it.
 * On the other side of the pipe stands `main` of the Rust runtime, which owns the same three descriptors.
 */

import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { GivenEnvironment } from "../environment.ts";
import type { ExitReason } from "../exit-reason.ts";
import { clearTimeout, setImmediate, setTimeout } from "../timers.ts";
import { PacedOutput } from "./paced.ts";

/** What to run. */
export interface ChildOptions extends GivenEnvironment {
  /** Absolute path of the program; never searched in PATH. */
  readonly path: string;
  readonly args: readonly string[];
  /** The program's working directory. Default: the host's. */
  readonly cwd?: string | undefined;
  /** A command to run the program under, such as `["gdb", "--args"]`; its first word is searched in PATH. */
  readonly wrap?: readonly string[] | undefined;
  /** Open descriptors of the host that the program gets as 3, 4, … */
  readonly fds?: readonly number[] | undefined;
  /** How long, in ms, `closed` waits for the end of stdout after the exit. Default: 1000. */
  readonly drainTimeout?: number | undefined;
  /** What is tried again when the system refuses the start. Default: nothing. */
  readonly retry?: SpawnRetry | undefined;
}

/** Refusals that pass by themselves within a moment. */
export interface SpawnRetry {
  /** `ETXTBSY`, `EAGAIN`, … */
  readonly errnos: ReadonlySet<string>;
  /** For how long, in ms. */
  readonly ms: number;
  /** Whether anybody still wants the process. */
  readonly isWanted: () => boolean;
}

/** What a child tells. Nothing comes before `spawnChild` resolves, nothing after `closed`. */
export interface ChildListener {
  /** Bytes of its stdout. */
  data(chunk: Uint8Array): void;
  /** Bytes of its stderr. @param readOn to be called when more may come, after `false` @returns whether more may come at once */
  stderr(chunk: Uint8Array, readOn: () => void): boolean;
  /** Stdin took everything, after a `write` that returned `false`. */
  drain(): void;
  /** Stdin takes nothing any more (EPIPE: the program closed it, or is dead). At most once. */
  stdinClosed(error: Error): void;
  /** Its stdout has ended. The program may live on. At most once. */
  stdoutEnded(): void;
  /** The process is dead and reaped. Bytes may still come. Exactly once. */
  exit(reason: ExitReason): void;
  /** After `exit`, and after the end of stdout or `drainTimeout`: a grandchild can hold the pipe open. Exactly once. */
  closed(reason: ExitReason): void;
}

/** A running process. */
export interface Child {
  readonly pid: number;
  /** Bytes that wait in this process because the pipe is full. */
  readonly stdinBuffered: number;
  /** Writes to its stdin. `false`: the pipe is full, wait for `drain`. After `stdinClosed` bytes go nowhere. */
  write(chunk: Uint8Array): boolean;
  /** Writes several chunks with one system call. */
  writev(chunks: readonly Uint8Array[]): boolean;
  /** Whether its stdout is read; it is from the start. What is not read waits in the pipe, and the program with it. Once it is dead all of it is read. */
  read(isWanted: boolean): void;
  /** Ends its stdin, behind what was written. */
  end(): void;
  /** Sends a signal (default SIGTERM). `true` says that it was sent, not that it did anything: only SIGKILL ends a stopped process. */
  kill(signal?: NodeJS.Signals): boolean;
  /** Keeps Node alive: the process and all its pipes. How a child starts. */
  ref(): void;
  /** Lets Node end while the child runs. */
  unref(): void;
}

/** Without the end of stderr `closed` waits no longer than this (ms): only the end of stdout is worth more. */
const STDERR_GRACE = 100;

/** A process that was started, and its pipes. */
export class RunningChild implements Child {
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #stdin: Writable;
  readonly #outputs: readonly Readable[];
  readonly #paced: readonly PacedOutput[];
  readonly #listener: ChildListener;
  readonly #drainTimeout: number;
  #open = 2;
  #stdoutOpen = true;
  #reason: ExitReason | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #held = true;

  constructor(
    process: ChildProcess & { readonly pid: number },
    drainTimeout: number,
    listener: ChildListener,
  ) {
    const { stdin, stdout, stderr } = process;
    if (stdin === null || stdout === null || stderr === null) throw new TypeError("the child has no pipes");
    this.pid = process.pid;
    this.#process = process;
    this.#stdin = stdin;
    this.#outputs = [stdout, stderr];
    this.#listener = listener;
    this.#drainTimeout = drainTimeout;
    this.#listenToInput();
    this.#paced = this.#listenToOutput(stdout, stderr);
    process.once("exit", (exitCode, signal) => this.#onExit({ exitCode, signal }));
    // A signal that may not be sent (EPERM) comes here too; `kill` has told its caller by then.
    process.on("error", () => {});
  }

  get stdinBuffered(): number {
    return this.#stdin.writableLength;
  }

  write(chunk: Uint8Array): boolean {
    return this.#stdin.write(chunk);
  }

  writev(chunks: readonly Uint8Array[]): boolean {
    this.#stdin.cork();
    for (const chunk of chunks) this.#stdin.write(chunk);
    this.#stdin.uncork();
    return !this.#stdin.writableNeedDrain && this.#stdin.writable;
  }

  read(isWanted: boolean): void {
    this.#paced[0]?.hold(!isWanted);
  }

  end(): void {
    this.#stdin.end();
  }

  kill(signal: NodeJS.Signals = "SIGTERM"): boolean {
    return this.#process.kill(signal);
  }

  ref(): void {
    this.#hold(true);
  }

  unref(): void {
    this.#hold(false);
  }

  #hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    const method = held ? "ref" : "unref";
    for (const handle of [this.#process, this.#stdin, ...this.#outputs, this.#timer]) {
      (handle as Partial<Reffable> | undefined)?.[method]?.();
    }
  }

  #listenToInput(): void {
    let told = false;
    this.#stdin.on("drain", () => this.#listener.drain());
    this.#stdin.on("error", (error) => {
      if (told || this.#closed) return;
      told = true;
      this.#listener.stdinClosed(error);
    });
  }

  #listenToOutput(stdout: Readable, stderr: Readable): readonly PacedOutput[] {
    const [data, lines] = [new PacedOutput(stdout), new PacedOutput(stderr)];
    data.readInSlices((chunk) => this.#listener.data(chunk));
    lines.readOnDemand((chunk, readOn) => this.#listener.stderr(chunk, readOn));
    for (const output of [stdout, stderr]) {
      // A pipe that breaks (ECONNRESET) is a pipe that ended: 'close' follows either way.
      output.on("error", () => {});
      output.once("close", () => this.#onOutputEnd(output === stdout));
    }
    return [data, lines];
  }

  #onOutputEnd(isStdout: boolean): void {
    this.#open--;
    if (this.#closed) return;
    if (isStdout) {
      this.#stdoutOpen = false;
      this.#listener.stdoutEnded();
    }
    this.#closeWhenDone();
  }

  #onExit(reason: ExitReason): void {
    this.#reason = reason;
    for (const output of this.#paced) output.hurry();
    this.#listener.exit(reason);
    this.#closeWhenDone();
  }

  #closeWhenDone(): void {
    if (this.#reason === undefined || this.#closed) return;
    if (this.#open > 0) this.#closeAfterGrace(this.#reason);
    else this.#close(this.#reason);
  }

  #closeAfterGrace(reason: ExitReason): void {
    const wait = this.#stdoutOpen ? this.#drainTimeout : Math.min(STDERR_GRACE, this.#drainTimeout);
    clearTimeout(this.#timer);
    // A host that was busy for long sees the timer before the bytes that lie ready: read once more, then close.
    this.#timer = setTimeout(() => setImmediate(() => this.#close(reason)), wait);
    if (!this.#held) this.#timer.unref();
  }

  #close(reason: ExitReason): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const output of this.#outputs) output.destroy();
    this.#listener.closed(reason);
  }
}

/** The pipes of a child are sockets in Node and Deno, but @types/node knows them only as streams; in Bun stdin is no more than that. */
interface Reffable {
  ref(): unknown;
  unref(): unknown;
}
