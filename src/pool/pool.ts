/**
 * The workers of a port: who runs, who is being restarted, and when it is enough. Over the restart limit the breaker
 * opens, and the port tries again every `backoff.max` ms, for ever.
 */

import { basename } from "node:path";
import type { Call } from "../calls/call.ts";
import type { RestartLimitError } from "../errors.ts";
import type { Settings } from "../options/settings.ts";
import type { BoxReading } from "../process/blackbox.ts";
import { Stderr } from "../process/stderr.ts";
import type { Hello } from "../wire/hello.ts";
import { Death } from "./death.ts";
import { exitOf } from "./ending.ts";
import { type KeeperOwner, WorkerKeeper } from "./keeper.ts";
import { closedOver, crowdedOut, killedWithPort, replacedWhileStarting } from "./kill-reason.ts";
import type { WorkerListener } from "./listeners.ts";
import type { PoolObserver, WorkerExit } from "./observer.ts";
import { Recycler, type RecyclerOwner } from "./recycler.ts";
import { Renewals } from "./renewals.ts";
import { RestartLimit } from "./restart-limit.ts";
import { Worker } from "./worker.ts";

/** What the pool tells whoever gives it calls. */
export interface PoolListener {
  /** A worker is ready, and this is what it said of itself. */
  hello(hello: Hello): void;
  /** It may have room for a call. */
  available(worker: Worker): void;
  /** A worker ended, and what becomes of its calls is decided. */
  died(death: Death): void;
  /** No worker of this index runs for a while: there were too many deaths. The others may go on. */
  down(index: number): void;
  /** No worker runs for a while. */
  gaveUp(): void;
}

export class Pool implements KeeperOwner, WorkerListener, RecyclerOwner {
  /** Workers that take calls. */
  workers: readonly Worker[] = [];
  readonly keepers: readonly WorkerKeeper[];
  settings: Settings;
  readonly #listener: PoolListener;
  readonly #observer: PoolObserver;
  readonly #limit: RestartLimit;
  /** All that run or are being started, those that retire included. */
  readonly #all = new Set<Worker>();
  readonly #recycler: Recycler;
  readonly renewals: Renewals;
  /** Until all that is known of those that ended is told. */
  #explained: Promise<unknown> = Promise.resolve();
  #name: string;

