/** What happens to workers from outside, while they have calls. */
import type { Port } from "portreeve";
import type { Random } from "./random.ts";

interface Accident {
  readonly weight: number;
  readonly name: string;
  /** @param pid of the worker that it happens to */
  happen(port: Port, pid: number, random: Random): void;
}

const ACCIDENTS: readonly Accident[] = [
  { weight: 10, name: "SIGKILL", happen: (_, pid) => send(pid, "SIGKILL") },
  { weight: 2, name: "SIGSTOP", happen: (_, pid) => send(pid, "SIGSTOP") },
  {
    weight: 4,
    name: "SIGSTOP and SIGCONT",
    happen: (_, pid, random) => {
      send(pid, "SIGSTOP");
      setTimeout(() => send(pid, "SIGCONT"), random.below(200)).unref();
    },
  },
  { weight: 2, name: "SIGTERM", happen: (_, pid) => send(pid, "SIGTERM") },
  {
    weight: 1,
    name: "rolling restart",
    // A successor that is killed before it is ready is that call's error, and the former worker goes on.
    happen: (port) => void port.restart().catch(() => {}),
  },
];

/** Lets something happen to one of the workers. @returns what */
export function accident(random: Random, port: Port): string {
  const { name, happen } = random.weighted(ACCIDENTS);
  const index = random.below(port.stats().workers.length);
  const { pid } = port.stats().workers[index] ?? {};
  if (pid !== undefined) happen(port, pid, random);
  return name;
}

/** A process that is gone already cannot be hurt. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
