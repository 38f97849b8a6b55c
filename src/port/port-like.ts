/**
 * What all ports have in common, whether they were opened, are kept by a supervisor, or are a mock: what code that uses a port
 * asks for.
 */

import type { PortStats } from "../metrics/stats.ts";
import type { ReplaceOptions } from "../options/open.ts";
import type { Program } from "../options/program.ts";
import type { Hello, PortFunction } from "../wire/hello.ts";
import type { PortEvents } from "./events.ts";
import type { AsMethod, BroadcastMethod, CallMethod, CastMethod, UntypedFunctions } from "./typing.ts";

/** A port of which it does not matter what functions it has: every {@link PortLike} is one. */
export interface AnyPort {
  /** What the program is called: the option `name`, or its own word; its file's name before it has said one. */
  readonly name: string;
  /** The functions that the program offers, as it described them. */
  readonly functions: readonly PortFunction[];
  /** The types that its functions speak of, by name. */
  readonly types: Hello["types"];
  /** Calls wait for a worker: `"drain"` is emitted when none does any more. */
  readonly needsDrain: boolean;

  /**
   * Replaces all workers, one after the other, without losing a call: each takes calls until its successor is ready, and
   * goes when the last of them has ended, unless `drain` bounds that. Several restarts and reloads are done one at a time,
   * in the order in which they were asked for. To a supervisor this is no restart.
   * @returns when every worker has a successor; the old ones may still be finishing calls
   * @throws SpawnError, HandshakeError; the workers that were not replaced yet go on. PortClosedError, RangeError
   */
  restart(options?: ReplaceOptions): Promise<void>;

  /**
   * Goes over to another program, or to a new build of the same, as {@link restart} does. Restarts by a supervisor start it, too.
   *
   * From the first worker of the new program that is ready on, it is the one that is started after a death, and what it
   * said of its functions holds for the whole port; calls may reach workers of the old one until all are replaced. When
   * none gets ready, nothing has changed. When only some do, reload again: the new program, or the old one.
   * @param program as for `open`
   * @throws as {@link restart}; ResolveError
   */
  reload(program: Program, options?: ReplaceOptions): Promise<void>;

  /** Numbers of this moment: calls, queues, workers. */
  stats(): PortStats;

  /** Listens to an event, as an EventEmitter does. */
  on<E extends keyof PortEvents>(event: E, listener: (...args: PortEvents[E]) => void): this;
  /** Listens to an event once. */
  once<E extends keyof PortEvents>(event: E, listener: (...args: PortEvents[E]) => void): this;
  /** Listens no longer. */
  off<E extends keyof PortEvents>(event: E, listener: (...args: PortEvents[E]) => void): this;
}

/**
 * A port, whoever keeps it: what `open` gives, what `supervisor.port(id)` gives, and what a mock in a test is.
 * @typeParam F the program's functions, as an interface; without it names are not checked and results are `unknown`
 */
export interface PortLike<F = UntypedFunctions> extends AnyPort {
  /**
   * Calls a function: `port.call(name, [arguments], options)`.
   *
   * The arguments are encoded at once and not borrowed: they may change as soon as this returns, byte arrays included. (While
   * a supervisor starts the port, the call waits, its `timeout` goes on, and its arguments are encoded when it runs.)
   * @returns the function's result. Never throws, rejects with:
   *   CallError (CALL_UNDEF, CALL_BADARG, CALL_ERROR, CALL_PANIC, CALL_STALE), CallTimeoutError, OverloadedError, PortExitError,
   *   PortClosedError, RestartLimitError, ProtocolError, EtfError for what ETF cannot hold, or the reason of `signal`; under a
   *   supervisor also with SupervisorError (SUPERVISOR_NOT_FOUND), when the port was deleted
   */
  readonly call: CallMethod<F>;

  /**
   * Sends a message to a function and forgets it: no answer, no error, at most once. Waits for no start.
   * @throws CallError (CALL_UNDEF, CALL_BADARG), OverloadedError, PortClosedError, RestartLimitError, EtfError
   */
  readonly cast: CastMethod<F>;

  /**
   * Calls a function on every worker: to warm up, or to tell them all something. Waits for no start.
   * @returns the results in the order of the workers; rejects with the first error when all have ended. A call that is
   *   lost with its worker is not sent again: it was meant for that one.
   */
  readonly broadcast: BroadcastMethod<F>;

  /**
   * The functions as methods that give promises: of a generated client, `port.as(Compute)`, or of an interface by hand,
   * `port.as<Compute>()`. The client says which functions there have to be; without it they are all that the program announced.
   * The options are those of every call of the view; `view.with(options)` gives another view.
   * @throws CallError (CALL_UNDEF) when the program lacks a function of the client; TypeError, RangeError for a wrong option
   */
  readonly as: AsMethod<F>;
}
