/** What a load does to the host, and what the contenders need: event loop, memory, processor time, start and death. */

import { median } from "../../measure/statistics.ts";
import type { Results } from "../../results.ts";
import type { Facts } from "../facts.ts";
import { entryOf, throughputOf } from "../lookup.ts";
import { ASYNC, PORT, SYNC } from "../names.ts";
import { bytes, digits, duration, millis } from "../numbers.ts";
import { summary } from "../timeline.ts";

export function loadFacts(results: Results): Facts {
  const { footprint, emptyProgram } = results;
  return {
    spikeSteady: digits(entryOf(results.spike, PORT)?.steadyPerSecond ?? Number.NaN),
    ...ofContender(results, "sync", SYNC),
    ...ofContender(results, "async", ASYNC),
    ...ofContender(results, "port", PORT),
    portDeath: millis(median(entryOf(results.death, PORT)?.ms ?? [])),
    portSegfault: millis(median(entryOf(results.segfaultDeath ?? [], PORT)?.ms ?? [])),
    emptyStart: millis(median(emptyProgram)),
    oneFunction: bytes(footprint.oneFunctionWorker),
    emptyMemory: bytes(footprint.emptyProgram),
  };
}

function ofContender(results: Results, name: string, id: string): Facts {
  return {
    ...spike(results, name, id),
    ...needs(results, name, id),
    [`${name}Start`]: millis(median(entryOf(results.start, id)?.ms ?? [])),
  };
}

function spike(results: Results, name: string, id: string): Facts {
  const timeline = entryOf(results.spike, id);
  const found = timeline && summary(timeline);
  return {
    [`${name}Calm`]: millis(found?.calmP99 ?? Number.NaN),
    [`${name}Worst`]: millis(found?.worstP99 ?? Number.NaN),
    [`${name}Loop`]: millis(found?.worstLoop ?? Number.NaN),
  };
}

function needs(results: Results, name: string, id: string): Facts {
  const idle = entryOf(results.memory, id)?.idle;
  const load = throughputOf(results, id, "sum", 256);
  return {
    [`${name}HostMemory`]: bytes(idle?.host ?? Number.NaN),
    [`${name}OtherMemory`]: bytes(idle?.other ?? Number.NaN),
    [`${name}HostCpu`]: duration(median(load?.hostCpu ?? [])),
    [`${name}OtherCpu`]: duration(median(load?.otherCpu ?? [])),
  };
}
