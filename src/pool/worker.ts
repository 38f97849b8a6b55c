/**
 * One process of a port, from its spawn to its last byte: the opening, its calls, and its end. What follows from the
 * end (a restart, calls that are sent again) is the port's affair.
 */

import type { Call, CallWorker } from "../calls/call.ts";
import { describeExit } from "../diagnose/diagnose.ts";
import { identity } from "../diagnose/foreign.ts";
import type { PortExitInfo } from "../errors.ts";
import type { ExitReason } from "../exit-reason.ts";
import { type SpawnTrace, spawnChannel } from "../metrics/channels.ts";
import type { WorkerState } from "../metrics/stats.ts";
import { Times } from "../metrics/times.ts";
import type { Settings } from "../options/settings.ts";
import { folderFor } from "../options/snapshot.ts";
import type { CallState } from "../process/blackbox.ts";
import { BlackBox, type BoxReading } from "../process/blackbox.ts";
import type { Child, ChildListener } from "../process/child.ts";
import { spawnChild } from "../process/spawn.ts";
import type { Stderr } from "../process/stderr.ts";
import type { CrashedProgram } from "../process/symbolize.ts";
import { clearTimeout, monotonic, setTimeout } from "../timers.ts";
import { Channel, type ChannelListener } from "../wire/channel.ts";
import { patchTimeout, type Target } from "../wire/envelope.ts";
import type { Hello } from "../wire/hello.ts";
import type { LogRecord } from "../wire/incoming.ts";
import type { ChannelIo } from "../wire/outbox.ts";
import type { ProgramSpan } from "../wire/span.ts";
import { Handshake } from "./handshake.ts";
import { Heartbeat, type HeartbeatTarget } from "./heartbeat.ts";
import {
  type KillReason,
  killedWithPort,
  misbehaved,
  nobodyWaits,
  notReady,
  outlivedStop,
  type Retirement,
  retiredTooLong,
  unresponsive,
} from "./kill-reason.ts";
import { exceeded } from "./limits.ts";
import type { PoolObserver, WorkerExit } from "./observer.ts";
import { canBeAsked, STUCK_GRACE, stuckId } from "./stuck.ts";

/** What a worker tells its pool. */
export interface WorkerListener {
  /** It is ready, and this is what it said of itself. */
  hello(hello: Hello): void;
  /** It was given as many calls as it may have (`recycle.maxCalls`). In the middle of a call. */
  spent(worker: Worker): void;
  /** This call was cancelled and goes on: see `CallWorker`. */
  ignoredCancel(worker: Worker, call: Call): void;
  /** It may have room for a call. */
  available(worker: Worker): void;
  /** No new call may go to it: it retires, is dead, or will be killed. Once, and only for a worker that was ready. */
  lost(worker: Worker): void;
  /** It is reaped and all that it wrote was read. These calls were not answered. Once, after `lost`. */
  ended(worker: Worker, calls: readonly Call[], box: BoxReading | undefined): void;
}

/** Places in the black box for threads beyond those that compute: the reader, and some that wait. */
const SPARE_THREADS = 6;
/** How long a grandchild that holds the pipe can delay what follows from a death, in ms. */
const DRAIN_TIMEOUT = 250;
/** How long a program that closed one of its pipes may take to die of itself, in ms. */
const PIPE_GRACE = 100;

/** So many bytes of an unfinished frame are a sign of life. */
const PROGRESS_BYTES = 4096;
/** How long a program without a heartbeat may make its host hold too much, in ms. */
const HELD_GRACE = 15_000;

/** How long a start waits for what passes by itself, in ms, within `startTimeout`. */
const SPAWN_RETRY = 500;
/** Somebody has the program's file open for writing: a build or a deploy that is about to be done. */
const BUSY: ReadonlySet<string> = new Set(["ETXTBSY"]);
/** A restart also waits for what the system lacks at the moment; an `open` is told. */
const SCARCE: ReadonlySet<string> = new Set([...BUSY, "EAGAIN", "ENOMEM", "EMFILE", "ENFILE"]);

