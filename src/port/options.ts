/**
 * What `open` takes, what is assumed where nothing is said, and the checks: a wrong option is a TypeError or RangeError
 * at once, that names the option and what it may be.
 */

import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Codec, type CodecOptions } from "../../codec/index.ts";
import type { Limits } from "../wire/opening.ts";
import type { Handlers } from "../wire/served.ts";
import { Backoff, type BackoffOptions } from "./backoff.ts";
import { Intensity } from "./intensity.ts";
import { checkShapes } from "./shape.ts";
import { hostFolder, snapshot } from "./snapshot.ts";

/** Levels of log messages, lowest first. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "off";

/**
 * Options of {@link open}. Times are in ms, sizes in bytes. They are read at `open`: what becomes of their lists and objects
 * later reaches no worker, but for the term `start`, which is encoded at each start.
 */
export interface OpenOptions {
  /** Arguments of the program. Default: none. */
  readonly args?: readonly string[];
  /** Added to the host's environment; `undefined` takes a variable out. Default: nothing. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where the program runs, relative to where the host is at `open`. Default: where the host is at `open`. */
  readonly cwd?: string;
  /** How the port is called in messages. Default: what the program says in its hello, before that its file's name. */
  readonly name?: string;
  /** A term for the program's `on_start`. Default: `undefined`. */
  readonly start?: unknown;
  /** A command to run the program under (and, after a crash, the look-up of its functions' names), such as `["gdb", "--args"]`; its first word is searched in PATH. */
  readonly wrap?: readonly string[];
  /** What the program takes from itself before `on_start`: address space, CPU seconds, open descriptors. Default: nothing. */
  readonly limits?: Limits;
  /** What becomes of the program's stderr, line by line. The last 8 KiB go into errors in any case. Default: `"inherit"`, with the port's name before each line. */
  readonly stderr?: "inherit" | "ignore" | ((line: string) => void);
  /** The lowest level that the program sends to the `log` event. From `"warn"` on, what nobody listens to goes to stderr. Default: `"info"`. */
  readonly log?: LogLevel;
  /** Processes. One uses all cores; more of them confine a crash. Default: 1. */
  readonly workers?: number;
  /** Calls that are written to a worker and not yet answered, 1 to 65 536. Default: 1024. */
  readonly maxInFlight?: number;
  /** Calls that wait for a worker; beyond it `OverloadedError`. Default: 65 536. */
  readonly maxQueue?: number;
  /** Bytes of the calls that wait; beyond it `OverloadedError`. Default: 64 MiB. */
  readonly maxQueueBytes?: number;
  /** Restarts within `period` that are survived, for each worker. Default: 3. */
  readonly maxRestarts?: number;
  /** Default: 5000. */
  readonly period?: number;
  /** Waits before restarts; the first is at once. Default: `{ initial: 100, factor: 2, max: 30_000, jitter: 0.2 }`. */
  readonly backoff?: Partial<BackoffOptions>;
  /** From the spawn to `ready`. Default: 10 000. */
  readonly startTimeout?: number;
  /** For calls that bring none of their own, from `call()` to the answer. Default: none. */
  readonly callTimeout?: number;
  /** How long a function may ignore that its call was cancelled, before its worker is replaced. Default: 1000. */
  readonly cancelGrace?: number;
  /**
   * How long accepted calls may go on after `close()`, and the other calls of a worker that goes because one of its calls
   * ignored its cancel; and how long a program that has nothing left to do may take to exit. Default: 5000.
   */
  readonly shutdown?: number;
  /**
   * How long the calls of a worker that is replaced with nothing wrong (`restart`, `reload`, `recycle`) may go on beside its
   * successor; they fail after that. Default: `Infinity`, as long as they take.
   */
  readonly drain?: number;
  /** How a frozen worker is found: no sign of life for `timeout`. Default: `{ interval: 5000, timeout: 15_000 }`. */
  readonly heartbeat?: Heartbeat | false;
  /**
   * Workers are replaced without losing a call: after so many calls, ms, or bytes of resident memory (Linux). A worker that
   * is due takes calls until its successor is ready, unless by `maxCalls`, and goes when its last call has ended (`drain`).
   * While as many as `workers` have not ended their calls, the next one waits. Default: never.
   */
  readonly recycle?: Recycle;
  /** Functions of the host that the program may call. Default: none. */
  readonly handlers?: Handlers;
  /** The largest frame that is taken from the program. Over 64 MiB the program takes as much, too, at most 2 GiB. Default: 64 MiB. */
  readonly maxFrameBytes?: number;
  /** What one worker may make this process hold: answers to its own calls that it does not read, calls of it that handlers have not answered, unfinished messages. Above it its output is not read; a worker that stays there and reads nothing for `heartbeat.timeout` (15 s without a heartbeat) is ended. Default: 4 times `maxFrameBytes`. */
  readonly maxHeldBytes?: number;
  /** Gives up a start that is under way: `open` rejects with the signal's reason, and nothing is left running. Later it means nothing. */
  readonly signal?: AbortSignal;
  /** How terms are seen: see `portreeve/codec`. Default: the plain view. */
  readonly codec?: CodecOptions;
}

