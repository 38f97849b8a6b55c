/**
 * How a child is ended: `stop` was sent to it, and here is the time that it has left.
 *
 * Only SIGKILL is ever sent: the program ignores SIGTERM under a host (a container sends it to the whole group while
 * the host still needs its workers), and a stopped process (SIGSTOP) keeps every other signal pending.
 * That `kill` returned `true` means nothing; a process has ended when its `exit` was told.
 *
 * Where no one ends a child, because the host itself ends, nothing is to be done: its pipes are closed with it,
 * and the program ends by the end of its input. Neither a handler of 'exit' nor a timer stands in the way of that.
 */
import { clearTimeout, setTimeout } from "../timers.ts";
import type { Child } from "./child.ts";

/** setTimeout fires at once over this (2^31 - 1 ms, 24.8 days). */
const LONGEST_TIMER = 0x7fffffff;

/** The time that a child has left. */
export interface Deadline {
  /** It ended: no more is to be done. */
  clear(): void;
}

export interface KillAfterOptions {
  /**
   * Whether Node stays alive for it. Default: true, so that a host that has closed its ports does not end before they
   * did. A worker that is replaced while the host idles needs none: with the host its pipes close, and it ends.
   */
  readonly hold?: boolean;
  /** Told right before the signal is sent. */
  readonly onKill?: () => void;
}

/**
 * Kills `child` with SIGKILL unless the deadline is cleared within `ms`.
 * @param ms 0: at once; `Infinity`: never
 */
export function killAfter(
  child: Pick<Child, "kill" | "ref">,
  ms: number,
  options: KillAfterOptions = {},
): Deadline {
  const { hold = true, onKill } = options;
  if (hold) child.ref();
  const kill = () => {
    onKill?.();
    child.kill("SIGKILL");
  };
  if (ms === Number.POSITIVE_INFINITY) return { clear() {} };
  if (ms > 0) return startTimer(kill, ms, hold);
  kill();
  return { clear() {} };
}

function startTimer(kill: () => void, ms: number, hold: boolean): Deadline {
  const timer = setTimeout(kill, Math.min(ms, LONGEST_TIMER));
  if (!hold) timer.unref();
  return { clear: () => clearTimeout(timer) };
}
