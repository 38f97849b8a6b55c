/**
 * The workers of a port: who runs, who is being restarted, and when it is enough. A death is counted by OTP's rule
 * (intensity.ts); over the limit the port gives up for `backoff.max` ms, then tries again, for ever.
 */

import { basename } from "node:path";
import { type Death as DeathRecord, RestartLimitError } from "../errors.ts";
import type { BoxReading } from "../process/blackbox.ts";
import type { ExitReason } from "../process/child.ts";
import { Stderr } from "../process/stderr.ts";
import { reasonOf } from "../reason.ts";
import { clearInterval, clearTimeout, monotonic, setInterval, setTimeout, wallClock } from "../timers.ts";
import type { LogRecord } from "../wire/incoming.ts";
import type { Hello } from "../wire/opening.ts";
import type { ProgramSpan } from "../wire/span.ts";
import { defaultBackoff } from "./backoff.ts";
import type { Call } from "./call.ts";
import { Death } from "./death.ts";
import { Intensity } from "./intensity.ts";
import type { Settings } from "./options.ts";
import { residentBytes, worn } from "./recycle.ts";
import { Seat, type SeatOwner } from "./seat.ts";
import { Worker } from "./worker.ts";
import type { WorkerOwner } from "./worker-owner.ts";

/** How a worker ended. */
export interface WorkerExit extends ExitReason {
  /** Which worker, from 0. */
  readonly worker: number;
  readonly pid: number | undefined;
  /** In words: `"was killed by SIGSEGV"`. */
  readonly reason: string;
  /** ms that it was ready. */
  readonly uptime: number;
  /** Calls that it had and did not answer. */
  readonly calls: number;
}

/** What the crew tells its port. */
export interface CrewOwner {
  hello(hello: Hello): void;
  /** It may have room for a call. */
  available(worker: Worker): void;
  /** A worker ended. @returns whether that counts as a death: one that a poisonous call brought about does not */
  exited(exit: WorkerExit, death: Death): boolean;
  restarting(seat: number, reason: string, delay: number): void;
  retired(worker: Worker, reason: string): void;
  /** This seat stays empty for a while: there were too many deaths. The others may go on. */
  vacated(seat: number): void;
  /** All seats stay empty for a while. */
  gaveUp(error: RestartLimitError): void;
  event(topic: string, value: unknown): void;
  log(record: LogRecord): void;
  span(worker: Worker, span: ProgramSpan): void;
}

/** Deaths that are remembered. */
const HISTORY = 32;
/** How often age and memory are looked at, in ms. */
const RECYCLE_INTERVAL = 1000;

export class Crew implements SeatOwner, WorkerOwner {
  /** Workers that take calls. */
  workers: readonly Worker[] = [];
  readonly seats: readonly Seat[];
  readonly history: DeathRecord[] = [];
  /** No worker runs: from the last death that was too many until one is ready again. */
  hasGivenUp = false;
  #settings: Settings;
  readonly #owner: CrewOwner;
  readonly #intensity: Intensity;
  /** All that run or are being started, those that retire included. */
  readonly #all = new Set<Worker>();
  /** Workers whose successor is being started. */
  readonly #recycling = new WeakSet<Worker>();
  #recycleTimer: NodeJS.Timeout | undefined;
  /** There were too many deaths: seats are only tried again once in a while. */
  #isOver = false;
  #pardonTimer: NodeJS.Timeout | undefined;
  #name: string;

  constructor(settings: Settings, owner: CrewOwner) {
    this.#settings = settings;
    this.#owner = owner;
    this.#name = settings.name ?? basename(settings.path);
    this.#intensity = new Intensity(settings.maxRestarts * settings.workers, settings.period);
    this.seats = Array.from({ length: settings.workers }, (_, index) => new Seat(index, settings, this));
  }

