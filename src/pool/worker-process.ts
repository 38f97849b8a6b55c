/** The process of one worker and its black box: how it is started, and what is asked of it while it runs. */

import { identity } from "../diagnose/foreign.ts";
import type { Settings } from "../options/settings.ts";
import { folderFor } from "../options/snapshot.ts";
import { BlackBox, type BoxReading, type CallState } from "../process/blackbox.ts";
import type { Child, ChildListener } from "../process/child.ts";
import { spawnChild } from "../process/spawn.ts";
import type { CrashedProgram } from "../process/symbolize.ts";
import { canBeAsked } from "./stuck.ts";

/** Places in the black box for threads beyond those that compute: the reader, and some that wait. */
const SPARE_THREADS = 6;
/** How long a grandchild that holds the pipe can delay what follows from a death, in ms. */
const DRAIN_TIMEOUT = 250;

/** How long a start waits for what passes by itself, in ms, within `startTimeout`. */
const SPAWN_RETRY = 500;
/** Somebody has the program's file open for writing: a build or a deploy that is about to be done. */
const BUSY: ReadonlySet<string> = new Set(["ETXTBSY"]);
/** A restart also waits for what the system lacks at the moment; an `open` is told. */
const SCARCE: ReadonlySet<string> = new Set([...BUSY, "EAGAIN", "ENOMEM", "EMFILE", "ENFILE"]);

export class WorkerProcess {
  readonly #settings: Settings;
  #child: Child | undefined;
  #box: BlackBox | undefined;
  /** Of the program's file. */
  #identity: string | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * Starts it. It keeps Node alive no longer than its calls do.
   * @param isRestart waits for more than an `open` does
   * @param isWanted whether anybody still wants it
   * @throws SpawnError
   */
  async start(listener: ChildListener, isRestart: boolean, isWanted: () => boolean): Promise<void> {
    const { maxInFlight, threads } = this.#settings;
    this.#box = BlackBox.create(maxInFlight, threads + SPARE_THREADS);
    this.#identity = identity(this.#settings.path);
    const box = this.#box === undefined ? {} : { PORTREEVE_BOX: this.#box.name };
    const { env, ...surroundings } = this.#surroundings;
    const options = {
      ...surroundings,
      env: { ...env, ...box },
      fds: this.#box?.inherited ?? [],
      drainTimeout: DRAIN_TIMEOUT,
      retry: { errnos: isRestart ? SCARCE : BUSY, ms: SPAWN_RETRY, isWanted },
    };
    this.#child = await spawnChild(options, listener);
    this.#child.unref();
  }

  get #surroundings() {
    const { path, args, env, extendEnv, wrap, cwd, hostFolder } = this.#settings;
    return { path, args, env, extendEnv, wrap, cwd: folderFor(cwd, hostFolder) };
  }

  /** What it runs, as it was when it was started. */
  get program(): CrashedProgram {
    return { ...this.#surroundings, identity: this.#identity };
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Bytes that were written but are not with the system yet. */
  get buffered(): number {
    return this.#child?.stdinBuffered ?? 0;
  }

  /** @returns false when the pipe is full */
  write(chunks: readonly Uint8Array[]): boolean {
    const [first] = chunks;
    if (this.#child === undefined || first === undefined) return true;
    return chunks.length === 1 ? this.#child.write(first) : this.#child.writev(chunks);
  }

  /** Whether its output is to be read. */
  read(isWanted: boolean): void {
    this.#child?.read(isWanted);
  }

  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  /** Calls that a thread of it runs, by Id. */
  get running(): readonly number[] {
    return this.#box !== undefined && canBeAsked(this.#settings.wrap) ? this.#box.running : [];
  }

  /** Asks what this call is doing: it tells that in its black box, and kills itself. @returns whether it was asked */
  ask(id: number): boolean {
    if (this.#box === undefined) return false;
    this.#box.ask(id);
    return this.#child?.kill("SIGABRT") === true;
  }

  /** Whether it keeps a black box: without one every call that was written counts as begun. */
  get hasBox(): boolean {
    return this.#box !== undefined;
  }

  /** Whether the function of this call began. */
  stateOf(id: number): CallState {
    return this.#box?.stateOf(id) ?? "begun";
  }

  /** Grows while the program is alive. */
  get tick(): number {
    return Number(this.#box?.tick ?? 0);
  }

  /** It is in the middle of reading a frame. */
  get isInside(): boolean {
    return this.#box?.isInside === true;
  }

  /** It is ready: a black box that it did not take is none. */
  checkBox(): void {
    if (this.#box?.isAttached === false) this.closeBox();
  }

  readBox(): BoxReading | undefined {
    return this.#box?.read();
  }

  closeBox(): void {
    this.#box?.close();
    this.#box = undefined;
  }
}
