/**
 * What a supervisor rejects with. A port's own errors (src/errors.ts) stay what they are and become the `cause`;
 * a wrong option or child spec is a TypeError or RangeError that names it (spec.ts).
 */

import { PortError } from "../errors.ts";
import { reasonOf } from "../reason.ts";

/**
 * The codes of a {@link SupervisorError}, with OTP's word where OTP answers `{error, Word}`:
 *
 * - `SUPERVISOR_START`: a child failed to start (`failed_to_start_child`); `cause` is what its start rejected with
 * - `SUPERVISOR_ALREADY_STARTED`, `SUPERVISOR_ALREADY_PRESENT`: there is such a child, running or not
 * - `SUPERVISOR_RUNNING`, `SUPERVISOR_RESTARTING`: not possible while the child runs, or is about to
 * - `SUPERVISOR_NOT_FOUND`: no child of that id
 * - `SUPERVISOR_SIMPLE_ONE_FOR_ONE`: not possible with dynamic children
 * - `SUPERVISOR_CLOSED`: the supervisor has ended, or is ending
 */
export type SupervisorErrorCode =
  | "SUPERVISOR_START"
  | "SUPERVISOR_ALREADY_STARTED"
  | "SUPERVISOR_ALREADY_PRESENT"
  | "SUPERVISOR_RUNNING"
  | "SUPERVISOR_RESTARTING"
  | "SUPERVISOR_NOT_FOUND"
  | "SUPERVISOR_SIMPLE_ONE_FOR_ONE"
  | "SUPERVISOR_CLOSED";

/** A request that a supervisor could not fulfil, or a start that failed. */
export class SupervisorError extends PortError {
  declare readonly code: SupervisorErrorCode;
  /** The id of the child that this is about. */
  readonly child: string | undefined;

  constructor(
    code: SupervisorErrorCode,
    message: string,
    info: { readonly child?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(code, message, { cause: info.cause });
    this.child = info.child;
  }
}

/** A request about a child that is not in the state for it. */
export function refusal(
  word: "ALREADY_STARTED" | "ALREADY_PRESENT" | "RUNNING" | "RESTARTING" | "NOT_FOUND",
  id: string,
  why: string,
): SupervisorError {
  return new SupervisorError(`SUPERVISOR_${word}`, `child ${JSON.stringify(id)} ${why}`, { child: id });
}

/** OTP's `{failed_to_start_child, Id, Reason}`. */
export function startError(id: string, cause: unknown): SupervisorError {
  const message = `child ${JSON.stringify(id)} could not be started: ${reasonOf(cause)}`;
  return new SupervisorError("SUPERVISOR_START", message, { child: id, cause });
}