  /**
   * Starts all workers; when one cannot start, none is left running.
   * @throws SpawnError, HandshakeError
   */
  async start(): Promise<void> {
    try {
      await Promise.all(this.seats.map((seat) => seat.start()));
    } catch (error) {
      await this.close(0);
      throw error;
    }
    const { maxAge, maxRss } = this.#settings.recycle;
    if (maxAge === undefined && maxRss === undefined) return;
    this.#recycleTimer = setInterval(() => void this.#recycleWorn(), RECYCLE_INTERVAL).unref();
  }

  /** Whether no worker that may have a call of this seat (−1: of any) runs, or will soon. */
  isOutOfReach(seat: number): boolean {
    return this.hasGivenUp || (this.#isOver && this.seats[seat]?.isEmpty === true);
  }

  /** The error for calls while the crew has given up. */
  limitError(name?: string): RestartLimitError {
    const { maxRestarts, workers, period } = this.#settings;
    const last = this.history.at(-1)?.reason ?? "unknown";
    const message = `${name === undefined ? "" : `${name}: `}${this.#name} failed more than ${maxRestarts * workers} times within ${period} ms; the last time: ${last}`;
    return new RestartLimitError(message, { function: name, history: [...this.history] });
  }

  /** Ends all workers: within `grace` ms by themselves, after that by force. Resolves when all are reaped. */
  async close(grace: number): Promise<void> {
    clearInterval(this.#recycleTimer);
    clearTimeout(this.#pardonTimer);
    this.#pardonTimer = undefined;
    for (const seat of this.seats) seat.close();
    const all = [...this.#all];
    for (const worker of all) {
      if (worker.state === "ready" && grace > 0) worker.retire(grace);
      else if (worker.state !== "retiring" || grace === 0) worker.kill("was killed because its port closed");
    }
    await Promise.all(all.map((worker) => worker.whenEnded()));
  }

  /** Lets a worker finish what it has, beside a successor that starts at once. */
  retire(worker: Worker, reason: string): void {
    if (worker.state === "retiring") worker.endWhenIdle();
    if (worker.state === "starting") worker.kill("was replaced before it was ready");
    if (worker.state !== "ready") return;
    const retiring = [...this.#all].filter(({ state }) => state === "retiring");
    if (retiring.length >= this.#settings.workers)
      retiring[0]?.kill("was still busy when another had to stop");
    worker.isRetired = true;
    worker.retire(this.#settings.shutdown);
    this.#owner.retired(worker, reason);
  }

  /**
   * Replaces all workers, one after the other, each by one that is ready before it has to go: no call is lost.
   * @param path of the program from now on
   * @throws SpawnError, HandshakeError; workers that were not replaced yet go on, and so does the old path if none was
   */
  async renew(path: string): Promise<void> {
    const former = this.#settings;
    this.#settings = { ...former, path };
    for (const seat of this.seats) {
      try {
        await this.#renewSeat(seat, "is replaced (restart or reload)");
      } catch (error) {
        if (seat.index === 0) this.#settings = former;
        throw error;
      }
    }
  }

  async #renewSeat(seat: Seat, reason: string): Promise<void> {
    const previous = await seat.renew();
    if (previous !== undefined) this.retire(previous, reason);
  }

  /** Replaces a worker with which nothing is wrong; when that fails it goes on, and another attempt follows. */
  async #recycle(worker: Worker, reason: string): Promise<void> {
    const seat = this.seats[worker.seat];
    if (seat === undefined || this.#recycling.has(worker)) return;
    this.#recycling.add(worker);
    try {
      await this.#renewSeat(seat, reason);
    } catch (error) {
      const message = `worker ${worker.seat} could not be replaced: ${reasonOf(error)}`;
      this.#owner.log({ level: "warn", target: "portreeve", message, fields: {} });
      setTimeout(() => this.#recycling.delete(worker), RECYCLE_INTERVAL).unref();
    }
  }

  /** A call was answered: a worker that has answered enough is replaced. */
  #checkCalls(worker: Worker): void {
    const { recycle } = this.#settings;
    if (recycle.maxCalls === undefined) return;
    const reason = worn({ maxCalls: recycle.maxCalls }, { calls: worker.calls, age: 0, rss: 0 });
    if (reason !== undefined) void this.#recycle(worker, reason);
  }

  async #recycleWorn(): Promise<void> {
    for (const worker of this.workers) {
      const rss = worker.pid === undefined ? 0 : await residentBytes(worker.pid);
      const age = monotonic() - worker.readyAt;
      const reason = worn(this.#settings.recycle, { calls: worker.calls, age, rss });
      if (reason !== undefined) void this.#recycle(worker, reason);
    }
  }

  // What seats ask.

  hire(seat: number): Worker {
    const stderr = new Stderr(this.#settings.stderr, this.#name);
    const worker = new Worker(this.#settings, this, seat, stderr);
    this.#all.add(worker);
    return worker;
  }

  mayRestart(seat: Seat, reason: string): boolean {
    this.history.push({ at: wallClock(), reason });
    if (this.history.length > HISTORY) this.history.shift();
    if (!this.#isOver && this.#intensity.add(monotonic())) return true;
    this.#isOver = true;
    const wait = this.#settings.backoff.max ?? defaultBackoff.max;
    this.#pardonTimer ??= setTimeout(() => this.#pardon(), wait).unref();
    if (seat.isEmpty) this.#owner.vacated(seat.index);
    this.#giveUp();
    return false;
  }

  /** The others go on as long as they live. */
  #giveUp(): void {
    if (this.hasGivenUp || !this.seats.every((seat) => seat.isEmpty)) return;
    this.hasGivenUp = true;
    this.#owner.gaveUp(this.limitError());
  }

  /** One try: a worker that gets ready ends it all, one that does not is tried again after the same wait. */
  #pardon(): void {
    this.#pardonTimer = undefined;
    for (const seat of this.seats) seat.fill();
  }

  #recover(): void {
    this.#isOver = false;
    this.hasGivenUp = false;
    this.#intensity.reset();
  }

  notStarted(worker: Worker): void {
    this.#all.delete(worker);
  }

  restarting(seat: Seat, reason: string, delay: number): void {
    this.#owner.restarting(seat.index, reason, delay);
  }

  ready(worker: Worker): void {
    if (this.#isOver) this.#recover();
    this.workers = [...this.workers, worker];
    this.#owner.available(worker);
  }

  // What workers tell.

  hello(hello: Hello): void {
    this.#name = this.#settings.name ?? hello.name;
    this.#owner.hello(hello);
  }

  available(worker: Worker): void {
    this.#checkCalls(worker);
    this.#owner.available(worker);
  }

  lost(worker: Worker): void {
    this.workers = this.workers.filter((other) => other !== worker);
    if (worker.isRetired) this.seats[worker.seat]?.fillAfter(worker);
  }

  ended(worker: Worker, calls: readonly Call[], box: BoxReading | undefined): void {
    this.#all.delete(worker);
    const { exitCode = null, signal = null } = worker.reason ?? {};
    const { seat, pid, uptime } = worker;
    const exit = {
      worker: seat,
      pid,
      exitCode,
      signal,
      reason: worker.describeEnd(),
      uptime,
      calls: calls.length,
    };
    const death = new Death(worker, calls, box);
    const counts = this.#owner.exited(exit, death);
    if (worker.isRetired) return;
    if (death.isOfOneFrame) this.seats[seat]?.fillAfter(worker);
    else if (counts) this.seats[seat]?.restartAfter(worker, exit.reason);
    else this.#replacePoisoned(worker);
  }

  /** Nor does the death count any more by which the call was first suspected. */
  #replacePoisoned(worker: Worker): void {
    this.#intensity.forgive();
    this.seats[worker.seat]?.fillAfter(worker);
  }

  event(topic: string, value: unknown): void {
    this.#owner.event(topic, value);
  }

  log(record: LogRecord): void {
    this.#owner.log(record);
  }

  span(worker: Worker, span: ProgramSpan): void {
    this.#owner.span(worker, span);
  }
}
