/**
 * The words between the engine (engine.ts), which decides, and the supervisor (supervisor.ts), which acts.
 */
import type { Backoff } from "../restart/backoff.ts";
import type { Intensity } from "../restart/intensity.ts";
import type { ExitReason } from "./child.ts";
import type { AutoShutdown, RestartType, Strategy } from "./strategy.ts";

/** What the engine needs of a child spec. */
export interface Supervised {
  readonly id: string;
  readonly restart: RestartType;
  readonly significant: boolean;
  readonly type: "worker" | "supervisor";
}

/** `restarting`: it is to be started again, but a start failed or the backoff is not over. */
export type Status = "running" | "restarting" | "stopped";

/** A child as the supervisor knows it. Only the engine writes to it. */
export interface Entry<S extends Supervised> {
  readonly spec: S;
  /** What `startChild` was given; dropped once a temporary child runs, for it is never started again. */
  args: readonly unknown[];
  status: Status;
  /** One number per start, as a pid is: an exit of an earlier life is never taken for one of this. 0: does not run. */
  pid: number;
  startedAt: number;
  /** The number of the wait that has to be over before it is started again, or 0. */
  ticket: number;
  readonly backoff: Backoff;
}

/** What is worth telling, and to whom it may concern. */
export type Report =
  | { readonly event: "exit"; readonly id: string; readonly reason: ExitReason }
  | { readonly event: "restart"; readonly id: string }
  | { readonly event: "startError"; readonly id: string; readonly error: unknown }
  | { readonly event: "gaveUp"; readonly id: string };

/** What is to be done. Only `start` has an answer. */
export type Command<S extends Supervised> =
  | { readonly do: "start"; readonly child: Entry<S>; readonly pid: number }
  /** Stop these, all at the same time, and wait until they are gone. */
  | { readonly do: "stop"; readonly children: readonly Entry<S>[] }
  /** Call `retry` after all events that are waiting already. */
  | { readonly do: "retry"; readonly child: Entry<S> }
  /** Call `due` with this ticket in so many ms. */
  | { readonly do: "wait"; readonly child: Entry<S>; readonly ticket: number; readonly ms: number }
  | { readonly do: "report"; readonly report: Report }
  /** All children are gone and the supervisor is over, with reason `shutdown`. */
  | { readonly do: "exit" };

/** How a start went. */
export type Answer = "started" | "ignore" | { readonly error: unknown };

/** One event being handled. */
export type Steps<S extends Supervised, T = void> = Generator<Command<S>, T, Answer | undefined>;

/** How the supervisor is to behave. */
export interface Flags {
  readonly strategy: Strategy;
  readonly autoShutdown: AutoShutdown;
  readonly intensity: Intensity;
  readonly newBackoff: () => Backoff;
  /** ms of a clock that never goes back. */
  readonly now: () => number;
}

/** `supervisor:count_children/1`. */
export interface Counts {
  /** Child specs; 1 with dynamic children. */
  readonly specs: number;
  /** Children that run. */
  readonly active: number;
  /** Children of type supervisor, running or not. */
  readonly supervisors: number;
  /** Children of type worker, running or not. */
  readonly workers: number;
}
