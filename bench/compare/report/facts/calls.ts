/** What a call costs: alone, with many in flight, beside its job, and with large values. */

import type { JobId } from "../../contenders/contender.ts";
import { median, spread } from "../../measure/statistics.ts";
import type { Results } from "../../results.ts";
import { crossing, shares } from "../crossing.ts";
import type { Facts } from "../facts.ts";
import { entryOf, latencyOf, throughputOf } from "../lookup.ts";
import { ASYNC, ECHO, JOBS, JSON_LINES, PORT, SYNC, THREADS } from "../names.ts";
import { duration, NOTHING, percent, rate } from "../numbers.ts";
import { ratioOf } from "../rounds.ts";
import { crossingText } from "../sections/scenes.ts";
import { beside, timesText } from "./words.ts";

const JOB = "sum";
const IN_FLIGHT = 256;
const LIMITS = { Ten: 0.1, One: 0.01 } as const;

export function callFacts(results: Results): Facts {
  return {
    job: JOBS[JOB],
    inFlight: String(IN_FLIGHT),
    ten: percent(LIMITS.Ten),
    one: percent(LIMITS.One),
    ...alone(results, "sync", SYNC),
    ...alone(results, "async", ASYNC),
    ...alone(results, "port", PORT),
    echoPinned: p50(results, ECHO, JOB, true),
    echoAlone: p50(results, ECHO, JOB, false),
    echoAsPort: beside(ratioOf(times(results, ECHO, JOB), times(results, PORT, JOB)), "long"),
    portAloneLeast: duration(spread(times(results, PORT, JOB) ?? []).least),
    portAloneMost: duration(spread(times(results, PORT, JOB) ?? []).most),
    portAsAsyncAlone: beside(ratioOf(times(results, PORT, JOB), times(results, ASYNC, JOB)), "long"),
    ...rates(results, "sync", SYNC),
    ...rates(results, "async", ASYNC),
    ...rates(results, "threads", THREADS),
    ...rates(results, "json", JSON_LINES),
    ...rates(results, "port", PORT),
    portAsAsyncMany: manyBeside(results, ASYNC),
    portAsThreadsMany: manyBeside(results, THREADS),
    portAsJsonMany: manyBeside(results, JSON_LINES),
    portAsSyncMany: manyBeside(results, SYNC),
    ...crossings(results, "sync", SYNC),
    ...crossings(results, "async", ASYNC),
    ...crossings(results, "port", PORT),
    ...large(results, "bytes", "Bytes"),
    ...large(results, "sha256", "Sha"),
    ...large(results, "doubles", "Doubles"),
    ...large(results, "object", "Object"),
    ...large(results, "rows", "Rows"),
  };
}

function times(results: Results, id: string, job: JobId): readonly number[] | undefined {
  return latencyOf(results, id, job, false)?.p50;
}

function p50(results: Results, id: string, job: JobId, pinned: boolean): string {
  return duration(median(latencyOf(results, id, job, pinned)?.p50 ?? []));
}

function alone(results: Results, name: string, id: string): Facts {
  return {
    [`${name}Pinned`]: p50(results, id, JOB, true),
    [`${name}Alone`]: p50(results, id, JOB, false),
    [`${name}AloneTail`]: duration(median(latencyOf(results, id, JOB, false)?.p99 ?? [])),
  };
}

function rateOf(results: Results, id: string, inFlight: number): readonly number[] {
  return throughputOf(results, id, JOB, inFlight)?.callsPerSecond ?? [];
}

function rates(results: Results, name: string, id: string): Facts {
  return {
    [`${name}RateOne`]: rate(median(rateOf(results, id, 1))),
    [`${name}RateMany`]: rate(median(rateOf(results, id, IN_FLIGHT))),
  };
}

function manyBeside(results: Results, id: string): string {
  const ratio = ratioOf(rateOf(results, PORT, IN_FLIGHT), rateOf(results, id, IN_FLIGHT));
  return beside(ratio, "many calls a second");
}

function crossings(results: Results, name: string, id: string): Facts {
  const found = entryOf(results.crossover, id);
  const points = found === undefined ? [] : shares(found);
  const text = (limit: number) =>
    points.length === 0 ? NOTHING : crossingText(crossing(points, limit), points.at(-1)?.jobMicros);
  return { [`${name}Ten`]: text(LIMITS.Ten), [`${name}One`]: text(LIMITS.One) };
}

function large(results: Results, job: JobId, name: string): Facts {
  return {
    [`${name.toLowerCase()}Job`]: JOBS[job],
    [`sync${name}`]: p50(results, SYNC, job, false),
    [`port${name}`]: p50(results, PORT, job, false),
    [`portAsSync${name}`]: timesText(ratioOf(times(results, PORT, job), times(results, SYNC, job))),
  };
}