export interface Heartbeat {
  /** How often a worker is asked, in ms. */
  readonly interval: number;
  /** How long it may stay silent, in ms. */
  readonly timeout: number;
}

export interface Recycle {
  /** Calls and casts that a worker is given at most: 1 gives each call a fresh process. The next one starts meanwhile. */
  readonly maxCalls?: number;
  /** ms since it was ready. With several workers each is replaced up to a tenth earlier, so that not all are at once. */
  readonly maxAge?: number;
  /** bytes of resident memory (Linux), looked at once a second */
  readonly maxRss?: number;
}

/** Options of {@link Port.restart} and {@link Port.reload}. */
export interface ReplaceOptions {
  /** ms: see the option `drain` of {@link open}, which is the default. */
  readonly drain?: number;
}

/** Options with all defaults in place. */
export interface Settings {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string | undefined;
  /** Where the host was at `open`. */
  readonly hostFolder: string | undefined;
  readonly name: string | undefined;
  readonly start: unknown;
  readonly wrap: readonly string[] | undefined;
  readonly limits: Limits | undefined;
  readonly stderr: "inherit" | "ignore" | ((line: string) => void);
  readonly log: LogLevel;
  readonly workers: number;
  readonly threads: number;
  readonly maxInFlight: number;
  readonly maxQueue: number;
  readonly maxQueueBytes: number;
  readonly maxRestarts: number;
  readonly period: number;
  readonly backoff: Partial<BackoffOptions>;
  readonly startTimeout: number;
  readonly callTimeout: number;
  readonly cancelGrace: number;
  readonly shutdown: number;
  readonly drain: number;
  readonly heartbeat: Heartbeat | undefined;
  readonly recycle: Recycle;
  readonly handlers: Handlers;
  readonly maxFrameBytes: number;
  readonly maxHeldBytes: number;
  readonly codec: Codec;
}

const LEVELS: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error", "off"];
/** The longest time that a timer of Node can wait, 2³¹ − 1 ms. */
const LONGEST = 2 ** 31 - 1;

/**
 * Checks the options and fills in what was left out.
 * @throws TypeError, RangeError that name the option
 */
