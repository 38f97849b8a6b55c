/**
 * The workers of a port: who runs, who is being restarted, and when it is enough. A death is counted by OTP's rule
 * (intensity.ts); over the limit the port gives up for `backoff.max` ms, then tries again, for ever.
 */

import { basename } from "node:path";
import type { Call } from "../calls/call.ts";
import { type Culprit, type Death as DeathRecord, PortClosedError, RestartLimitError } from "../errors.ts";
import type { ExitReason } from "../exit-reason.ts";
import type { Settings } from "../options/settings.ts";
import type { BoxReading } from "../process/blackbox.ts";
import { Stderr } from "../process/stderr.ts";
import { reasonOf } from "../reason.ts";
import { defaultBackoff } from "../restart/backoff.ts";
import { Intensity } from "../restart/intensity.ts";
import { clearTimeout, setTimeout, wallClock } from "../timers.ts";
import type { Hello } from "../wire/hello.ts";
import type { LogRecord } from "../wire/incoming.ts";
import type { ProgramSpan } from "../wire/span.ts";
import { Death } from "./death.ts";
import { type KeeperOwner, WorkerKeeper } from "./keeper.ts";
import { closedOver, crowdedOut, killedWithPort, replacedWhileStarting } from "./kill-reason.ts";
import { Recycler, type RecyclerOwner } from "./recycler.ts";
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
  readonly unanswered: number;
  /** The call that was stuck and for which it was killed, with what that was doing. Absent otherwise. */
  readonly culprit?: Culprit;
}

/** What the pool tells its port. */
export interface PoolOwner {
  hello(hello: Hello): void;
  /** It may have room for a call. */
  available(worker: Worker): void;
  /** A worker ended: its calls are settled or sent again. */
  exited(exit: WorkerExit, death: Death): void;
  restarting(index: number, reason: string, delay: number): void;
  retired(worker: Worker, reason: string): void;
  /** This index stays empty for a while: there were too many deaths. The others may go on. */
  indexDown(index: number): void;
  /** All keepers stay empty for a while. */
  gaveUp(error: RestartLimitError): void;
  event(topic: string, value: unknown): void;
  log(record: LogRecord): void;
  span(worker: Worker, span: ProgramSpan): void;
}

/** Deaths that are remembered. */
const HISTORY = 32;

export class Pool implements KeeperOwner, WorkerOwner, RecyclerOwner {
  /** Workers that take calls. */
  workers: readonly Worker[] = [];
  readonly keepers: readonly WorkerKeeper[];
  readonly history: DeathRecord[] = [];
  /** No worker runs: from the last death that was too many until one is ready again. */
  hasGivenUp = false;
  #settings: Settings;
  readonly #owner: PoolOwner;
  readonly #intensity: Intensity;
  /** All that run or are being started, those that retire included. */
  readonly #all = new Set<Worker>();
  readonly #recycler: Recycler;
  /** Renewals of all workers, one at a time, in the order in which they were asked for. */
  #renewals: Promise<void> = Promise.resolve();
  /** No worker is started any more. */
  isClosed = false;
  /** There were too many deaths: keepers are only tried again once in a while. */
  #isOver = false;
  #pardonTimer: NodeJS.Timeout | undefined;
  #name: string;

  constructor(settings: Settings, owner: PoolOwner) {
    this.#settings = settings;
    this.#owner = owner;
    this.#name = settings.name ?? basename(settings.path);
    this.#intensity = new Intensity(settings.maxRestarts * settings.workers, settings.period);
    this.#recycler = new Recycler(settings.recycle, settings.workers, this);
    this.keepers = Array.from(
      { length: settings.workers },
      (_, index) => new WorkerKeeper(index, settings, this),
    );
  }

  /**
   * Starts all workers; when one cannot start, none is left running.
   * @throws SpawnError, HandshakeError
   */
  async start(): Promise<void> {
    try {
      await Promise.all(this.keepers.map((keeper) => keeper.start()));
    } catch (error) {
      await this.close(0);
      throw error;
    }
    this.#recycler.start();
  }

  /** The program that a worker started from now on runs. */
  get path(): string {
    return this.#settings.path;
  }

