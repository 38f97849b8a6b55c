/**
 * What `open` takes: the types, with what each option does, and the tables, with what it may be and its default. A new
 * option is added here, twice, and the compiler holds both to one type; docs/options.md is made of them by `npm run options`.
 */

import type { CodecOptions } from "../../codec/index.ts";
import { type BackoffOptions, defaultBackoff } from "../restart/backoff.ts";
import type { Limits } from "../wire/hello.ts";
import type { Handler, Handlers } from "../wire/served.ts";
import {
  anything,
  count,
  duration,
  flag,
  interval,
  nested,
  nestedOrFalse,
  number,
  objectOf,
  otherwise,
  signal,
  size,
  type Table,
  text,
  texts,
  words,
} from "./table.ts";

/** Levels of log messages, lowest first. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "off";

/**
 * Options of {@link open}. Times are in ms, sizes in bytes. They are read at `open`: what becomes of their lists and objects
 * later reaches no worker.
 */
export interface OpenOptions {
  /** Arguments of the program. Default: none. */
  readonly args?: readonly string[];
  /**
   * Added to the environment of the host, which the program inherits as a whole, passwords and tokens included;
   * `undefined` takes a variable out. Default: nothing.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * `false`: the program gets nothing of the host's environment, only what `env` names, and `PORTREEVE_BOX`, where its
   * black box lies. Then there is no `PATH` either, for the first word of `wrap` or a script's interpreter, unless `env`
   * has it. Default: `true`.
   */
  readonly extendEnv?: boolean;
  /** Where the program runs, relative to where the host is at `open`. Default: where the host is at `open`. */
  readonly cwd?: string;
  /** How the port is called in messages. Default: what the program says in its hello, before that its file's name. */
  readonly name?: string;
  /** A term for the program's `on_start`, encoded at `open` for every start of a worker. Default: `undefined`. */
  readonly start?: unknown;
  /** A command to run the program under (and, after a crash, the look-up of its functions' names), such as `["gdb", "--args"]`; its first word is searched in PATH. Default: none. */
  readonly wrap?: readonly string[];
  /** What the program may use, set by itself before `on_start`: memory, CPU seconds, open descriptors. Over the first two it ends, and the error says so. Default: no limits. */
  readonly limits?: Limits;
  /** What becomes of the program's stderr, line by line. The last 8 KiB go into errors in any case. Default: `"inherit"`, with the port's name before each line. */
  readonly stderr?: "inherit" | "ignore" | ((line: string) => void);
  /** The lowest level that the program sends to the `log` event. From `"warn"` on, what nobody listens to goes to stderr. Default: `"info"`. */
  readonly log?: LogLevel;
  /** Processes. One uses all cores; more of them confine a crash. Default: 1. */
  readonly workers?: number;
  /** Calls that a worker has and has not answered; the others wait in the queue. Default: 1024. */
  readonly maxInFlight?: number;
  /** Calls that wait for a worker; beyond it `OverloadedError`. Default: 65 536. */
  readonly maxQueue?: number;
  /** Bytes of the calls that wait; beyond it `OverloadedError`. Default: 64 MiB. */
  readonly maxQueueBytes?: number;
  /** Restarts within `period` that are survived, for each worker; beyond it calls reject with `RestartLimitError`, until a later attempt succeeds. Default: 3. */
  readonly maxRestarts?: number;
  /** The window in which restarts count together. Default: 5000. */
  readonly period?: number;
  /** Waits before restarts; the first is at once. Default: `{ initial: 100, factor: 2, max: 30_000, jitter: 0.2 }`. */
  readonly backoff?: Partial<BackoffOptions>;
  /** From the spawn to `ready`; `Infinity`: as long as it takes. Default: 10 000. */
  readonly startTimeout?: number;
  /** The `timeout` of calls that bring none of their own, from `call()` to the answer; 0 and `Infinity`: none. Default: none. */
  readonly callTimeout?: number;
  /** How long a function may ignore that its call was cancelled, before its worker is replaced; `Infinity`: for ever. Default: 1000. */
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
  /** How a frozen worker is found: no sign of life for `timeout`; `false`: not at all. Default: `{ interval: 5000, timeout: 15_000 }`. */
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
  /** Gives up a start that is under way: `open` rejects with the signal's reason, and nothing is left running. Later it means nothing. Default: none. */
  readonly signal?: AbortSignal;
  /** How terms are seen: see `portreeve/codec`. Default: the plain view. */
  readonly codec?: CodecOptions;
}