export function settle(program: string | URL, given: OpenOptions): Settings {
  checkShapes(given);
  const options = snapshot(given);
  const workers = count("workers", options.workers, 1, 1, 1024);
  const maxRestarts = count("maxRestarts", options.maxRestarts, 3, 0, 1e9);
  const period = time("period", options.period, 5000, 1);
  const maxFrameBytes = count("maxFrameBytes", options.maxFrameBytes, 64 * 1024 * 1024, 1024, 2 ** 32 - 1);
  new Intensity(maxRestarts, period);
  new Backoff(options.backoff);
  return {
    path: programPath(program),
    args: options.args ?? [],
    env: options.env ?? {},
    cwd: options.cwd,
    hostFolder: hostFolder(),
    name: options.name,
    start: options.start,
    wrap: options.wrap,
    limits: limitsOf(options.limits),
    stderr: oneOf(
      "stderr",
      options.stderr,
      "inherit",
      (value) => typeof value === "function" || value === "inherit" || value === "ignore",
      '"inherit", "ignore" or a function of lines',
    ),
    log: oneOf(
      "log",
      options.log,
      "info",
      (value) => LEVELS.includes(value),
      LEVELS.map((level) => `"${level}"`).join(", "),
    ),
    workers,
    threads: Math.max(1, Math.floor(availableParallelism() / workers)),
    maxInFlight: count("maxInFlight", options.maxInFlight, 1024, 1, 65_536),
    maxQueue: count("maxQueue", options.maxQueue, 65_536, 0, 2 ** 30),
    maxQueueBytes: count(
      "maxQueueBytes",
      options.maxQueueBytes,
      64 * 1024 * 1024,
      0,
      Number.MAX_SAFE_INTEGER,
    ),
    maxRestarts,
    period,
    backoff: options.backoff ?? {},
    startTimeout: time("startTimeout", options.startTimeout, 10_000, 1),
    callTimeout: time("callTimeout", options.callTimeout, 0, 0),
    cancelGrace: time("cancelGrace", options.cancelGrace, 1000, 0),
    shutdown: time("shutdown", options.shutdown, 5000, 0),
    drain: options.drain === undefined ? Number.POSITIVE_INFINITY : drainOf(options.drain),
    heartbeat: heartbeatOf(options.heartbeat),
    recycle: recycleOf(options.recycle),
    handlers: options.handlers ?? {},
    maxFrameBytes,
    maxHeldBytes: count(
      "maxHeldBytes",
      options.maxHeldBytes,
      4 * maxFrameBytes,
      1024,
      Number.MAX_SAFE_INTEGER,
    ),
    codec: new Codec({
      ...(options.codec?.exact === true ? {} : { bytes: "bit_binary_always" }),
      ...options.codec,
    }),
  };
}

/** A path as it is given, relative to the current folder; PATH is never searched. @throws TypeError */
export function programPath(program: string | URL): string {
  if (program instanceof URL) return fileURLToPath(program);
  if (typeof program === "string" && program !== "") {
    return program.startsWith("file:") ? fileURLToPath(program) : resolve(program);
  }
  throw new TypeError(`a program is given by its path or a file: URL, not ${String(program)}`);
}

function heartbeatOf(heartbeat: Heartbeat | false | undefined): Heartbeat | undefined {
  if (heartbeat === false) return undefined;
  return {
    interval: time("heartbeat.interval", heartbeat?.interval, 5000, 1),
    timeout: time("heartbeat.timeout", heartbeat?.timeout, 15_000, 1),
  };
}

function recycleOf(recycle: Recycle = {}): Recycle {
  for (const key of ["maxCalls", "maxAge", "maxRss"] as const) {
    if (recycle[key] !== undefined) count(`recycle.${key}`, recycle[key], 1, 1, Number.MAX_SAFE_INTEGER);
  }
  return recycle;
}

function limitsOf(limits: Limits | undefined): Limits | undefined {
  for (const key of ["memory", "cpuSeconds", "openFiles"] as const) {
    if (limits?.[key] !== undefined) count(`limits.${key}`, limits[key], 1, 1, Number.MAX_SAFE_INTEGER);
  }
  return limits;
}

/** The option `drain`. @throws RangeError */
export function drainOf(ms: number): number {
  return ms === Number.POSITIVE_INFINITY ? ms : time("drain", ms, 0, 0);
}

/** A timeout, as options of `open` and of a call have it. */
export function time(name: string, value: number | undefined, fallback: number, least: number): number {
  const ms = value ?? fallback;
  if (typeof ms === "number" && ms >= least && ms <= LONGEST) return ms;
  throw new RangeError(`${name} must be a number of ms from ${least} to ${LONGEST}, and is ${String(value)}`);
}

function count(
  name: string,
  value: number | undefined,
  fallback: number,
  least: number,
  most: number,
): number {
  const number = value ?? fallback;
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new RangeError(`${name} must be a whole number from ${least} to ${most}, and is ${String(value)}`);
}

function oneOf<T>(
  name: string,
  value: T | undefined,
  fallback: T,
  fits: (value: T) => boolean,
  choices: string,
): T {
  const choice = value ?? fallback;
  if (fits(choice)) return choice;
  throw new TypeError(`${name} must be ${choices}, and is ${String(value)}`);
}
