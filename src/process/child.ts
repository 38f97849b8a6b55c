/**
 * One child process: its bytes, its end, and nothing of what they mean. The only file that imports execa.
 * On the other side of the pipe stands `main` of the Rust runtime, which owns the same three descriptors.
 *
 * execa starts the process and takes no part afterwards: `write` and `data` go straight to Node's sockets.
 * Its import waits for the first spawn, so that loading portreeve costs nothing.
 */

import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { SpawnError } from "../errors.ts";
import { clearTimeout, setImmediate, setTimeout } from "../timers.ts";
import { describeSpawnFailure } from "./diagnose.ts";
import { gatherFacts } from "./facts.ts";
import { hasPassed, refusal } from "./foreign.ts";

/** What to run. */
export interface ChildOptions {
  /** Absolute path of the program; never searched in PATH. */
  readonly path: string;
  readonly args: readonly string[];
  /** Added to the host's environment; `undefined` takes a variable away. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The program's working directory. Default: the host's. */
  readonly cwd?: string | undefined;
  /** A command to run the program under, such as `["gdb", "--args"]`; its first word is searched in PATH. */
  readonly wrap?: readonly string[] | undefined;
  /** Open descriptors of the host that the program gets as 3, 4, … */
  readonly fds?: readonly number[] | undefined;
  /** How long, in ms, `closed` waits for the end of stdout after the exit. Default: 1000. */
  readonly drainTimeout?: number | undefined;
}

/** How the process ended: one of the two is set. */
export interface ExitReason {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a child tells. Nothing comes before `spawnChild` resolves, nothing after `closed`. */
export interface ChildListener {
  /** Bytes of its stdout. */
  data(chunk: Uint8Array): void;
  /** Bytes of its stderr. */
  stderr(chunk: Uint8Array): void;
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
  /** Ends its stdin, behind what was written. */
  end(): void;
  /** Sends a signal (default SIGTERM). `true` says that it was sent, not that it did anything: only SIGKILL ends a stopped process. */
  kill(signal?: NodeJS.Signals): boolean;
  /** Keeps Node alive: the process and all its pipes. How a child starts. */
  ref(): void;
  /** Lets Node end while the child runs. */
  unref(): void;
}

/** From the first spawn on. */
let execa: typeof import("execa").execa | undefined;

/**
 * Starts a process: from the second time on before it returns, and not only before it resolves. Rejects with a {@link SpawnError} that says what is wrong with the program.
 * It must be called with the listener ready: bytes come as soon as it resolves.
 */
export async function spawnChild(options: ChildOptions, listener: ChildListener): Promise<Child> {
  const { path, args, wrap = [], drainTimeout = 1000 } = options;
  if (wrap.length === 0 && !hasPassed(path)) await refuse(path);
  const [file = path, ...rest] = [...wrap, path, ...args];
  execa ??= (await import("execa")).execa;
  try {
    const subprocess = execa(file, rest, execaOptions(options));
    // Without a pid the promise holds the reason; else it is left alone, and the listeners are attached at once.
    if (subprocess.pid === undefined) throw (await subprocess).cause;
    return new RunningChild(subprocess, subprocess.pid, drainTimeout, listener);
  } catch (cause) {
    const facts = await gatherFacts(path, { cwd: options.cwd, wrap: wrap[0], error: cause });
    throw new SpawnError(describeSpawnFailure(facts), { path, cause });
  }
}

function execaOptions({ fds = [], env, cwd }: ChildOptions) {
  return {
    ...QUIET,
    // execa hands any number on to Node; its types end at 9.
    stdio: ["pipe", "pipe", "pipe", ...(fds as readonly 9[])],
    env: { ...env },
    ...(cwd === undefined ? {} : { cwd }),
  } as const;
}

/**
 * What keeps execa out of the way. `buffer: true` would collect output until Node aborts; `cleanup` and
 * `forceKillAfterDelay` are timers and exit handlers of its own, where `shutdown.ts` decides here.
 */
const QUIET = {
  buffer: false,
  reject: false,
  encoding: "buffer",
  cleanup: false,
  extendEnv: true,
  forceKillAfterDelay: false,
  stripFinalNewline: false,
  verbose: "none",
} as const;

async function refuse(path: string): Promise<void> {
  const message = await refusal(path);
  if (message !== undefined) throw new SpawnError(message, { path });
}

/** Without the end of stderr `closed` waits no longer than this (ms): only the end of stdout is worth more. */
const STDERR_GRACE = 100;

class RunningChild implements Child {
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #stdin: Writable & Reffable;
  readonly #outputs: readonly (Readable & Reffable)[];
  readonly #listener: ChildListener;
  readonly #drainTimeout: number;
  #open = 2;
  #stdoutOpen = true;
  #reason: ExitReason | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #held = true;

  constructor(process: ChildProcess, pid: number, drainTimeout: number, listener: ChildListener) {
    const { stdin, stdout, stderr } = process;
    if (stdin === null || stdout === null || stderr === null) throw new TypeError("the child has no pipes");
    this.pid = pid;
    this.#process = process;
    this.#stdin = stdin as Writable & Reffable;
    this.#outputs = [stdout, stderr] as (Readable & Reffable)[];
    this.#listener = listener;
    this.#drainTimeout = drainTimeout;
    this.#listenToInput();
    this.#listenToOutput(stdout, stderr);
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
    for (const handle of [this.#process, this.#stdin, ...this.#outputs, this.#timer]) handle?.[method]();
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

  #listenToOutput(stdout: Readable, stderr: Readable): void {
    stdout.on("data", (chunk: Uint8Array) => this.#listener.data(chunk));
    stderr.on("data", (chunk: Uint8Array) => this.#listener.stderr(chunk));
    for (const output of [stdout, stderr]) {
      // A pipe that breaks (ECONNRESET) is a pipe that ended: 'close' follows either way.
      output.on("error", () => {});
      output.once("close", () => this.#onOutputEnd(output === stdout));
    }
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

/** The pipes of a child are sockets, but @types/node knows them only as streams. */
interface Reffable {
  ref(): unknown;
  unref(): unknown;
}
