/**
 * One life of one child: its start, bounded when the supervisor is told to end meanwhile, and its stop as its spec says.
 * The supervisor (supervisor.ts) decides; this waits, asks and kills.
 */
import { reasonOf } from "../reason.ts";
import { clearTimeout, setTimeout } from "../timers.ts";
import { type Child, type ExitReason, exitOf, isChild, isNormal, type Started } from "./child.ts";
import type { Shutdown } from "./spec.ts";

/** How long a child may take to be gone after `kill`, in ms. In OTP a kill cannot fail; here it is the child's code. */
const killGrace = 5000;

/** How a stop went: the reason of the exit, and what went wrong on the way. */
export interface Ending {
  readonly reason: ExitReason;
  /** Goes on after "child x". */
  readonly problem?: string;
}

/** A child that was started. */
export class Live {
  readonly child: Child;
  /** Resolves when it has ended, for whatever reason; never rejects. */
  readonly ended: Promise<ExitReason>;
  #isOver = false;
  /** Resolves when it was killed, and is gone or given up. */
  readonly #killed: Promise<Ending>;
  #resolveKilled: (ending: Ending) => void = () => {};

  constructor(child: Child) {
    this.child = child;
    this.ended = exitOf(child).finally(() => {
      this.#isOver = true;
    });
    this.#killed = new Promise((resolve) => {
      this.#resolveKilled = resolve;
    });
  }

  /** Stops it and waits until it is gone; one that is gone already is left alone. A kill overtakes a stop. */
  async end(shutdown: Shutdown): Promise<Ending> {
    if (this.#isOver) return judge(await this.ended);
    if (shutdown === "brutal_kill") return this.#kill();
    const late = after(shutdown);
    const first = await Promise.race([this.ended.then(judge), this.#killed, this.#refusal(), late.over]);
    late.clear();
    if (first === undefined) return this.#kill(`did not end within ${shutdown} ms and was killed`);
    if (first instanceof Refusal)
      return this.#kill(`could not be stopped and was killed: ${reasonOf(first.error)}`);
    return first;
  }

  /** Asks it to end; settles only when that fails. */
  async #refusal(): Promise<Refusal> {
    try {
      await this.child.stop();
    } catch (error) {
      return new Refusal(error);
    }
    return new Promise(() => {});
  }

  /** @param problem why it is killed, unless it was to be killed anyway */
  async #kill(problem?: string): Promise<Ending> {
    let failure = "";
    (async () => this.child.kill())().catch((error: unknown) => {
      failure = `: ${reasonOf(error)}`;
    });
    const late = after(killGrace);
    const reason = await Promise.race([this.ended, late.over]);
    late.clear();
    const ending = killing(reason, problem, failure);
    this.#resolveKilled(ending);
    return ending;
  }
}

function killing(reason: ExitReason | undefined, problem: string | undefined, failure: string): Ending {
  const killed = { error: new Error("killed") };
  if (reason === undefined)
    return { reason: killed, problem: `is not gone ${killGrace} ms after its kill${failure}` };
  return problem === undefined ? { reason } : { reason: killed, problem };
}

class Refusal {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

function judge(reason: ExitReason): Ending {
  return isNormal(reason) ? { reason } : { reason, problem: "failed while it was stopped" };
}

/** When a start is to be given up. */
export interface Patience {
  /** From its abort on the start may take `grace` more. */
  readonly ending: AbortSignal;
  readonly grace: Shutdown;
  /** At its abort it is given up at once. */
  readonly killed: AbortSignal;
  /** For a start that can be killed: it is waited for, up to `grace` ms from then on. Without it nobody can say when it is gone. */
  readonly last?: { readonly kill: () => void; readonly grace: number } | undefined;
}

/** Why a start is given up. */
export function toldToEnd(): Error {
  return new Error("the supervisor was told to end before the child was up");
}

/**
 * Calls a start function. What comes up after it was given up is killed.
 * @throws what the start rejects with; a TypeError when it gives no child; an Error when it is given up
 */
export async function startLive(
  start: () => unknown,
  { ending, grace, killed, last }: Patience,
): Promise<Live | "ignore"> {
  const starting = (async () => checkStarted(await start()))();
  const late = afterAbort(ending, grace === "brutal_kill" ? 0 : grace);
  const end = afterAbort(killed, last?.grace ?? 0);
  const givenUp = late.over.then(() => {
    last?.kill();
    return last === undefined ? undefined : end.over;
  });
  const started = await Promise.race([starting, givenUp, end.over]).finally(() => {
    late.clear();
    end.clear();
  });
  if (started === "ignore") return "ignore";
  if (started !== undefined) return new Live(started);
  void killWhenUp(starting);
  throw toldToEnd();
}

function checkStarted(value: unknown): Started {
  if (value === "ignore" || isChild(value)) return value;
  throw new TypeError('start must give a child ({ exited, stop, kill }) or "ignore"');
}

/** For a start that was given up: nobody waits for it, and that it failed was told. */
async function killWhenUp(starting: Promise<Started>): Promise<void> {
  const started = await starting.catch(() => "ignore" as const);
  if (started !== "ignore") await new Live(started).end("brutal_kill");
}

interface Timer {
  readonly over: Promise<undefined>;
  readonly clear: () => void;
}

/** A timer as a promise; `"infinity"` is never over. */
function after(ms: number | "infinity"): Timer {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    if (ms !== "infinity") timer = setTimeout(resolve, ms, undefined);
  });
  return { over, clear: () => clearTimeout(timer) };
}

/** The same, counted from the moment of an abort. */
function afterAbort(signal: AbortSignal, ms: number | "infinity"): Timer {
  let timer: Timer | undefined;
  let onAbort = () => {};
  const over = new Promise<undefined>((resolve) => {
    onAbort = () => {
      timer = after(ms);
      timer.over.then(resolve);
    };
  });
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  const clear = () => {
    timer?.clear();
    signal.removeEventListener("abort", onAbort);
  };
  return { over, clear };
}
