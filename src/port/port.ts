/** A port as its user sees it: `open` starts the program, `call` and `cast` reach its functions, `close` ends it. */

import type { OpenOptions } from "../options/open.ts";
import type { Program } from "../options/program.ts";
import type { PortEmitter } from "./base.ts";
import { OpenPort } from "./open-port.ts";
import type { PortLike } from "./port-like.ts";
import type { UntypedFunctions } from "./typing.ts";

/**
 * A program and its workers. Made by {@link open}.
 * @typeParam F the program's functions, as an interface; without it names are not checked and results are `unknown`
 */
export interface Port<F = UntypedFunctions> extends PortLike<F>, PortEmitter {
  /** The path of the program that workers are started from: that of `open`, or of a `reload`. */
  readonly program: string;

  /**
   * Ends the port: no new calls, accepted ones may finish for `shutdown` ms, then the workers are ended by force and
   * what is left rejects with PortClosedError.
   * @returns when all workers are reaped; the same promise every time
   */
  close(): Promise<void>;

  /** Ends the port at once: its workers are killed, what was accepted rejects. @returns as {@link close} does */
  kill(): Promise<void>;

  /** `await using port = …` closes it at the end of the block. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a port program.
 * @typeParam F the program's functions, as an interface
 * @param program a path, relative to the current folder, or a `file:` URL; never searched in PATH. `{ package: import.meta.url }`:
 *   the program of the package around this file, wherever it is: see docs/shipping.md. `{ crate: "native" }`: that crate's, built
 *   first; for development. The time that this takes is not part of `startTimeout`
 * @returns when every worker is ready
 * @throws TypeError, RangeError for a wrong option; ResolveError (PORT_RESOLVE) when there is no program that may be started,
 *   BuildError (PORT_BUILD) of a crate; SpawnError (PORT_SPAWN), HandshakeError (PORT_HANDSHAKE) when the program cannot start
 *   or is no port program: nothing is left running then
 */
export function open<F = UntypedFunctions>(program: Program, options: OpenOptions = {}): Promise<Port<F>> {
  // What the functions are is the user's word.
  return OpenPort.open(program, options) as Promise<PortLike> as Promise<Port<F>>;
}