export class Worker implements ChildListener, ChannelListener, ChannelIo, HeartbeatTarget, CallWorker {
  /** Which of the port's workers it is, from 0. */
  readonly index: number;
  readonly #channel: Channel;
  state: WorkerState = "starting";
  pid: number | undefined;
  /** ms of `performance.now()` when it was ready. */
  readyAt = 0;
  /** ms that it was ready, once it has ended; whole ones, at least 1. */
  uptime = 0;
  /** Calls that were answered. */
  answers = 0;
  /** Calls and casts that it was given, and how many there may be. */
  #given = 0;
  readonly #mostCalls: number;
  readonly times = new Times();
  reason: ExitReason | undefined;
  /** Why it goes though it did not die. */
  retirement: Retirement | undefined;
  readonly #settings: Settings;
  readonly #listener: WorkerListener;
  readonly #observer: PoolObserver;
  readonly #stderr: Stderr;
  readonly #heartbeat: Heartbeat | undefined;
  readonly #handshake: Handshake;
  #child: Child | undefined;
  #box: BlackBox | undefined;
  /** Of the program's file. */
  #identity: string | undefined;
  /** Why it was ended, when it did not end by itself. */
  #killReason: KillReason | undefined;
  /** What it sent that cannot be understood. */
  fault: Error | undefined;
  /** It closed a pipe: what is written now goes nowhere, or its answer does. */
  #isCutOff = false;
  #killTimer: NodeJS.Timeout | undefined;
  /** When it is killed, in ms of the monotonic clock. */
  #killAt = Number.POSITIVE_INFINITY;
  /** It was asked what a call is doing, and is killed when this is over. */
  #stuckTimer: NodeJS.Timeout | undefined;
  /** Its output is not read, because it makes this process hold too much. */
  #isHeld = false;
  /** How often that began or ended. */
  #holds = 0;
  #heldTimer: NodeJS.Timeout | undefined;
  #whenEnded: (() => void)[] = [];

  constructor(
    settings: Settings,
    listener: WorkerListener,
    observer: PoolObserver,
    index: number,
    stderr: Stderr,
  ) {
    this.#settings = settings;
    this.#listener = listener;
    this.#observer = observer;
    this.index = index;
    this.#stderr = stderr;
    this.#mostCalls = settings.recycle.maxCalls ?? Number.POSITIVE_INFINITY;
    const { codec, handlers, heartbeat } = settings;
    this.#channel = new Channel(this, this, codec, handlers, settings);
    this.#handshake = new Handshake(settings, () => this.#end(notReady));
    if (heartbeat !== undefined) this.#heartbeat = new Heartbeat(heartbeat, this);
  }

