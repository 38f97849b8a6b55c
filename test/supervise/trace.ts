/**
 * Random histories of a supervisor, as data: the oracle test runs each one through the engine and through OTP.
 * `erlang` writes them as the terms that oracle.escript reads.
 */
import type { AutoShutdown, RestartType, Strategy } from "../../src/supervise/strategy.ts";

/** How a start goes; after the end of a child's script all go well. */
export type Outcome = "ok" | "error" | "throw" | "junk" | "ignore";

/** Why a child ends by itself; `shutdown_term` is OTP's `{shutdown, Term}`. */
export type Reason = "normal" | "shutdown" | "shutdown_term" | "abnormal";

export type Op =
  | ["exit", string, Reason]
  | ["start_child", string, RestartType, boolean]
  | ["start_dynamic", string]
  | ["stop_child" | "stop_dynamic" | "restart_child" | "delete_child", string];

export interface TraceChild {
  readonly id: string;
  /** `later`: not one of the first children, but perhaps one of `start_child`. */
  readonly restart: RestartType | "later";
  readonly significant: boolean;
  readonly script: readonly Outcome[];
}

export interface Trace {
  readonly seed: number;
  readonly strategy: Strategy;
  readonly intensity: number;
  readonly autoShutdown: AutoShutdown;
  readonly children: readonly TraceChild[];
  /** Each batch is in the mailbox at once, in this order: exits in one batch are simultaneous crashes. */
  readonly batches: readonly (readonly Op[])[];
}

/** Numbers in [0, 1) that only depend on the seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

class Dice {
  readonly #random: () => number;
  constructor(seed: number) {
    this.#random = randomOf(seed);
  }
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
  chance(part: number): boolean {
    return this.#random() < part;
  }
  pick<T>(first: T, ...rest: T[]): T {
    return [first, ...rest][this.below(rest.length + 1)] ?? first;
  }
}

const strategies = ["one_for_one", "one_for_all", "rest_for_one", "simple_one_for_one"] as const;
const ids = ["a", "b", "c", "d", "e", "f"];

export function traceOf(seed: number): Trace {
  const dice = new Dice(seed);
  const strategy = dice.pick<Strategy>(...strategies);
  const autoShutdown = dice.pick<AutoShutdown>("never", "never", "any_significant", "all_significant");
  const common = { seed, strategy, intensity: dice.below(9), autoShutdown };
  const length = 1 + dice.below(8);
  if (strategy !== "simple_one_for_one") {
    const children = fixedChildren(dice, autoShutdown);
    return { ...common, children, batches: Array.from({ length }, () => fixedBatch(dice, autoShutdown)) };
  }
  const made: string[] = [];
  const batches = Array.from({ length }, () => dynamicBatch(dice, made));
  return { ...common, children: dynamicChildren(dice, autoShutdown, made.length), batches };
}

function fixedChildren(dice: Dice, autoShutdown: AutoShutdown): TraceChild[] {
  const count = dice.below(ids.length + 1);
  return ids.map((id, index) => ({
    id,
    ...(index < count ? kind(dice, autoShutdown) : { restart: "later", significant: false }),
    script: script(dice, index < count),
  }));
}

/**
 * The template, and the scripts of the children that may be made of it: `d0`, `d1`, … None is ignored when it is
 * restarted: older OTPs (25 is one) keep a child without a pid then, newer ones and this one forget it.
 */
function dynamicChildren(dice: Dice, autoShutdown: AutoShutdown, count: number): TraceChild[] {
  const template: TraceChild = { id: "dynamic", ...kind(dice, autoShutdown), script: [] };
  const made = Array.from({ length: count }, (_, index) => ({
    id: `d${index}`,
    restart: "later" as const,
    significant: false,
    script: script(dice, false).map((outcome, at) => (outcome === "ignore" && at > 0 ? "ok" : outcome)),
  }));
  return [template, ...made];
}

function kind(dice: Dice, autoShutdown: AutoShutdown): { restart: RestartType; significant: boolean } {
  const restart = dice.pick<RestartType>("permanent", "permanent", "transient", "transient", "temporary");
  return { restart, significant: autoShutdown !== "never" && restart !== "permanent" && dice.chance(0.4) };
}

/** Mostly good starts; the first one of a first child fails rarely, or few supervisors would come up. */
function script(dice: Dice, first: boolean): Outcome[] {
  return Array.from({ length: dice.below(12) }, (_, index) => {
    if (dice.chance(first && index === 0 ? 0.97 : 0.6)) return "ok";
    return dice.pick<Outcome>("error", "error", "throw", "junk", "ignore");
  });
}

function exitOp(dice: Dice, id: string): Op {
  return ["exit", id, dice.pick<Reason>("normal", "shutdown", "shutdown_term", "abnormal", "abnormal")];
}

function fixedBatch(dice: Dice, autoShutdown: AutoShutdown): Op[] {
  return Array.from({ length: 1 + dice.below(4) }, () => {
    const id = dice.pick("a", ...ids);
    if (dice.chance(0.6)) return exitOp(dice, id);
    const { restart, significant } = kind(dice, autoShutdown);
    return dice.pick<Op>(
      ["start_child", id, restart, significant],
      ["stop_child", id],
      ["restart_child", id],
      ["delete_child", id],
    );
  });
}

/**
 * OTP names a dynamic child by its pid, which a restart changes; here its id stays. So that both mean the same child,
 * a batch that stops one holds nothing else.
 */
function dynamicBatch(dice: Dice, made: string[]): Op[] {
  const any = () => `d${dice.below(made.length + 1)}`;
  if (dice.chance(0.15)) return [["stop_dynamic", any()]];
  return Array.from({ length: 1 + dice.below(4) }, () => {
    if (dice.chance(0.5)) return exitOp(dice, any());
    const id = `d${made.length}`;
    made.push(id);
    return ["start_dynamic", id];
  });
}

/** The trace as an Erlang term, with a number to find its line by. */
export function erlang(trace: Trace, number: number): string {
  const children = trace.children.map(
    ({ id, restart, significant, script }) => `{${id},${restart},${significant},[${script.join(",")}]}`,
  );
  const batches = trace.batches.map((batch) => `[${batch.map((op) => `{${op.join(",")}}`).join(",")}]`);
  const flags = `#{strategy => ${trace.strategy}, intensity => ${trace.intensity}, auto_shutdown => ${trace.autoShutdown}}`;
  return `{${number},${flags},[${children.join(",")}],[${batches.join(",")}]}.`;
}
