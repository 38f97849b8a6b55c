/** What is measured of portreeve alone: short calls beside long ones, and what it holds in memory. */

import { availableParallelism } from "node:os";
import type { Host } from "../host/host.ts";
import type { Resident } from "../host/orders.ts";
import { type ProgramName, programPath } from "../programs.ts";
import type { Footprint, ShortCalls } from "../results.ts";
import { PORTREEVE } from "./lives.ts";
import { Party, type Run } from "./party.ts";

const MILLION = 1_000_000;
/** ms that a million calls may take beyond the usual patience. */
const MILLION_MS = 60_000;

/** In a new host of its own: what earlier loads left behind would be seen. */
async function withPortreeve<T>(run: Run, act: (host: Host) => Promise<T>): Promise<T> {
  const party = new Party(run);
  const { host } = await party.open(PORTREEVE);
  try {
    return await act(host);
  } finally {
    await party.close(host);
  }
}

/** `ms` in all, half of them idle. */
export function measureShortCalls(run: Run, ms: number): Promise<ShortCalls> {
  return withPortreeve(run, (host) => host.ask("shortCalls", { ms, busy: availableParallelism() }, 2 * ms));
}

export async function measureFootprint(run: Run): Promise<Footprint> {
  const idle = await withPortreeve(run, async (host) => {
    const bytes = async (name: ProgramName, port: boolean) =>
      (await host.ask("idleProgram", { path: programPath(name), port })).bytes;
    return {
      oneFunctionWorker: await bytes("oneFunction", true),
      computeWorker: await bytes("compute", true),
      emptyProgram: await bytes("echo", false),
    };
  });
  run.progress("a million calls", 0.2);
  const millionCalls = await withPortreeve(run, async (host) => {
    const calls = (count: number) => host.ask("manyCalls", { calls: count }, MILLION_MS);
    // The first million sizes V8's young generation; what a second one adds would be a leak.
    const before = worker(await calls(MILLION));
    return { before, after: worker(await calls(MILLION)) };
  });
  return { ...idle, millionCalls };
}

function worker({ host, other }: Resident) {
  return { host, worker: other };
}