  constructor(settings: Settings, listener: PoolListener, observer: PoolObserver) {
    this.settings = settings;
    this.#listener = listener;
    this.#observer = observer;
    this.#name = settings.name ?? basename(settings.path);
    this.#limit = new RestartLimit(settings, () => {
      for (const keeper of this.keepers) keeper.fill();
    });
    this.#recycler = new Recycler(settings.recycle, settings.workers, this);
    this.renewals = new Renewals(this, observer);
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

  /** Whether no worker that may have a call of this index (−1: of any) runs, or will soon. */
  isOutOfReach(index: number): boolean {
    return this.#limit.isDown || (!this.#limit.isClosed && this.keepers[index]?.isEmpty === true);
  }

  /** The error for calls while no worker runs. */
  limitError(name?: string): RestartLimitError {
    return this.#limit.error(this.#name, name);
  }

  /** Ends all workers: within `grace` ms by themselves, after that by force. Resolves when all are reaped, and their ends are told. */
  async close(grace: number): Promise<void> {
    this.#recycler.close();
    this.#limit.close();
    for (const keeper of this.keepers) keeper.close();
    const all = [...this.#all];
    for (const worker of all) this.#closeWorker(worker, grace);
    await Promise.all(all.map((worker) => worker.whenEnded()));
    await this.#explained;
  }

  #closeWorker(worker: Worker, grace: number): void {
    const { shutdown } = this.settings;
    if (grace === 0 || worker.state === "starting") {
      worker.endNow(shutdown > 0 && grace === 0 ? closedOver(shutdown) : killedWithPort);
      return;
    }
    worker.stop();
    worker.endIn(grace, closedOver(shutdown));
  }

  /** Ends all workers at once. Resolves when all are reaped. */
  async kill(): Promise<void> {
    for (const worker of this.#all) worker.endNow(killedWithPort);
    await this.close(0);
  }

  /** Lets a worker finish what it has, beside a successor. @param drain ms that it has for that */
  retire(worker: Worker, why: string, drain = this.settings.drain): void {
    if (worker.state === "starting") worker.endNow(replacedWhileStarting);
    const isNews = worker.state === "ready";
    worker.retire({ kind: "planned", why, drain });
    if (isNews) this.#tellRetired(worker, why);
  }

  #tellRetired({ index: worker, pid }: Worker, reason: string): void {
    this.#observer.retired({ worker, pid, reason });
  }

  /** A call of this function was cancelled and went on: its worker goes, and its other calls have `shutdown` ms. */
  ignoredCancel(worker: Worker, { name, id }: Call): void {
    const { cancelGrace, shutdown, workers } = this.settings;
    const going = [...this.#all].filter(({ retirement }) => retirement?.kind === "ignored");
    if (going.length >= workers && !going.includes(worker)) this.#crowdOut(going);
    const isNews = worker.state === "ready";
    worker.retire({ kind: "ignored", function: name, id, shutdown });
    if (isNews)
      this.#tellRetired(worker, `ignored for ${cancelGrace} ms that a call of ${name} was cancelled`);
  }

  /** The one that had to go first goes at once. */
  #crowdOut([first]: readonly Worker[]): void {
    if (first?.retirement?.kind === "ignored") first.endNow(crowdedOut(first.retirement.function));
  }

  /** How many workers finish what they had beside their successors. */
  get retiring(): number {
    return [...this.#all].filter(({ retirement }) => retirement?.kind === "planned").length;
  }

  // What keepers ask and tell.

  createWorker(index: number, settings = this.settings): Worker {
    const stderr = new Stderr(settings.stderr, this.#name);
    const worker = new Worker(settings, this, this.#observer, index, stderr);
    this.#all.add(worker);
    return worker;
  }

  mayRestart(keeper: WorkerKeeper, reason: string, at: number): boolean {
    if (this.#limit.failed(reason, at)) return true;
    if (keeper.isEmpty) this.#listener.down(keeper.index);
    this.#giveUp();
    return false;
  }

  /** Only when no worker is left calls cannot wait any more. */
  #giveUp(): void {
    if (this.#limit.isDown || !this.keepers.every((keeper) => keeper.isEmpty)) return;
    this.#limit.isDown = true;
    this.#listener.gaveUp();
    this.#observer.gaveUp(this.limitError());
  }

  notStarted(worker: Worker): void {
    this.#all.delete(worker);
  }

  restarting(index: number, reason: string, delay: number): void {
    this.#observer.restarting({ worker: index, reason, delay });
  }

  ready(worker: Worker): void {
    this.#limit.succeeded();
    this.workers = [...this.workers, worker];
    this.#recycler.ready(worker);
    this.#listener.available(worker);
  }

  // What workers tell.

  hello(hello: Hello): void {
    this.#name = this.settings.name ?? hello.name;
    this.#listener.hello(hello);
  }

  available(worker: Worker): void {
    this.#recycler.check();
    this.#listener.available(worker);
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
    const death = new Death(worker.ending(), calls, box);
    this.#listener.died(death);
    this.#tellExit(exitOf(death.ending, calls.length), death);
    this.#recycler.check();
    if (worker.retirement === undefined) this.#replaceDead(worker, death);
  }

  /** What a stuck call was doing is told with the end: nobody may wait for that call any more. */
  #tellExit(exit: WorkerExit, death: Death): void {
    if (death.stuck === undefined) this.#observer.exited(exit);
    else this.#explained = Promise.all([this.#explained, this.#explain(exit, death)]);
  }

  async #explain(exit: WorkerExit, death: Death): Promise<void> {
    // A turn later: the successor is spawned first.
    await undefined;
    await death.explain();
    const { report, whereStuck } = death;
    const told = { ...exit, reason: `${exit.reason}${whereStuck}` };
    this.#observer.exited(report === undefined ? exit : { ...told, culprit: report });
  }

  /** A death by a poisonous call does not count, nor do the ones by which that call was suspected before. */
  #replaceDead(worker: Worker, death: Death): void {
    const keeper = this.keepers[worker.index];
    for (const at of death.suspicions()) this.#limit.uncount(at);
    if (death.isOfOneFrame || death.poison.length > 0) keeper?.fillAfter(worker);
    else keeper?.restartAfter(worker, death.ending.text, death.at);
  }
}
