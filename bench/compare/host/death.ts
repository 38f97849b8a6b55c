/** From the death of what does the work to the next answer, as a caller sees it who goes on calling. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Holder } from "./holder.ts";
import type { Died, Orders } from "./orders.ts";

type Order = Orders["death"]["order"];

/** A caller that got two errors starts the contender again; one that starts itself again has answered by then. */
const ERRORS_BEFORE_START = 2;

export async function measureDeath(holder: Holder, order: Order): Promise<Died> {
  if (holder.running.pids().length === 0) return { without: "no process of its own that could die alone" };
  // It dies for the first time: who dies again and again is given longer waits, and rightly so.
  await holder.startAgain();
  await holder.call();
  const pids = holder.running.pids();
  const start = performance.now();
  if (order.how === "SIGKILL") for (const pid of pids) process.kill(pid, "SIGKILL");
  else crash(holder);
  // A function that crashes does so a moment later: until then it is still the old process that answers.
  const replaced = () => order.how === "SIGKILL" || !holder.running.pids().some((pid) => pids.includes(pid));
  await within(order.limitMs, nextAnswer(holder, replaced));
  return { ms: performance.now() - start };
}

/** What its caller is told, and when, is the crash matrix's concern. */
function crash(holder: Holder): void {
  const job = holder.running.accident("segfault");
  if (typeof job !== "function") throw new Error(job.without);
  Promise.resolve(job(undefined)).catch(() => undefined);
}

async function nextAnswer(holder: Holder, replaced: () => boolean): Promise<void> {
  for (let errors = 0; ; ) {
    try {
      await holder.call();
      if (replaced()) return;
    } catch {
      // Which error it was is the crash matrix's concern; here only the time until there is none counts.
      errors += 1;
      if (errors >= ERRORS_BEFORE_START) {
        await holder.startAgain();
        errors = 0;
      } else await new Promise(setImmediate);
    }
  }
}

async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = sleep(limitMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no answer within ${limitMs} ms`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}
