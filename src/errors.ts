/**
 * Everything that portreeve rejects or throws with, apart from `EtfError` (codec/).
 * Each class has one or a few stable codes; each can be built by hand, for tests of code that handles it.
 */

import { printableLines } from "./printable.ts";

/**
 * Whose fault it is, for a service that has to answer somebody: the caller's (what was asked cannot be done), the
 * function's (it was asked rightly and failed), or the service's (the program was not there for it, for now).
 */
export type Fault = "caller" | "function" | "service";

/** What a code means when nothing else is said. */
export interface CodeMeaning {
  readonly fault: Fault;
  /** Whether the function may have run. */
  readonly began: boolean;
}

/** All codes of a {@link PortError} but those of a supervisor, which are the service's and about no call. */
export const CODES = {
  PORT_RESOLVE: { fault: "service", began: false },
  PORT_SPAWN: { fault: "service", began: false },
  PORT_HANDSHAKE: { fault: "service", began: false },
  PORT_EXIT: { fault: "service", began: true },
  PORT_CLOSED: { fault: "service", began: false },
  PORT_RESTART_LIMIT: { fault: "service", began: false },
  PORT_PROTOCOL: { fault: "service", began: true },
  CALL_UNDEF: { fault: "caller", began: false },
  CALL_BADARG: { fault: "caller", began: false },
  CALL_ERROR: { fault: "function", began: true },
  CALL_PANIC: { fault: "function", began: true },
  CALL_STALE: { fault: "caller", began: false },
  CALL_TIMEOUT: { fault: "service", began: true },
  CALL_OVERLOADED: { fault: "service", began: false },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

const MEANINGS: Readonly<Record<string, CodeMeaning>> = CODES;
const ABOUT_NO_CALL: CodeMeaning = { fault: "service", began: false };

/** What a {@link PortError} is made of: all optional but the code. */
export interface PortErrorInfo {
  /** The name of the function whose call this is about. */
  readonly function?: string | undefined;
  /** Default: what the code means. */
  readonly fault?: Fault | undefined;
  /** Default: what the code means. */
  readonly began?: boolean | undefined;
  /** What led to it. */
  readonly cause?: unknown;
}

/**
 * The parent of all: `instanceof PortError` catches whatever a port can do to a call. Its message is fit for a terminal:
 * control characters in it, a program's or anybody's, are escaped, line feeds apart.
 */
export class PortError extends Error {
  /** Stable, fit for a `switch`: `PORT_…` is about the program, `CALL_…` about one call. */
  readonly code: string;
  /** The name of the function that was called, where the error belongs to a call. */
  declare readonly function: string | undefined;
  /** Whose fault it is: docs/errors.md has what follows from it. */
  readonly fault: Fault;
  /** `false`: the function never ran and will not, so the same call may be made again. `true`: it may have run. */
  readonly began: boolean;

  constructor(code: string, message: string, info: PortErrorInfo = {}) {
    super(printableLines(message), info.cause === undefined ? undefined : { cause: info.cause });
    Object.defineProperty(this, "name", { value: new.target.name, configurable: true, writable: true });
    this.code = code;
    setKnown(this, { function: info.function });
    const usual = MEANINGS[code] ?? ABOUT_NO_CALL;
    this.fault = info.fault ?? usual.fault;
    this.began = info.began ?? usual.began;
  }
}

/** Sets what is known: a printed error shows no line that says nothing. */
function setKnown(error: PortError, facts: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(facts)) {
    if (value !== undefined)
      Object.defineProperty(error, key, { value, enumerable: true, configurable: true });
  }
}

/** A place where a program was looked for. */
export interface Tried {
  /** A path, or the name of a variable of the environment. */
  readonly place: string;
  /** What was found there: `no such file`. */
  readonly found: string;
}

/** No program was found that may be started; the message has every place and what to do. `PORT_RESOLVE`. */
export class ResolveError extends PortError {
  /** Every place that was tried, in order. */
  readonly tried: readonly Tried[];
  constructor(message: string, info: PortErrorInfo & { readonly tried?: readonly Tried[] } = {}) {
    super("PORT_RESOLVE", message, info);
    this.tried = info.tried ?? [];
  }
}

/** The program could not be started: missing, not executable, for another machine, … `PORT_SPAWN`. */
export class SpawnError extends PortError {
  /** The path that was to be run, as it was resolved. */
  readonly path: string;
  constructor(message: string, info: PortErrorInfo & { readonly path: string }) {
    super("PORT_SPAWN", message, info);
    this.path = info.path;
  }
}

/** The program ran, but its opening was not that of a port program of a version that fits. `PORT_HANDSHAKE`. */
export class HandshakeError extends PortError {
  /** The last of what it wrote to stderr (8 KiB at most). */
  readonly stderr: string;
  constructor(message: string, info: PortErrorInfo & { readonly stderr?: string } = {}) {
    super("PORT_HANDSHAKE", message, info);
    this.stderr = info.stderr ?? "";
  }
}

