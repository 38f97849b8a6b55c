/**
 * The life of one process of a port, from its spawn to its last byte: the handshake, its signs of life, and its end. What
 * it does with calls is worker.ts' part.
 */

import type { Call } from "../calls/call.ts";
import type { ExitReason } from "../exit-reason.ts";
import { type SpawnTrace, spawnChannel } from "../metrics/channels.ts";
import type { Settings } from "../options/settings.ts";
import type { ChildListener } from "../process/child.ts";
import type { Stderr } from "../process/stderr.ts";
import { monotonic } from "../timers.ts";
import { Channel, type ChannelListener } from "../wire/channel.ts";
import type { ChannelIo } from "../wire/pipe-writer.ts";
import type { Ending } from "./ending.ts";
import { Handshake } from "./handshake.ts";
import { type KillReason, killedWithPort, misbehaved, notReady } from "./kill-reason.ts";
import type { LifeListener } from "./listeners.ts";
import type { PoolObserver } from "./observer.ts";
import { SignsOfLife } from "./signs-of-life.ts";
import { type Killing, WorkerEnd } from "./worker-end.ts";
import { WorkerProcess } from "./worker-process.ts";

/** How long a program that closed one of its pipes may take to die of itself, in ms. */
const PIPE_GRACE = 100;

export class WorkerLife implements ChildListener, ChannelIo, Killing {
  readonly channel: Channel;
  readonly process: WorkerProcess;
  /** ms of `performance.now()` when it was ready; 0 before. */
  readyAt = 0;
  /** It is gone. */
  isOver = false;
  /** It closed a pipe: what is written now is lost, or its answer is. */
  isCutOff = false;
  readonly #index: number;
  readonly #settings: Settings;
  readonly #listener: LifeListener;
  readonly #stderr: Stderr;
  readonly #handshake: Handshake;
  readonly #signs: SignsOfLife;
  readonly #end = new WorkerEnd(this);
  /** ms that it was ready, once it has ended; whole ones, at least 1. */
  #uptime = 0;
  #whenEnded: (() => void)[] = [];

