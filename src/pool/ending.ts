/** How a worker ended: all that a death, an event and an error say of it. */

import type { PortExitInfo } from "../errors.ts";
import type { ExitReason } from "../exit-reason.ts";
import type { CrashedProgram } from "../process/symbolize.ts";
import type { WorkerExit } from "./observer.ts";

export interface Ending extends ExitReason {
  readonly pid: number | undefined;
  /** ms that it was ready. */
  readonly uptime: number;
  /** Which worker, from 0. */
  readonly worker: number;
  /** The last of its stderr. */
  readonly stderr: string;
  /** What became of it, in words that follow "its worker". */
  readonly text: string;
  /** Why its port decided to end it; undefined when it ended by itself, or for what it did. */
  readonly decision: string | undefined;
  /** What it sent that cannot be understood. */
  readonly fault: Error | undefined;
  /** The function whose call was a frame that it could not read. */
  readonly unreadable: string | undefined;
  /** Casts that had not left this process when it ended. */
  readonly lostCasts: number;
  /** What it ran. */
  readonly program: CrashedProgram;
}

/** What the user is told of an end. @param unanswered calls that it had */
export function exitOf(
  { worker, pid, exitCode, signal, uptime, text }: Ending,
  unanswered: number,
): WorkerExit {
  return { worker, pid, exitCode, signal, reason: text, uptime, unanswered };
}

/** What an error about an end tells. */
export function exitInfoOf({ exitCode, signal, pid, uptime, stderr }: Ending): PortExitInfo {
  return { exitCode, signal, pid, uptime, stderr };
}
