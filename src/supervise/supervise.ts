/**
 * `supervise`: checks the options, makes the supervisor and starts its children. The kinds of children are known here
 * alone: a path is a port, options are another supervisor, a function is whatever it starts.
 */
import type { Starter, StartSignals } from "./driver.ts";
import { Place } from "./place.ts";
import { startPort } from "./port-child.ts";
import { type Plan, planOf, type Spec, type SuperviseOptions } from "./spec.ts";
import { Supervisor } from "./supervisor.ts";

/**
 * Starts a supervisor and, one after the other, its children.
 *
 * @returns the supervisor, when all children are up
 * @throws TypeError, RangeError for a wrong option or spec, that name it; SupervisorError SUPERVISOR_START when a child
 *   fails to start, with its id and cause: those before it have been stopped then
 */
export async function supervise(options: SuperviseOptions = {}): Promise<Supervisor> {
  const supervisor = await startSupervisor(planOf(options), new Place());
  supervisor.once("gaveUp", ({ id, history }) => {
    if (supervisor.listenerCount("gaveUp") === 0) warn(id, history.at(-1)?.reason);
  });
  return supervisor;
}

async function startSupervisor(
  { newFlags, specs }: Plan,
  place: Place,
  signals?: StartSignals,
): Promise<Supervisor> {
  const flags = newFlags();
  const isDynamic = flags.strategy === "simple_one_for_one";
  const starter: Starter = (spec, told, args) => startChild(spec, place.below(spec.id), told, args);
  const supervisor = new Supervisor(flags, starter, isDynamic ? specs[0] : undefined, place);
  await supervisor.begin(isDynamic ? [] : specs, signals);
  return supervisor;
}

function startChild(spec: Spec, place: Place, signals: StartSignals, args: readonly unknown[]): unknown {
  const { start } = spec;
  if (typeof start === "function") {
    return (start as (...given: unknown[]) => unknown)(signals.ending, ...args);
  }
  // A port that is starting has nothing to lose: it is killed in either case.
  if ("path" in start) return startPort(spec.id, start, args, place.handle, signals.ending);
  if (args.length > 0) throw new TypeError("startChild takes no arguments for a model that is a supervisor");
  return startSupervisor(start, place, signals);
}

/** A tree that is gone is not to go unnoticed; OTP ends the whole node when it is the top one of an application. */
function warn(id: string, reason: string | undefined): void {
  const message = `the supervisor has ended: child ${JSON.stringify(id)} was restarted too often (last: ${reason})`;
  process.emitWarning(message, { type: "PortreeveWarning", code: "SUPERVISOR_GAVE_UP" });
}
