/**
 * A host process: holds one contender, and does what the run orders (host.ts is the other end of its IPC channel). It
 * ends when the channel does, so that it does not outlive the run.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { manyCalls, shortCalls } from "./calls.ts";
import { measureCell } from "./cell.ts";
import { measureDeath } from "./death.ts";
import { Holder } from "./holder.ts";
import type { Kind, Orders, Reply, Request } from "./orders.ts";
import { resident } from "./processor.ts";
import { idleProgram, startEmptyProgram } from "./programs.ts";

/**
 * ms. Between two orders the host is stopped, with all that it started. What came due meanwhile (a heartbeat, a socket
 * that was idle for too long) has its effect in this time, and not in what is measured.
 */
const REST_MS = 5;

const holder = new Holder();

const doers: { readonly [K in Kind]: (order: Orders[K]["order"]) => Promise<Orders[K]["answer"]> } = {
  start: ({ contender }) => holder.start(contender),
  verify: ({ job }) => holder.verify(job),
  cell: (order) => measureCell(holder.running, holder.subject(order.job), order),
  resident: async () => resident(holder.running.pids()),
  death: (order) => measureDeath(holder, order),
  emptyProgram: async ({ path }) => ({ ms: await startEmptyProgram(path) }),
  shortCalls: ({ ms, busy }) => shortCalls(holder, ms, busy),
  manyCalls: ({ calls }) => manyCalls(holder, calls),
  idleProgram: async ({ path, port }) => ({ bytes: await idleProgram(path, port) }),
  stop: async () => {
    await holder.stop();
    return {};
  },
};

async function obey<K extends Kind>(kind: K, order: Orders[K]["order"]): Promise<Reply> {
  try {
    return { answer: await doers[kind](order) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

process.on("message", async ({ kind, order }: Request) => {
  await sleep(REST_MS);
  const reply = await obey(kind, order as never);
  if (process.connected) process.send?.(reply);
});
process.on("disconnect", () => process.exit());