  /**
   * Spawns the program and waits until it is ready.
   * @param restart the death that it follows, for who listens
   * @throws SpawnError, HandshakeError; nothing is left running then
   */
  start(restart?: SpawnTrace["restart"]): Promise<void> {
    const errnos = restart === undefined ? BUSY : SCARCE;
    if (!spawnChannel.hasSubscribers) return this.#start(errnos);
    const trace: SpawnTrace = { path: this.#settings.path, worker: this.index, restart };
    return spawnChannel.tracePromise(() => this.#start(errnos), trace);
  }

  /** @param errnos refusals of the system that are waited for */
  async #start(errnos: ReadonlySet<string>): Promise<void> {
    const { path, args, env, extendEnv, wrap, maxInFlight, threads } = this.#settings;
    const cwd = folderFor(this.#settings.cwd, this.#settings.hostFolder);
    this.#box = BlackBox.create(maxInFlight, threads + SPARE_THREADS);
    const box = this.#box === undefined ? {} : { PORTREEVE_BOX: this.#box.name };
    const fds = this.#box?.inherited ?? [];
    this.#identity = identity(path);
    const retry = { errnos, ms: SPAWN_RETRY, isWanted: () => this.#killReason === undefined };
    try {
      this.#child = await spawnChild(
        {
          path,
          args,
          env: { ...env, ...box },
          extendEnv,
          cwd,
          wrap,
          fds,
          drainTimeout: DRAIN_TIMEOUT,
          retry,
        },
        this,
      );
    } catch (error) {
      this.#handshake.ended();
      this.#die();
      throw error;
    }
    this.#child.unref();
    this.pid = this.#child.pid;
    if (this.#killReason !== undefined) this.#child.kill("SIGKILL");
    else await this.#greet();
    await this.#handshake.done;
    // It can say ready and be dead, or killed, by the time that is read.
    if (this.state === "starting" && this.reason === undefined && this.#killReason === undefined)
      this.#begin();
    else await this.#giveUp();
  }

  /** @throws EtfError when the option `start` makes it larger than what a program takes */
  async #greet(): Promise<void> {
    try {
      this.#channel.outbox.greet(this.#handshake.hostHello());
    } catch (error) {
      this.#end(killedWithPort);
      await this.whenEnded();
      throw error;
    }
  }

  /** @throws HandshakeError, when it is gone */
  async #giveUp(): Promise<never> {
    await this.whenEnded();
    throw await this.#handshake.failure(this.#stderr.tail, this.reason, this.#killReason?.text);
  }

  #begin(): void {
    if (this.#box?.isAttached === false) this.#dropBox();
    this.state = "ready";
    this.readyAt = monotonic();
    this.#heartbeat?.start();
    // Only now: what a program says of itself does not hold before it runs.
    const hello = this.#handshake.said;
    if (hello !== undefined) this.#listener.hello(hello);
  }

  /** Whether the program keeps a black box: without one every call that was written counts as begun. */
  get hasBox(): boolean {
    return this.#box !== undefined;
  }

  /** What it runs, as it was when it was started. */
  get program(): CrashedProgram {
    const { path, args, env, extendEnv, wrap } = this.#settings;
    const cwd = folderFor(this.#settings.cwd, this.#settings.hostFolder);
    return { path, args, env, extendEnv, cwd, wrap, identity: this.#identity };
  }

  /**
   * In the middle of a frame a living program is not enough. Of its own frame the rest has to come, and more of it than
   * answers to pings, which may fall into it; and when it waits for the rest of one that this process has sent, all that
   * it gets is taken for that.
   */
  pulse(): number {
    const { received, isPartial } = this.#channel.inbox;
    const { isSent } = this.#channel.outbox;
    if (isPartial) return Math.floor(received / PROGRESS_BYTES) + this.#holds;
    const life = received + this.#holds;
    return isSent && this.#box?.isInside === true ? life : life + Number(this.#box?.tick ?? 0);
  }

  ping(): void {
    this.#channel.outbox.ping();
  }

  frozen(ms: number): void {
    // What it says is not read: it cannot give a sign.
    if (this.#isHeld) return;
    this.#end(unresponsive(ms, this.#settings.heartbeat?.timeout));
  }

  /** Whether the function of this call began. */
  stateOf(id: number): CallState {
    return this.#box?.stateOf(id) ?? "begun";
  }

  #dropBox(): void {
    this.#box?.close();
    this.#box = undefined;
  }

  /** Whether a call may be sent to it now. */
  get isAvailable(): boolean {
    return this.state === "ready" && !this.#isCutOff && !this.isSpent && this.#channel.outbox.hasRoom;
  }

  /** Whether it was given as many calls as it may have (`recycle.maxCalls`). */
  get isSpent(): boolean {
    return this.#given >= this.#mostCalls;
  }

  /** Whether it has a call that is not answered. */
  get isBusy(): boolean {
    return this.#channel.pending.size > 0;
  }

  /** How many calls it has and has not answered. */
  get inFlight(): number {
    return this.#channel.pending.size;
  }

  /** Bytes that it makes this process hold. */
  get heldBytes(): number {
    const { owed, unanswered, unread } = this.#channel.held;
    return owed + unanswered + unread;
  }

  /** Answers that belong to no call (any more). */
  get strays(): number {
    return this.#channel.inbox.strays;
  }

  /** Messages that were dropped. */
  get malformed(): number {
    return this.#channel.inbox.malformed;
  }

  /** Casts that had not left this process when it ended. */
  get lostCasts(): number {
    return this.#channel.outbox.lostCasts;
  }

  /** The function whose call was a frame that the program could not read. */
  get unreadable(): string | undefined {
    return this.#channel.inbox.unreadable;
  }

  // Calls.

  /** Encodes a call for it; `send` is to follow in the same turn. @throws EtfError, CallError (CALL_BADARG) */
  encode(to: Target, args: readonly unknown[], call: Call): void {
    const { timeout, trace } = call.traits;
    this.#channel.outbox.encode(to, args, timeout, trace, call);
  }

  /** Sends the call that was encoded last. */
  send(call: Call): void {
    this.#channel.outbox.send(call);
    this.#give();
  }

  /** Sends a call that was encoded elsewhere. @param passed ms of its timeout */
  forward(call: Call, passed: number): void {
    const { timeout } = call.traits;
    if (timeout !== 0 && passed > 0) patchTimeout(call.slab, call.end, timeout - passed);
    this.#channel.outbox.forward(call);
    this.#give();
  }

  /** Sends a message that gets no answer. @throws as {@link encode} does */
  cast(to: Target, args: readonly unknown[]): void {
    this.#channel.outbox.cast(to, args);
    this.#give();
  }

  /** Sends a cast that was encoded elsewhere. */
  forwardCast(cast: Call): void {
    this.#channel.outbox.forwardCast(cast);
    this.#give();
  }

  cancel(id: number): void {
    this.#channel.outbox.cancel(id);
  }

  #give(): void {
    this.#given += 1;
    if (this.#given === this.#mostCalls) this.#listener.spent(this);
  }

  ignoredCancel(call: Call): void {
    this.#listener.ignoredCancel(this, call);
  }

  /**
   * Takes no more calls and goes when it has none, or when its time is over. Of two reasons that which leaves it less
   * time holds.
   */
  retire(retirement: Retirement): void {
    if (this.state !== "ready" && this.state !== "retiring") return;
    if (this.reason !== undefined || this.#killReason !== undefined) return;
    if (this.retirement?.kind !== "ignored") this.retirement = retirement;
    this.#killIn(timeOf(retirement), retiredTooLong(retirement));
    this.stop();
    this.#endWhenIdle();
  }

  /** Takes no more calls; the program is told to finish what it has and to exit. */
  stop(): void {
    if (this.state !== "ready") return;
    this.state = "retiring";
    this.#channel.outbox.stop();
    this.#listener.lost(this);
  }

  /** Ends it in `ms`, unless it is ended sooner. */
  killIn(ms: number, reason: KillReason): void {
    this.#killIn(ms, reason);
  }

  /** Ends it at once. */
  kill(reason: KillReason): void {
    if (this.#stuckTimer === undefined) this.#end(reason);
    else this.#child?.kill("SIGKILL");
  }

  #killIn(ms: number, reason: KillReason): void {
    const at = monotonic() + ms;
    if (at >= this.#killAt || this.reason !== undefined) return;
    this.#killAt = at;
    clearTimeout(this.#killTimer);
    this.#killTimer = setTimeout(() => this.#end(reason), ms).unref();
  }

  /** Why its port decided to end it; undefined when it ended by itself, or for what it did. */
  get decision(): string | undefined {
    return this.fault === undefined && this.#isKilled ? this.#killReason?.decision : undefined;
  }

  /** It ended by a signal from here. By any other way it ended by itself, a moment before that. */
  get #isKilled(): boolean {
    const signal = this.reason?.signal;
    // SIGABRT: the question reached no handler.
    return signal === "SIGKILL" || (signal === "SIGABRT" && this.#stuckTimer !== undefined);
  }

  /** Resolves when it is reaped and all that it wrote was read. */
  whenEnded(): Promise<void> {
    return new Promise((resolve) => {
      if (this.state === "dead") resolve();
      else this.#whenEnded.push(resolve);
    });
  }

  /** What an error about its end tells. */
  endFacts(): PortExitInfo {
    const { exitCode = null, signal = null } = this.reason ?? {};
    const { pid, uptime } = this;
    return { exitCode, signal, pid, uptime, stderr: this.#stderr.tail };
  }

  /** What the user is told of its end. */
  exitInfo(unanswered: number): WorkerExit {
    const { exitCode = null, signal = null } = this.reason ?? {};
    const { index: worker, pid, uptime } = this;
    return { worker, pid, exitCode, signal, reason: this.describeEnd(), uptime, unanswered };
  }

  /** What became of it, in words. */
  describeEnd(): string {
    if (this.fault !== undefined) return `broke the protocol: ${this.fault.message}`;
    const { reason } = this;
    if (this.#killReason !== undefined && (reason === undefined || this.#isKilled))
      return this.#killReason.text;
    const end =
      exceeded(this.#settings.limits, { signal: reason?.signal, stderr: this.#stderr.tail }) ??
      describeExit(reason ?? { exitCode: null, signal: null });
    return this.#channel.inbox.isPartial ? `${end} in the middle of a frame` : end;
  }

  #end(reason: KillReason): void {
    if (this.state === "dead" || this.reason !== undefined || this.#killReason !== undefined) return;
    this.#killReason = reason;
    if (reason.isStuck === true && this.#ask()) {
      const kill = () => this.#child?.kill("SIGKILL");
      this.#stuckTimer = setTimeout(kill, STUCK_GRACE).unref();
    } else this.#child?.kill("SIGKILL");
    this.#lose();
  }

  /** Asks the program what a stuck call of it is doing: it tells that in its black box, and kills itself. @returns whether it was asked */
  #ask(): boolean {
    const { retirement } = this;
    if (this.#box === undefined || !canBeAsked(this.#settings.wrap)) return false;
    const running = this.#box.running.map((id) => this.#channel.pending.get(id) as Call | undefined);
    const ignored = retirement?.kind === "ignored" ? retirement.id : undefined;
    const id = stuckId(
      running.filter((call) => call !== undefined),
      ignored,
    );
    if (id === undefined) return false;
    this.#box.ask(id);
    return this.#child?.kill("SIGABRT") === true;
  }

  /** No new calls from now on. */
  #lose(): void {
    this.#heartbeat?.stop();
    if (this.state !== "ready") return;
    this.state = "retiring";
    this.#listener.lost(this);
  }

  /**
   * A worker that retires and has nothing left exits by itself, for it was told to. One that ignores a cancel does not,
   * and is not waited for when nobody waits for any of its calls.
   */
  #endWhenIdle(): void {
    if (this.state !== "retiring") return;
    const { retirement } = this;
    if (!this.isBusy) this.#killIn(this.#settings.shutdown, outlivedStop(this.#settings.shutdown));
    else if (retirement?.kind === "ignored" && !this.#channel.hasAwaited())
      this.#end(nobodyWaits(retirement.function));
  }

  // Bytes out.

  get buffered(): number {
    return this.#child?.stdinBuffered ?? 0;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    const [first] = chunks;
    if (this.#child === undefined || first === undefined) return true;
    if (this.state === "starting") this.#handshake.sent(first);
    return chunks.length === 1 ? this.#child.write(first) : this.#child.writev(chunks);
  }

  /** It has to read what it asked for, or wait until handlers have answered, before it is listened to again. */
  read(isWanted: boolean): void {
    this.#isHeld = !isWanted;
    this.#holds += 1;
    clearTimeout(this.#heldTimer);
    this.#child?.read(isWanted);
    if (!isWanted) this.#watchHeld();
  }

  #watchHeld(): void {
    clearTimeout(this.#heldTimer);
    const grace = this.#settings.heartbeat?.timeout ?? HELD_GRACE;
    this.#heldTimer = setTimeout(() => this.#end(misbehaved(this.#describeHeld(grace))), grace).unref();
  }

  #describeHeld(ms: number): string {
    const { owed, unanswered, calls, unread } = this.#channel.held;
    const { maxHeldBytes } = this.#settings;
    const parts = [
      `${owed} bytes that it asked for and did not read`,
      `${unanswered} of ${calls} calls that no handler has answered`,
      `${unread} of unfinished messages`,
    ];
    return `made its host hold more than ${maxHeldBytes} bytes (maxHeldBytes) and read nothing for ${ms} ms: ${parts.join(", ")}`;
  }

  // What the process does.

  data(chunk: Uint8Array): void {
    if (this.state === "starting") this.#handshake.received(chunk);
    this.#channel.receive(chunk);
  }

  stderr(chunk: Uint8Array, readOn: () => void): boolean {
    return this.#stderr.push(chunk, readOn);
  }

  drain(): void {
    this.#channel.outbox.drained();
    // It has read something: it gets its time anew.
    if (this.#isHeld) this.#watchHeld();
  }

  stdinClosed(): void {
    if (this.#killReason === undefined) this.#handshake.stdinClosed();
    this.#endSoon(misbehaved("closed its stdin and lived on"));
  }

  stdoutEnded(): void {
    // Of a program that was killed it says nothing.
    if (this.#killReason === undefined) this.#handshake.stdoutEnded();
    this.#endSoon(misbehaved("closed its stdout and lived on"));
  }

  /** A pipe closes a moment before the exit is known: what it died of is the better reason. */
  #endSoon(reason: KillReason): void {
    this.#isCutOff = true;
    this.#killIn(PIPE_GRACE, reason);
  }

  exit(reason: ExitReason): void {
    this.reason = reason;
    if (this.readyAt > 0) this.uptime = Math.ceil(monotonic() - this.readyAt);
    for (const timer of [this.#killTimer, this.#heldTimer, this.#stuckTimer]) clearTimeout(timer);
    this.#lose();
  }

  closed(): void {
    const wasReady = this.state !== "starting";
    this.state = "dead";
    const box = this.#box?.read();
    for (const replies of box?.replies ?? [])
      this.#channel.recover(replies, (id) => box?.stateOf(id) === "finished");
    const calls = this.#channel.close() as Call[];
    this.#handshake.ended();
    this.#die();
    if (wasReady) this.#listener.ended(this, calls, box);
    // The user's code comes last.
    this.#stderr.end();
  }

  #die(): void {
    this.state = "dead";
    this.#dropBox();
    for (const resolve of this.#whenEnded) resolve();
    this.#whenEnded = [];
  }

  // What the program says.

  hello(hello: Hello): void {
    this.#handshake.hello(hello);
  }

  ready(): void {
    this.#handshake.ready();
  }

  failed(message: string): void {
    this.#handshake.failed(message);
  }

  broken(error: Error): void {
    this.#handshake.broken(error);
    this.fault = error;
    this.#end(misbehaved("broke the protocol"));
  }

  writable(): void {
    if (this.state === "ready") this.#listener.available(this);
  }

  answered(calls: number): void {
    this.answers += calls;
    if (this.state === "ready") this.#listener.available(this);
    else this.#endWhenIdle();
  }

  event(topic: string, value: unknown): void {
    this.#observer.event(topic, value);
  }

  log(record: LogRecord): void {
    this.#observer.log(record);
  }

  span(span: ProgramSpan): void {
    this.#observer.span(this.index, this.pid, span);
  }
}

function timeOf(retirement: Retirement): number {
  return retirement.kind === "planned" ? retirement.drain : retirement.shutdown;
}