/** How a frozen worker is found: the option `heartbeat` of {@link open}. */
export interface Heartbeat {
  /** How often it is looked whether anything came from a worker; one of which nothing came is asked. Default: 5000. */
  readonly interval?: number;
  /** How long it may stay silent before it is ended. Default: 15 000. */
  readonly timeout?: number;
}

/** When a worker is replaced though nothing is wrong with it: the option `recycle` of {@link open}. */
export interface Recycle {
  /** Calls and casts that a worker is given at most: 1 gives each call a fresh process. The next one starts meanwhile. Default: no limit. */
  readonly maxCalls?: number;
  /** Time since it was ready. With several workers each is replaced up to a tenth earlier, so that not all are at once. Default: no limit. */
  readonly maxAge?: number;
  /** Resident memory (Linux), looked at once a second. Default: no limit. */
  readonly maxRss?: number;
}

/** Options of {@link Port.restart} and {@link Port.reload}. */
export interface ReplaceOptions {
  /** How long the calls of the old worker may go on beside its successor. Default: the option `drain` of {@link open}. */
  readonly drain?: number;
}

/** Waits before restarts, of a port's workers and of a supervisor's children. */
export const BACKOFF: Table<BackoffOptions> = {
  initial: otherwise(defaultBackoff.initial, interval(0)),
  factor: otherwise(defaultBackoff.factor, number(1)),
  max: otherwise(defaultBackoff.max, interval(0)),
  jitter: otherwise(defaultBackoff.jitter, number(0, 1)),
};

export const HEARTBEAT: Table<Heartbeat> = {
  interval: otherwise(5000, interval(1)),
  timeout: otherwise(15_000, interval(1)),
};

export const RECYCLE: Table<Recycle> = {
  maxCalls: count(1),
  maxAge: { ...interval(1), unit: "ms" },
  maxRss: size(1),
};

export const LIMITS: Table<Limits> = {
  memory: size(1),
  cpuSeconds: { ...count(1), unit: "s" },
  openFiles: count(1),
};

/** How many of anything may be counted. */
const MANY = 2 ** 30;
const MiB = 1024 * 1024;

/** The options of `open`. */
export const OPEN: Table<OpenOptions> = {
  args: otherwise([], texts),
  env: otherwise(
    {},
    objectOf("strings", (value) => value === undefined || typeof value === "string"),
  ),
  extendEnv: otherwise(true, flag),
  cwd: text,
  name: text,
  start: anything,
  wrap: { ...texts, takes: "a list of strings, a command first" },
  limits: nested<Limits>(LIMITS),
  stderr: otherwise("inherit", {
    takes: '"inherit", "ignore" or a function of lines',
    fits: (value) => typeof value === "function" || value === "inherit" || value === "ignore",
  }),
  log: otherwise("info", words("trace", "debug", "info", "warn", "error", "off")),
  workers: otherwise(1, count(1, 1024)),
  maxInFlight: otherwise(1024, count(1, 65_536)),
  maxQueue: otherwise(65_536, count(0, MANY)),
  maxQueueBytes: otherwise(64 * MiB, size(0)),
  maxRestarts: otherwise(3, count(0, MANY)),
  period: otherwise(5000, interval(1)),
  backoff: nested<Partial<BackoffOptions>>(BACKOFF),
  startTimeout: otherwise(10_000, duration(1)),
  callTimeout: otherwise(0, duration(0)),
  cancelGrace: otherwise(1000, duration(0)),
  shutdown: otherwise(5000, duration(0)),
  drain: otherwise(Number.POSITIVE_INFINITY, duration(0)),
  heartbeat: nestedOrFalse<Heartbeat>(HEARTBEAT, "{ interval, timeout } or false"),
  recycle: otherwise({}, nested<Recycle>(RECYCLE)),
  handlers: otherwise(
    {},
    objectOf("functions", (value): value is Handler => typeof value === "function"),
  ),
  maxFrameBytes: otherwise(64 * MiB, size(1024, 2 ** 32 - 1)),
  maxHeldBytes: size(1024),
  signal,
  codec: { takes: "an object", fits: (value) => typeof value === "object" && value !== null },
};

/** Options of {@link Port.restart} and {@link Port.reload}. */
export const REPLACE: Table<ReplaceOptions> = { drain: duration(0) };
