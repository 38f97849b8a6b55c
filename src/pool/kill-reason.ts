/**
 * Why a worker is ended by its port and not by itself, in words: which act, whose call, which option. Each text goes on
 * after "its worker". Pure.
 */

/** An end by our own hand. */
export interface KillReason {
  /** Goes on after "its worker". */
  readonly text: string;
  /** Why the port decided so; undefined when the program brought it about, so that a call of it can be to blame. */
  readonly decision: string | undefined;
  /** It is for a call that is stuck: what that one is doing is asked before. */
  readonly isStuck?: true;
}

/** Why a worker takes no more calls and goes. */
export type Retirement =
  /** A successor is there and nothing is wrong with this one. `drain`: ms for what it still has; Infinity for no bound. */
  | { readonly kind: "planned"; readonly why: string; readonly drain: number }
  /** A function went on after its call was cancelled; other calls have `shutdown` ms. */
  | { readonly kind: "ignored"; readonly function: string; readonly id: number; readonly shutdown: number };

/** ms that a retirement leaves for the calls that are there. */
export function timeOf(retirement: Retirement): number {
  return retirement.kind === "planned" ? retirement.drain : retirement.shutdown;
}

function decided(decision: string): KillReason {
  return { text: `was ended: ${decision}`, decision };
}

/** The program did what no port program does. */
export function misbehaved(text: string): KillReason {
  return { text, decision: undefined };
}

/** No sign of life came for so many ms. */
export function unresponsive(ms: number, timeout: number | undefined): KillReason {
  const text = `gave no sign of life for ${ms} ms (\`heartbeat.timeout\` is ${timeout} ms)`;
  return { ...misbehaved(text), isStuck: true };
}

/** `startTimeout` is over. */
export const notReady: KillReason = misbehaved("did not open in time");

/** Another worker took its place while it was starting. */
export const replacedWhileStarting: KillReason = decided("replaced before it was ready");

/** `Port.kill()`, an aborted `open`, or an `open` of which another worker failed. */
export const killedWithPort: KillReason = decided("its port was killed");

/** `Port.close()`, and the calls were not done in time. */
export function closedOver(shutdown: number): KillReason {
  return decided(`its port was closed; \`shutdown\` is ${shutdown} ms`);
}

/** A retirement whose time is over. */
export function retiredTooLong(retirement: Retirement): KillReason {
  if (retirement.kind === "planned")
    return decided(`retired because it ${retirement.why}; \`drain\` is ${retirement.drain} ms`);
  return ignoredCancel(retirement.function, `\`shutdown\` is ${retirement.shutdown} ms`);
}

/** Nobody waits for anything of a worker that has to go. */
export function nobodyWaits(name: string): KillReason {
  return ignoredCancel(name, "nobody waited for another of its calls");
}

/** More workers have to go than a port has: the first of them goes at once. */
export function crowdedOut(name: string): KillReason {
  return ignoredCancel(name, "as many as `workers` did that, and one more had to go");
}

/** It has answered all that it had, was told to stop, and runs on. */
export function outlivedStop(shutdown: number): KillReason {
  return misbehaved(`had nothing left to do and did not exit; \`shutdown\` is ${shutdown} ms`);
}

function ignoredCancel(name: string, why: string): KillReason {
  return { ...decided(`retired because \`${name}\` ignored its cancel; ${why}`), isStuck: true };
}
