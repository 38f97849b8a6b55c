/** How a process ended, in wait(2)'s terms. */

/** One of the two is set. */
export interface ExitReason {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}
