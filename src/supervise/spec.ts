/**
 * What `supervise` and `startChild` take, what is assumed where nothing is said, and the checks. The words are OTP's
 * (supervisor, "Supervisor flags" and "Child specification").
 */

import { OPEN, type OpenOptions } from "../options/open.ts";
import { isSought, type Program } from "../options/program.ts";
import { type Settings, settle } from "../options/settings.ts";
import {
  checkOptions,
  checkValue,
  flag,
  id,
  interval,
  isUrl,
  LONGEST_TIMER,
  otherwise,
  type Table,
  words,
} from "../options/table.ts";
import { Backoff, type BackoffOptions } from "../restart/backoff.ts";
import { Intensity } from "../restart/intensity.ts";
import { monotonic } from "../timers.ts";
import type { StartFunction } from "./child.ts";
import type { Flags, Supervised } from "./command.ts";
import type { AutoShutdown, RestartType, Strategy } from "./strategy.ts";

/**
 * How a child is stopped: asked, and killed after so many ms; killed at once; or asked, and waited for as long as
 * it takes. 0 ms leaves it no time to speak of.
 */
export type Shutdown = number | "brutal_kill" | "infinity";

/** What all child specs have in common. */
interface ChildSpecBase {
  /** Names it among the children of its supervisor; not empty. */
  readonly id: string;
  /** Whether it is started again when it ends: always, after an abnormal exit, never. Default: `"permanent"`. */
  readonly restart?: RestartType;
  /** How it is stopped: asked, and killed after so many ms; killed at once; asked, and waited for as long as it takes. Default: 5000; `"infinity"` for a supervisor, so that it has time for its own children. */
  readonly shutdown?: Shutdown;
  /** Whether its own end counts for `autoShutdown`. Not for permanent children. Default: `false`. */
  readonly significant?: boolean;
  /** What `counts()` counts it as. Default: `"supervisor"` for options of `supervise`, else `"worker"`. */
  readonly type?: "worker" | "supervisor";
}

/** A port program as a child. It ends when its port gives up: see `maxRestarts` of `open`. */
export interface PortSpec extends ChildSpecBase {
  /** A port: its program's path, file: URL, `{ package }` or `{ crate }`, as in `open`. */
  readonly start: Program;
  /** The options of `open`, for a port; `shutdown` is the child's, unless it is given here. Default: none. */
  readonly options?: OpenOptions;
}

/** Another supervisor as a child. It ends when it gives up, or by `autoShutdown`. */
export interface SupervisorSpec extends ChildSpecBase {
  /** A supervisor: its options. */
  readonly start: SuperviseOptions;
}

/** Anything else as a child: see {@link StartFunction}. */
export interface CustomSpec extends ChildSpecBase {
  /** Anything else: a function that starts it. */
  readonly start: StartFunction;
}

export type ChildSpec = PortSpec | SupervisorSpec | CustomSpec;

/** The options of `supervise`. Times are in ms. */
export interface SuperviseOptions {
  /** Which children are restarted with one that has to be. Default: `"one_for_one"`. */
  readonly strategy?: Strategy;
  /** Restarts within `period` that are survived (OTP: intensity). The next one ends the supervisor. Default: 3. */
  readonly maxRestarts?: number;
  /** The window in which restarts count together. Default: 5000. */
  readonly period?: number;
  /** Waits before restarts; the first of a child is at once. Default: `{ initial: 100, factor: 2, max: 30_000, jitter: 0.2 }`. */
  readonly backoff?: Partial<BackoffOptions>;
  /** Whether it ends when any, or the last, significant child has ended by itself. Default: `"never"`. */
  readonly autoShutdown?: AutoShutdown;
  /** Started in this order, stopped in the reverse one. With `"simple_one_for_one"` exactly one: the model of all. Default: none. */
  readonly children?: readonly ChildSpec[];
}

/** A child spec, checked, with all defaults in place. */
export interface Spec extends Supervised {
  readonly start: Start;
  readonly shutdown: Shutdown;
}

/** What a child is started from, as it was when its spec was given: a port, a supervisor, or the user's own. */
export type Start = Settings | Plan | StartFunction;

/** A supervisor to be started. */
export interface Plan {
  /** Each start counts anew. */
  readonly newFlags: () => Flags;
  readonly specs: readonly Spec[];
}

/** The options of `supervise`. */
export const SUPERVISE: Table<SuperviseOptions> = {
  strategy: otherwise(
    "one_for_one",
    words("one_for_one", "one_for_all", "rest_for_one", "simple_one_for_one"),
  ),
  maxRestarts: OPEN.maxRestarts,
  period: OPEN.period,
  backoff: OPEN.backoff,
  autoShutdown: otherwise("never", words("never", "any_significant", "all_significant")),
  children: otherwise([], { takes: "a list", fits: Array.isArray }),
};