  /** Whether no worker that may have a call of this index (−1: of any) runs, or will soon. */
  isOutOfReach(index: number): boolean {
    return this.hasGivenUp || (this.#isOver && this.keepers[index]?.isEmpty === true);
  }

  /** The error for calls while the pool has given up. */
  limitError(name?: string): RestartLimitError {
    const { maxRestarts, workers, period } = this.#settings;
    const last = this.history.at(-1)?.reason ?? "unknown";
    const message = `${name === undefined ? "" : `${name}: `}${this.#name} failed more than ${maxRestarts * workers} times within ${period} ms; the last time: ${last}`;
    return new RestartLimitError(message, { function: name, history: [...this.history] });
  }

  /** Ends all workers: within `grace` ms by themselves, after that by force. Resolves when all are reaped. */
  async close(grace: number): Promise<void> {
    this.isClosed = true;
    this.#recycler.close();
    clearTimeout(this.#pardonTimer);
    this.#pardonTimer = undefined;
    for (const keeper of this.keepers) keeper.close();
    const all = [...this.#all];
    for (const worker of all) this.#closeWorker(worker, grace);
    await Promise.all(all.map((worker) => worker.whenEnded()));
  }

  #closeWorker(worker: Worker, grace: number): void {
    if (grace === 0 || worker.state === "starting") {
      worker.kill(
        this.#settings.shutdown > 0 && grace === 0 ? closedOver(this.#settings.shutdown) : killedWithPort,
      );
      return;
    }
    worker.stop();
    worker.killIn(grace, closedOver(this.#settings.shutdown));
  }

  /** Ends all workers at once. Resolves when all are reaped. */
  async kill(): Promise<void> {
    for (const worker of this.#all) worker.kill(killedWithPort);
    await this.close(0);
  }

  /** Lets a worker finish what it has, beside a successor. @param drain ms that it has for that */
  retire(worker: Worker, why: string, drain = this.#settings.drain): void {
    if (worker.state === "starting") worker.kill(replacedWhileStarting);
    const isNews = worker.state === "ready";
    worker.retire({ kind: "planned", why, drain });
    if (isNews) this.#owner.retired(worker, why);
  }

  /** A call of this function was cancelled and went on: its worker goes, and its other calls have `shutdown` ms. */
  ignoredCancel(worker: Worker, { name, id }: Call): void {
    const { cancelGrace, shutdown } = this.#settings;
    const going = [...this.#all].filter(({ retirement }) => retirement?.kind === "ignored");
    if (going.length >= this.#settings.workers && !going.includes(worker)) this.#crowdOut(going);
    const isNews = worker.state === "ready";
    worker.retire({ kind: "ignored", function: name, id, shutdown });
    if (isNews)
      this.#owner.retired(worker, `ignored for ${cancelGrace} ms that a call of ${name} was cancelled`);
  }

  /** The one that had to go first goes at once. */
  #crowdOut([first]: readonly Worker[]): void {
    if (first?.retirement?.kind === "ignored") first.kill(crowdedOut(first.retirement.function));
  }

  /** How many workers finish what they had beside their successors. */
  get retiring(): number {
    return [...this.#all].filter(({ retirement }) => retirement?.kind === "planned").length;
  }

  /**
   * Replaces all workers, one after the other, each by one that is ready before it has to go: no call is lost. What was
   * asked for before is done before.
   * @param path of the program from now on; undefined for the one that holds when its turn comes
   * @param why goes on after "it", as the reason of what is retired
   * @throws SpawnError, HandshakeError: workers that were not replaced yet go on. The new path holds as soon as one worker
   *   of it is ready. PortClosedError when the port is closed
   */
  renew(path: string | undefined, why: string, drain: number | undefined): Promise<void> {
    const renewed = this.#renewals.then(() => this.#renew(path ?? this.path, why, drain));
    this.#renewals = renewed.catch(() => {});
    return renewed;
  }

  async #renew(path: string, why: string, drain: number | undefined): Promise<void> {
    const settings = { ...this.#settings, path };
    for (const keeper of this.keepers) {
      const previous = await keeper.renew(() => settings);
      this.#settings = settings;
      if (previous !== undefined) this.retire(previous, why, drain);
    }
  }

  /** Replaces a worker with which nothing is wrong; when that fails it goes on. @returns whether it could */
  async replace(worker: Worker, reason: string): Promise<boolean> {
    try {
      const previous = await this.keepers[worker.index]?.renew(() => this.#settings, worker);
      if (previous !== undefined) this.retire(previous, reason);
      return true;
    } catch (error) {
      if (error instanceof PortClosedError) return true;
      const message = `worker ${worker.index} could not be replaced: ${reasonOf(error)}`;
      this.#owner.log({ level: "warn", target: "portreeve", message, fields: {} });
      return false;
    }
  }

  // What keepers ask.

  createWorker(index: number, settings = this.#settings): Worker {
    const worker = new Worker(settings, this, index, new Stderr(settings.stderr, this.#name));
    this.#all.add(worker);
    return worker;
  }

  mayRestart(keeper: WorkerKeeper, reason: string, at: number): boolean {
    this.history.push({ at: wallClock(), reason });
    if (this.history.length > HISTORY) this.history.shift();
    if (!this.#isOver && this.#intensity.add(at)) return true;
    this.#isOver = true;
    const wait = this.#settings.backoff.max ?? defaultBackoff.max;
    this.#pardonTimer ??= setTimeout(() => this.#pardon(), wait).unref();
    if (keeper.isEmpty) this.#owner.indexDown(keeper.index);
    this.#giveUp();
    return false;
  }

  /** The others go on as long as they live. */
  #giveUp(): void {
    if (this.hasGivenUp || !this.keepers.every((keeper) => keeper.isEmpty)) return;
    this.hasGivenUp = true;
    this.#owner.gaveUp(this.limitError());
  }

  /** One try: a worker that gets ready ends it all, one that does not is tried again after the same wait. */
  #pardon(): void {
    this.#pardonTimer = undefined;
    for (const keeper of this.keepers) keeper.fill();
  }

  #recover(): void {
    this.#isOver = false;
    this.hasGivenUp = false;
    this.#intensity.reset();
  }

  notStarted(worker: Worker): void {
    this.#all.delete(worker);
  }

  restarting(keeper: WorkerKeeper, reason: string, delay: number): void {
    this.#owner.restarting(keeper.index, reason, delay);
  }

  ready(worker: Worker): void {
    if (this.#isOver) this.#recover();
    this.workers = [...this.workers, worker];
    this.#recycler.ready(worker);
    this.#owner.available(worker);
  }

  // What workers tell.

  hello(hello: Hello): void {
    this.#name = this.#settings.name ?? hello.name;
    this.#owner.hello(hello);
  }

  available(worker: Worker): void {
    this.#recycler.check();
    this.#owner.available(worker);
  }

  spent(worker: Worker): void {
    this.#recycler.spent(worker);
  }

  lost(worker: Worker): void {
    this.workers = this.workers.filter((other) => other !== worker);
    this.#recycler.lost(worker);
    if (worker.retirement !== undefined) this.keepers[worker.index]?.fillAfter(worker);
  }

  ended(worker: Worker, calls: readonly Call[], box: BoxReading | undefined): void {
    this.#all.delete(worker);
    const { exitCode = null, signal = null } = worker.reason ?? {};
    const { index, pid, uptime } = worker;
    const exit = {
      worker: index,
      pid,
      exitCode,
      signal,
      reason: worker.describeEnd(),
      uptime,
      unanswered: calls.length,
    };
    const death = new Death(worker, calls, box);
    this.#owner.exited(exit, death);
    this.#recycler.check();
    if (worker.retirement !== undefined) return;
    if (death.isOfOneFrame) this.keepers[index]?.fillAfter(worker);
    else if (death.poison.length === 0) this.keepers[index]?.restartAfter(worker, exit.reason, death.at);
    else this.#replacePoisoned(worker, death);
  }

  /** A death by a poisonous call does not count, nor do the ones by which that call was suspected before. */
  #replacePoisoned(worker: Worker, death: Death): void {
    for (const at of death.suspicions()) this.#intensity.forgive(at);
    this.keepers[worker.index]?.fillAfter(worker);
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
