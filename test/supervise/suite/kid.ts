/**
 * Children for the cases of OTP's supervisor_SUITE: they do as they are told, and can be looked at from outside.
 */
import { setImmediate } from "node:timers/promises";
import { expect } from "vitest";
import type { Child, ExitReason } from "../../../src/supervise/child.ts";
import { SupervisorError } from "../../../src/supervise/error.ts";
import type { CustomSpec, SuperviseOptions } from "../../../src/supervise/spec.ts";
import { supervise } from "../../../src/supervise/supervise.ts";
import type { Supervisor } from "../../../src/supervise/supervisor.ts";

/** How a kid takes it when it is asked to end. */
export interface Manners {
  /** ms until it does; `"never"`: it does not care. Default: at once. */
  readonly stopTime?: number | "never";
  /** What it ends with then. Default: `"shutdown"`. */
  readonly stopReason?: ExitReason;
  /** Where it notes its id when it starts (`+id`) and when it ends (`-id`). */
  readonly log?: string[];
}

let pids = 0;

/** A child that runs until it is told to end. */
export class Kid implements Child {
  readonly pid = ++pids;
  readonly exited: Promise<ExitReason>;
  /** What it ended with, when it has. */
  ended: ExitReason | undefined;
  readonly args: readonly unknown[];
  readonly #id: string;
  readonly #manners: Manners;
  #resolve: (reason: ExitReason) => void = () => {};

  constructor(id: string, manners: Manners, args: readonly unknown[]) {
    this.#id = id;
    manners.log?.push(`+${id}`);
    this.#manners = manners;
    this.args = args;
    this.exited = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Ends by itself. */
  end(reason: ExitReason): void {
    if (this.ended !== undefined) return;
    this.ended = reason;
    this.#manners.log?.push(`-${this.#id}`);
    this.#resolve(reason);
  }

  stop(): void {
    const { stopTime = 0, stopReason = "shutdown" } = this.#manners;
    if (stopTime === 0) this.end(stopReason);
    else if (stopTime !== "never") setTimeout(() => this.end(stopReason), stopTime);
  }

  kill(): void {
    this.end(killed);
  }
}

export const killed: ExitReason = { error: "killed" };
export const died: ExitReason = { error: "died" };

/** What a start does: makes a kid (the default), is ignored, or fails. */
export type Outcome = "ok" | "ignore" | Error;

/** A spec of kids, and all kids that were made of it. */
export interface KidSpec extends CustomSpec {
  readonly kids: Kid[];
  /** How the next starts go, the last one for ever. Change it at any time. */
  readonly outcomes: Outcome[];
}

/** @param outcomes how the starts go, one after the other; the last one counts for all further ones */
export function kid(
  id: string,
  spec: Partial<CustomSpec> & Manners = {},
  outcomes: Outcome[] = ["ok"],
): KidSpec {
  const { stopTime = 0, stopReason = "shutdown", log = [], ...rest } = spec;
  const kids: Kid[] = [];
  const start = (_signal: AbortSignal, ...args: unknown[]) => {
    const outcome = (outcomes.length > 1 ? outcomes.shift() : outcomes[0]) ?? "ok";
    if (outcome === "ignore") return "ignore";
    if (outcome instanceof Error) throw outcome;
    const made = new Kid(id, { stopTime, stopReason, log }, args);
    kids.push(made);
    return made;
  };
  // Not enumerable: what a spec shows is options, and these are none.
  const notes = { kids: { value: kids }, outcomes: { value: outcomes, writable: true } };
  return Object.defineProperties({ id, start, ...rest }, notes) as KidSpec;
}

/** OTP's own pace: restarts are not put off. */
export const atOnce = { initial: 0 };

/** A supervisor at OTP's pace, with the flags that most cases have: 2 restarts in an hour. */
export async function start(options: SuperviseOptions = {}): Promise<Supervisor> {
  const supervisor = await supervise({ maxRestarts: 2, period: 3_600_000, backoff: atOnce, ...options });
  // Somebody who listens, or it would warn.
  return supervisor.on("gaveUp", () => {});
}

/** The kid that runs as this child. */
export function running(supervisor: Supervisor, id: string): Kid {
  const child = supervisor.children().find((info) => info.id === id)?.child;
  if (!(child instanceof Kid)) throw new Error(`${id} does not run`);
  return child;
}

/** Ends the kid that runs as this child, and waits until that has been dealt with. */
export async function terminate(supervisor: Supervisor, id: string, reason: ExitReason): Promise<Kid> {
  const kid = running(supervisor, id);
  kid.end(reason);
  await settled(supervisor);
  return kid;
}

/** Waits until all that has happened has been dealt with, and no restart is being tried again. */
export async function settled(supervisor: Supervisor): Promise<void> {
  do {
    await setImmediate();
    // Its answer comes when all that is in the mailbox before it has been handled.
    await expect(supervisor.stopChild("nobody")).rejects.toBeInstanceOf(SupervisorError);
  } while (supervisor.children().some(({ status }) => status === "restarting"));
}

/** Ids in start order, with `+` for those that run and `?` for those that are being restarted. */
export function which(supervisor: Supervisor): string {
  const marks = { running: "+", restarting: "?", stopped: "-" };
  return supervisor
    .children()
    .map(({ id, status }) => id + marks[status])
    .join(" ");
}

/** As the suite looks at them: specs, active, supervisors, workers. */
export function counts(supervisor: Supervisor): number[] {
  const { specs, active, supervisors, workers } = supervisor.counts();
  return [specs, active, supervisors, workers];
}

/** Whether it ends within the time that the test has; true when it has ended by itself. */
export async function hasEnded(supervisor: Supervisor): Promise<boolean> {
  await settled(supervisor);
  const ended = await Promise.race([supervisor.exited, setImmediate("runs")]);
  return ended !== "runs";
}

/** Expects a request to be refused with OTP's word. */
export async function refused(request: Promise<unknown>, word: string): Promise<void> {
  await expect(request).rejects.toMatchObject({ code: `SUPERVISOR_${word.toUpperCase()}` });
}