/** Who brought a worker down, as far as it is known. */
export interface Culprit {
  readonly function: string;
  /** The signal that its thread took; undefined for a call that was stuck. */
  readonly signal: string | undefined;
  /** Of a fault, in hex. */
  readonly address: string | undefined;
  /** The thread used up its stack: an endless recursion, or a frame that is too large. Absent otherwise. */
  readonly isStackOverflow?: true;
  /**
   * Nothing crashed: the call was stuck (it ignored its cancel, or its worker was unresponsive), and this is what it was
   * doing when its worker was killed. Absent otherwise.
   */
  readonly isStuck?: true;
  /**
   * Where it was, innermost first: `name (file:line)`, or an address in hex where the program's file has changed since it
   * was started or does not name it. In the errors of other calls that were lost with a crash: addresses.
   */
  readonly backtrace: readonly string[];
}

/** How a worker ended, and what that means for this call. */
export interface PortExitInfo extends PortErrorInfo {
  /** The exit code, or `null` when a signal ended it. */
  readonly exitCode?: number | null;
  /** The signal's name (`"SIGSEGV"`), or `null` when it exited by itself. */
  readonly signal?: string | null;
  readonly pid?: number | undefined;
  /** For how long the worker had been ready when it ended, in ms. */
  readonly uptime?: number | undefined;
  /** The last of what it wrote to stderr (8 KiB at most). */
  readonly stderr?: string;
  readonly culprit?: Culprit | undefined;
  /** How often the call was sent to a worker. */
  readonly attempts?: number;
}

/** The worker that had this call ended before it answered. `PORT_EXIT`. */
export class PortExitError extends PortError {
  readonly exitCode: number | null;
  readonly signal: string | null;
  declare readonly pid: number | undefined;
  declare readonly uptime: number | undefined;
  readonly stderr: string;
  declare readonly culprit: Culprit | undefined;
  readonly attempts: number;
  constructor(message: string, info: PortExitInfo = {}) {
    super("PORT_EXIT", message, info);
    this.exitCode = info.exitCode ?? null;
    this.signal = info.signal ?? null;
    this.stderr = info.stderr ?? "";
    this.attempts = info.attempts ?? 1;
    setKnown(this, { pid: info.pid, uptime: info.uptime, culprit: info.culprit });
  }
}

/** The port was closed before the call was made, or before it could be answered. `PORT_CLOSED`. */
export class PortClosedError extends PortError {
  constructor(message: string, info: PortErrorInfo = {}) {
    super("PORT_CLOSED", message, info);
  }
}

/** One death of a worker, as a port remembers it. */
export interface Death {
  /** When, in ms since the epoch. */
  readonly at: number;
  /** What happened, in words: `"was killed by SIGSEGV"`. */
  readonly reason: string;
}

/** Workers died more often than `maxRestarts` in `period`: calls are rejected until one is up again. `PORT_RESTART_LIMIT`. */
export class RestartLimitError extends PortError {
  /** The deaths that led here, oldest first. */
  readonly history: readonly Death[];
  constructor(message: string, info: PortErrorInfo & { readonly history: readonly Death[] }) {
    super("PORT_RESTART_LIMIT", message, info);
    this.history = info.history;
  }
}

/** The other side broke the protocol: bytes that are no frame, or a frame that is no message. `PORT_PROTOCOL`. */
export class ProtocolError extends PortError {
  constructor(message: string, info: PortErrorInfo = {}) {
    super("PORT_PROTOCOL", message, info);
  }
}

/** Codes of a {@link CallError}. */
export type CallErrorCode = "CALL_UNDEF" | "CALL_BADARG" | "CALL_ERROR" | "CALL_PANIC" | "CALL_STALE";

/** Which argument, and what was wrong with it. */
export interface CallArgument {
  readonly index?: number | undefined;
  readonly name?: string | undefined;
  /** The place inside the argument: `claims.exp`, `[3].name`. */
  readonly path?: string | undefined;
  readonly expected?: string | undefined;
  readonly got?: string | undefined;
}

/** The function's own answer was an error: it does not exist, an argument was wrong, it failed or panicked. */
export class CallError extends PortError {
  declare readonly code: CallErrorCode;
  declare readonly argument: CallArgument | undefined;
  /** The error's own value, when its type says that it has one. */
  declare readonly data: unknown;
  /** `file:line` of a panic. */
  declare readonly location: string | undefined;
  constructor(
    code: CallErrorCode,
    message: string,
    info: PortErrorInfo & {
      readonly argument?: CallArgument | undefined;
      readonly data?: unknown;
      readonly location?: string | undefined;
    } = {},
  ) {
    super(code, message, info);
    setKnown(this, { argument: info.argument, data: info.data, location: info.location });
  }
}

/** No answer within the call's `timeout`. `CALL_TIMEOUT`. */
export class CallTimeoutError extends PortError {
  constructor(message: string, info: PortErrorInfo = {}) {
    super("CALL_TIMEOUT", message, info);
  }
}

/** Too many calls are waiting already: back off, or `await` the port's `"drain"`. `CALL_OVERLOADED`. */
export class OverloadedError extends PortError {
  constructor(message: string, info: PortErrorInfo = {}) {
    super("CALL_OVERLOADED", message, info);
  }
}
