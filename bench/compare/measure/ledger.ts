/** Keeps what the rounds gave, one entry a round, and makes the results' lists of it. */

import type { AccidentId, JobId } from "../contenders/contender.ts";
import type { Cell } from "../host/orders.ts";
import type { Latency, Results, Throughput } from "../results.ts";

type LeftOut = Results["leftOut"][number];

interface Row {
  readonly contender: string;
  readonly job: JobId;
  readonly inFlight: number;
  readonly pinned: boolean;
  readonly cells: Cell[];
}

export class Ledger {
  readonly #rows = new Map<string, Row>();
  readonly #series = new Map<string, Map<string, number[]>>();
  readonly #leftOut = new Map<string, LeftOut>();

  addCell(place: Omit<Row, "cells">, cell: Cell): void {
    const key = [place.contender, place.job, place.inFlight, place.pinned].join(" ");
    const row = this.#rows.get(key) ?? { ...place, cells: [] };
    row.cells.push(cell);
    this.#rows.set(key, row);
  }

  /** ms, under a name such as "start". */
  addTime(name: string, contender: string, ms: number): void {
    const times = this.#series.get(name) ?? new Map<string, number[]>();
    times.set(contender, [...(times.get(contender) ?? []), ms]);
    this.#series.set(name, times);
  }

  times(name: string): { readonly contender: string; readonly ms: readonly number[] }[] {
    return [...(this.#series.get(name) ?? [])].map(([contender, ms]) => ({ contender, ms }));
  }

  leaveOut(contender: string, why: string, job?: JobId | AccidentId): void {
    const entry = { contender, why, ...(job === undefined ? {} : { job }) };
    this.#leftOut.set(JSON.stringify(entry), entry);
  }

  get leftOut(): LeftOut[] {
    return [...this.#leftOut.values()];
  }

  get latency(): Latency[] {
    return [...this.#rows.values()].flatMap(({ contender, job, pinned, cells }) => {
      const measured = cells.flatMap(({ latency }) => latency ?? []);
      if (measured.length === 0) return [];
      const list = (name: "p50" | "p99" | "mean") => measured.map((each) => each[name]);
      return { contender, job, pinned, p50: list("p50"), p99: list("p99"), mean: list("mean") };
    });
  }

  get throughput(): Throughput[] {
    const unpinned = [...this.#rows.values()].filter(({ pinned }) => !pinned);
    return unpinned.map(({ contender, job, inFlight, cells }) => {
      const list = <K extends keyof Cell>(name: K) => cells.map((cell) => cell[name]);
      const [callsPerSecond, loopP99, loopMax] = [list("callsPerSecond"), list("loopP99"), list("loopMax")];
      const [hostCpu, otherCpu] = [list("hostCpu"), list("otherCpu")];
      return { contender, job, inFlight, callsPerSecond, loopP99, loopMax, hostCpu, otherCpu };
    });
  }
}
