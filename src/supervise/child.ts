/**
 * What a supervisor needs of a child, whatever the child is: a port (port-child.ts), a supervisor (supervisor.ts)
 * or anything of the user's. OTP has links and exit signals for this; here it is one promise and two methods.
 */
import { reasonOf } from "../reason.ts";

/**
 * Why a child ended, in OTP's words (Reference Manual, "Processes", "Exit reason").
 * `"normal"`, `"shutdown"` and `{ shutdown }` are normal exits: a transient child is not restarted after them.
 * `{ error }` is abnormal.
 */
export type ExitReason = "normal" | "shutdown" | { readonly shutdown: unknown } | { readonly error: unknown };

/** A child that runs. A user's own must do three things: say when it has ended, end when asked, end when told. */
export interface Child {
  /**
   * Settles when the child has ended, for whatever reason, and not before what it held is released.
   * Rejected: `{ error }` with that error. Resolved with an {@link ExitReason}: that. With anything else: `"normal"`.
   */
  readonly exited: PromiseLike<unknown>;
  /** Asks it to end in good order. It has its `shutdown` time for that. When this throws or rejects, it is killed. */
  stop(): unknown;
  /** Ends it now. Called when its time is over, or instead of `stop` with `shutdown: "brutal_kill"`. */
  kill(): unknown;
}

/** What a start function may give: a child that runs, or `"ignore"`: nothing to run, the supervisor goes on without it. */
export type Started = Child | "ignore";

/**
 * Starts a child; the supervisor waits for it before it starts the next one. Rejecting or throwing means that
 * the start failed. Two calls make two children, for it is called again at each restart.
 *
 * @param signal is aborted when the supervisor is told to end meanwhile: give up starting and reject
 * @param args what `startChild` was given, for a dynamic child; none otherwise
 */
export type StartFunction = (signal: AbortSignal, ...args: never[]) => Started | Promise<Started>;

/** Normal in the sense of restart: transient. */
export function isNormal(reason: ExitReason): boolean {
  return typeof reason === "string" || "shutdown" in reason;
}

/** The reason, in words that go on after "child x": `ended normally`, `failed: no such table`. */
export function describe(reason: ExitReason): string {
  if (reason === "normal") return "ended normally";
  if (reason === "shutdown") return "was shut down";
  if ("shutdown" in reason) return `was shut down: ${reasonOf(reason.shutdown)}`;
  return `failed: ${reasonOf(reason.error)}`;
}

/** Waits for the end of a child and gives its reason; never rejects. */
export async function exitOf(child: Child): Promise<ExitReason> {
  try {
    return exitReason(await child.exited);
  } catch (error) {
    return { error };
  }
}

/** A copy: what is read later cannot throw or say something else than now. */
function exitReason(value: unknown): ExitReason {
  if (value === "shutdown") return value;
  if (typeof value !== "object" || value === null) return "normal";
  if ("shutdown" in value) return { shutdown: value.shutdown };
  return "error" in value ? { error: value.error } : "normal";
}

/** Whether a start function gave what it must. */
export function isChild(value: unknown): value is Child {
  if (typeof value !== "object" || value === null) return false;
  const { exited, stop, kill } = value as Partial<Record<keyof Child, unknown>>;
  const waits = typeof (exited as Partial<PromiseLike<unknown>> | undefined)?.then === "function";
  return waits && typeof stop === "function" && typeof kill === "function";
}