/** A child spec, of whatever kind. */
export const CHILD: Table<PortSpec> = {
  id,
  start: {
    takes: "a path or file: URL, { package }, { crate }, a function, or options of supervise",
    fits: (value) =>
      typeof value === "object" ? value !== null : typeof value === "function" || isPath(value),
  },
  restart: otherwise("permanent", words("permanent", "transient", "temporary")),
  shutdown: {
    takes: `"brutal_kill", "infinity" or a number of ms from 0 to ${LONGEST_TIMER}`,
    fits: (value) => value === "brutal_kill" || value === "infinity" || interval(0).fits(value),
    unit: "ms",
  },
  significant: otherwise(false, flag),
  type: words("worker", "supervisor"),
  options: {
    takes: "an object of options of open",
    fits: (value) => typeof value === "object" && value !== null,
  },
};

function isPath(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

/**
 * Checks the options of `supervise`, those of nested supervisors too, and keeps them as they are now: restarts go by them.
 * @throws TypeError, RangeError that name the option; EtfError for a `start` of a port that ETF cannot hold
 */
export function planOf(options: SuperviseOptions, path = ""): Plan {
  const newFlags = flagsOf(options, path);
  return { newFlags, specs: specsOf(options, path === "" ? "children" : `${path}.children`) };
}

function flagsOf(options: SuperviseOptions, path: string): () => Flags {
  checkOptions(path === "" ? "supervise()" : path, path === "" ? "" : `${path}.`, SUPERVISE, options);
  const {
    strategy = "one_for_one",
    autoShutdown = "never",
    maxRestarts = 3,
    period = 5000,
    backoff,
  } = options;
  const waits = { ...backoff };
  return () => {
    const intensity = new Intensity(maxRestarts, period);
    return { strategy, autoShutdown, intensity, newBackoff: () => new Backoff(waits), now: monotonic };
  };
}

/** Checks the first children; `"simple_one_for_one"` has exactly one, the model of all others. */
function specsOf(options: SuperviseOptions, path: string): readonly Spec[] {
  const { children = [], strategy, autoShutdown = "never" } = options;
  if (strategy === "simple_one_for_one" && children.length !== 1) {
    const need = `${path} must hold exactly one child with "simple_one_for_one", the model of all`;
    throw new TypeError(`${need}, and holds ${children.length}`);
  }
  const specs = children.map((child, index) => specOf(child, autoShutdown, `${path}[${index}]`));
  for (const [index, { id }] of specs.entries()) {
    const first = specs.findIndex((other) => other.id === id);
    if (first !== index)
      throw new TypeError(`${path}[${index}].id is ${JSON.stringify(id)}, as that of ${path}[${first}]`);
  }
  return specs;
}

/**
 * Checks one child spec.
 * @param path what the spec is called in errors
 */
export function specOf(child: ChildSpec, autoShutdown: AutoShutdown, path: string): Spec {
  checkValue(
    path,
    { takes: "an object", fits: (value) => typeof value === "object" && value !== null },
    child,
  );
  checkOptions(path, `${path}.`, CHILD, child);
  const { start, restart = "permanent", significant = false } = child;
  for (const name of ["id", "start"] as const) checkValue(`${path}.${name}`, CHILD[name], child[name]);
  const isNested = isPlan(start);
  const { type = isNested ? "supervisor" : "worker" } = child;
  const { shutdown = type === "supervisor" ? "infinity" : 5000 } = child;
  if (significant) checkSignificant(restart, autoShutdown, path);
  const options = "options" in child ? (child.options ?? {}) : {};
  checkOptions(`${path}.options`, `${path}.options.`, OPEN, options);
  const { id } = child;
  return {
    id,
    start: startOf(start, `${path}.start`, shutdown, options),
    restart,
    significant,
    type,
    shutdown,
  };
}

function startOf(start: ChildSpec["start"], path: string, shutdown: Shutdown, options: OpenOptions): Start {
  if (typeof start === "function") return start;
  if (isPlan(start)) return planOf(start, path);
  return settle(start, { shutdown: shutdownTime(shutdown), ...options });
}

/** Whether it starts a supervisor. */
function isPlan(start: ChildSpec["start"]): start is SuperviseOptions {
  return typeof start === "object" && !isUrl(start) && !isSought(start);
}

function shutdownTime(shutdown: Shutdown): number {
  if (shutdown === "brutal_kill") return 0;
  return shutdown === "infinity" ? Number.POSITIVE_INFINITY : shutdown;
}

/** OTP's `bad_combination`. */
function checkSignificant(restart: RestartType, autoShutdown: AutoShutdown, path: string): void {
  if (autoShutdown === "never") {
    throw new TypeError(`${path}.significant has no meaning while autoShutdown is "never"`);
  }
  if (restart === "permanent") {
    throw new TypeError(
      `${path}.significant has no meaning for a permanent child: its end is never the last`,
    );
  }
}