  constructor(
    settings: Settings,
    listener: LifeListener,
    observer: PoolObserver,
    index: number,
    stderr: Stderr,
  ) {
    const { codec, handlers } = settings;
    this.#settings = settings;
    this.#listener = listener;
    this.#index = index;
    this.#stderr = stderr;
    this.process = new WorkerProcess(settings);
    this.#handshake = new Handshake(settings, () => this.#end.kill(notReady));
    this.channel = new Channel(this, this.#said(observer), codec, handlers, settings);
    this.#signs = new SignsOfLife(settings, this.channel, this.process, (reason) => this.#end.kill(reason));
  }

  /** What the program says, and to whom. */
  #said(observer: PoolObserver): ChannelListener {
    const handshake = this.#handshake;
    return {
      hello: (hello) => handshake.hello(hello),
      ready: () => handshake.ready(),
      failed: (message) => handshake.failed(message),
      event: (topic, value) => observer.event(topic, value),
      log: (record) => observer.log(record),
      span: (span) => observer.span(this.#index, this.process.pid, span),
      writable: () => this.#listener.writable(),
      answered: (calls) => this.#listener.answered(calls),
      broken: (error) => this.#broken(error),
    };
  }

  /**
   * Spawns the program and waits until it is ready.
   * @param restart the death that it follows, for who listens
   * @throws SpawnError, HandshakeError; nothing is left running then
   */
  start(restart?: SpawnTrace["restart"]): Promise<void> {
    const isRestart = restart !== undefined;
    if (!spawnChannel.hasSubscribers) return this.#start(isRestart);
    const trace: SpawnTrace = { path: this.#settings.path, worker: this.#index, restart };
    return spawnChannel.tracePromise(() => this.#start(isRestart), trace);
  }

  async #start(isRestart: boolean): Promise<void> {
    try {
      await this.process.start(this, isRestart, () => !this.#end.isNear);
    } catch (error) {
      this.#handshake.ended();
      this.#die();
      throw error;
    }
    if (this.#end.isNear) this.kill();
    else await this.#greet();
    await this.#handshake.done;
    // It can say ready and be dead, or killed, by the time that is read.
    if (!this.isOver && !this.#end.isNear) this.#begin();
    else await this.#giveUp();
  }

  /** @throws EtfError when the option `start` makes it larger than what a program takes */
  async #greet(): Promise<void> {
    try {
      this.channel.outbox.greet(this.#handshake.hostHello());
    } catch (error) {
      this.#end.kill(killedWithPort);
      await this.whenEnded();
      throw error;
    }
  }

  /** @throws HandshakeError, when it is gone */
  async #giveUp(): Promise<never> {
    await this.whenEnded();
    throw await this.#handshake.failure(this.#stderr.tail, this.#end.reason, this.#end.killText);
  }

  #begin(): void {
    this.process.checkBox();
    this.readyAt = monotonic();
    this.#signs.start();
    // Only now: what a program says of itself does not hold before it runs.
    const hello = this.#handshake.said;
    if (hello !== undefined) this.#listener.began(hello);
  }

  // How it is ended.

  /** A signal to the process group ended it before the program could ignore that. */
  get wasInterrupted(): boolean {
    return this.#end.isByGroup && this.#handshake.said === undefined;
  }

  /** It is ended already, or will be. */
  get isEnding(): boolean {
    return this.#end.isNear;
  }

  /** Ends it in `ms`, unless it is ended sooner. */
  endIn(ms: number, reason: KillReason): void {
    this.#end.killIn(ms, reason);
  }

  /** Ends it: at once, or when it has said what its stuck call was doing. */
  end(reason: KillReason): void {
    this.#end.kill(reason);
  }

  /** Ends it at once, also while it is asked. */
  endNow(reason: KillReason): void {
    this.#end.killNow(reason);
  }

  kill(): void {
    this.process.kill();
  }

  ask(): boolean {
    const id = this.#listener.stuck(this.process.running);
    return id !== undefined && this.process.ask(id);
  }

  lose(): void {
    this.#signs.stop();
    this.#listener.lost();
  }

  #broken(error: Error): void {
    this.#handshake.broken(error);
    this.#end.fault = error;
    this.#end.kill(misbehaved("broke the protocol"));
  }

  // What the process does.

  get buffered(): number {
    return this.process.buffered;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    const [first] = chunks;
    if (first !== undefined) this.#handshake.sent(first);
    return this.process.write(chunks);
  }

  /** It has to read what it asked for, or wait until handlers have answered, before it is listened to again. */
  read(isWanted: boolean): void {
    this.#signs.held.change(isWanted);
    this.process.read(isWanted);
  }

  data(chunk: Uint8Array): void {
    this.#handshake.received(chunk);
    this.channel.receive(chunk);
  }

  stderr(chunk: Uint8Array, readOn: () => void): boolean {
    return this.#stderr.push(chunk, readOn);
  }

  drain(): void {
    this.channel.drained();
    this.#signs.held.drained();
  }

  stdinClosed(): void {
    if (this.#end.killText === undefined) this.#handshake.stdinClosed();
    this.#endSoon(misbehaved("closed its stdin and lived on"));
  }

  stdoutEnded(): void {
    // Of a program that was killed it says nothing.
    if (this.#end.killText === undefined) this.#handshake.stdoutEnded();
    this.#endSoon(misbehaved("closed its stdout and lived on"));
  }

  /** A pipe closes a moment before the exit is known: what it died of is the better reason. */
  #endSoon(reason: KillReason): void {
    this.isCutOff = true;
    this.#end.killIn(PIPE_GRACE, reason);
  }

  exit(reason: ExitReason): void {
    this.#end.ended(reason);
    if (this.readyAt > 0) this.#uptime = Math.ceil(monotonic() - this.readyAt);
    this.#signs.held.stop();
    this.lose();
  }

  closed(): void {
    const box = this.process.readBox();
    for (const replies of box?.replies ?? [])
      this.channel.recover(replies, (id) => box?.stateOf(id) === "finished");
    const calls = this.channel.close() as Call[];
    this.#handshake.ended();
    this.#die();
    if (this.readyAt > 0) this.#listener.ended(calls, box);
    // The user's code comes last.
    this.#stderr.end();
  }

  #die(): void {
    this.isOver = true;
    this.process.closeBox();
    for (const resolve of this.#whenEnded) resolve();
    this.#whenEnded = [];
  }

  /** Resolves when it is reaped and all that it wrote was read. */
  whenEnded(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isOver) resolve();
      else this.#whenEnded.push(resolve);
    });
  }

  /** All that is known of its end. */
  ending(): Ending {
    const { limits } = this.#settings;
    const { isPartial, unreadable } = this.channel.inbox;
    const { reason, decision, fault } = this.#end;
    const stderr = this.#stderr.tail;
    return {
      worker: this.#index,
      pid: this.process.pid,
      exitCode: reason?.exitCode ?? null,
      signal: reason?.signal ?? null,
      uptime: this.#uptime,
      stderr,
      text: this.#end.describe(limits, stderr, isPartial),
      decision,
      fault,
      unreadable,
      lostCasts: this.channel.outbox.lostCasts,
      program: this.process.program,
    };
  }
}
