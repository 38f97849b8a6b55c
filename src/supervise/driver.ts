/**
 * Carries out what the engine (engine.ts) decides, on real children. It has a mailbox, as OTP's process has: exits,
 * requests and retries are handled one after the other, each to its end.
 */
import { clearTimeout, setImmediate, setTimeout } from "../timers.ts";
import type { ExitReason } from "./child.ts";
import type { Answer, Command, Entry, Flags, Report, Steps } from "./command.ts";
import { Engine } from "./engine.ts";
import { type Live, startLive, toldToEnd } from "./live.ts";
import type { Spec } from "./spec.ts";

/** How long a port or a supervisor that is being started may take to be gone after it was killed, in ms. */
const killGrace = 5000;

/** Starts the child of a spec; supervise.ts knows the kinds. */
export type Starter = (spec: Spec, signals: StartSignals, args: readonly unknown[]) => unknown;

/** What a start is told while it is under way. */
export interface StartSignals {
  /** Give it up in good order. */
  readonly ending: AbortSignal;
  /** Give it up at once. */
  readonly killed: AbortSignal;
}

/** What the driver tells: all that the engine does, and stops that did not go as they should. */
export type SupervisorEvent =
  | Report
  | {
      readonly event: "shutdownError";
      readonly id: string;
      readonly reason: ExitReason;
      readonly problem: string;
    };

export class Driver {
  readonly engine: Engine<Spec>;
  /** Resolves when the supervisor is over and all its children are gone. */
  readonly exited: Promise<ExitReason>;
  readonly #starter: Starter;
  readonly #tell: (told: SupervisorEvent) => void;
  /** Children by the pid of the engine. */
  readonly #live = new Map<number, Live>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Of the start that is under way: a signal each, so that what listens to it goes with it. */
  #starting: { readonly ending: AbortController; readonly killed: AbortController } | undefined;
  #isEnding = false;
  #isKilled = false;
  #mailbox: Promise<void> = Promise.resolve();
  #resolveExited: (reason: ExitReason) => void = () => {};

  constructor(flags: Flags, starter: Starter, tell: (told: SupervisorEvent) => void) {
    this.engine = new Engine(flags);
    this.#starter = starter;
    this.#tell = tell;
    this.exited = new Promise((resolve) => {
      this.#resolveExited = resolve;
    });
  }

  /** Has an event handled in its turn. Rejects with what the engine throws. */
  post<T>(steps: () => Steps<Spec, T>): Promise<T> {
    return this.turn(() => this.#carryOut(steps()));
  }

  /** Does something in its turn. */
  turn<T>(act: () => T | Promise<T>): Promise<T> {
    const handled = this.#mailbox.then(act);
    this.#mailbox = handled.then(ignore, ignore);
    return handled;
  }

  /** Resolves when all that is in the mailbox now has been handled, and the event loop has turned. */
  nextTurn(): Promise<void> {
    return this.#mailbox.then(() => new Promise((resolve) => setImmediate(resolve)));
  }

  /** What runs as this child, if it does. */
  childOf({ pid }: Entry<Spec>): Live["child"] | undefined {
    return this.#live.get(pid)?.child;
  }

  /** Gives up a start that is under way, and all later ones. */
  abort(): void {
    this.#isEnding = true;
    this.#starting?.ending.abort(toldToEnd());
  }

  /** Kills all that runs at once, and whatever else there will be. The supervisor has still to be shut down. */
  kill(): void {
    this.#isKilled = true;
    this.#starting?.killed.abort(toldToEnd());
    this.abort();
    for (const live of this.#live.values()) void live.end("brutal_kill");
  }

  async #carryOut<T>(steps: Steps<Spec, T>): Promise<T> {
    let step = steps.next();
    while (!step.done) step = steps.next(await this.#execute(step.value));
    return step.value;
  }

  async #execute(command: Command<Spec>): Promise<Answer | undefined> {
    switch (command.do) {
      case "start":
        return this.#start(command.child, command.pid);
      case "stop":
        await Promise.all(command.children.map((child) => this.#stop(child)));
        return undefined;
      case "retry":
        // Through the event loop, so that a start that fails at once, for ever, leaves room for timers and I/O.
        setImmediate(() => void this.post(() => this.engine.retry(command.child)));
        return undefined;
      case "wait":
        this.#wait(command.child, command.ticket, command.ms);
        return undefined;
      case "report":
        this.#tell(command.report);
        return undefined;
      case "exit":
        this.#exit();
        return undefined;
    }
  }

  async #start({ spec, args }: Entry<Spec>, pid: number): Promise<Answer> {
    const [ending, killed] = [new AbortController(), new AbortController()];
    if (this.#isEnding) ending.abort(toldToEnd());
    if (this.#isKilled) killed.abort(toldToEnd());
    this.#starting = { ending, killed };
    const signals = { ending: ending.signal, killed: killed.signal };
    // A port or a supervisor gives up when it is told to, and says when nothing is left; a user's function may not.
    const last =
      typeof spec.start === "function"
        ? undefined
        : { kill: () => killed.abort(toldToEnd()), grace: killGrace };
    try {
      const live = await startLive(() => this.#starter(spec, signals, args), {
        ...signals,
        grace: spec.shutdown,
        last,
      });
      if (live === "ignore") return "ignore";
      this.#live.set(pid, live);
      void live.ended.then((reason) => this.#ended(pid, reason));
      return "started";
    } catch (error) {
      return { error };
    } finally {
      this.#starting = undefined;
    }
  }

  async #ended(pid: number, reason: ExitReason): Promise<void> {
    await this.post(() => this.engine.exit(pid, reason));
    this.#live.delete(pid);
  }

  async #stop({ spec, pid }: Entry<Spec>): Promise<void> {
    const live = this.#live.get(pid);
    if (live === undefined) return;
    const { reason, problem } = await live.end(this.#shutdownOf(spec));
    this.#live.delete(pid);
    if (problem !== undefined) this.#tell({ event: "shutdownError", id: spec.id, reason, problem });
  }

  #shutdownOf(spec: Spec): Spec["shutdown"] {
    return this.#isKilled ? "brutal_kill" : spec.shutdown;
  }

  /** A wait alone keeps no Node alive. */
  #wait(child: Entry<Spec>, ticket: number, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.post(() => this.engine.due(child, ticket));
    }, ms);
    this.#timers.add(timer.unref());
  }

  #exit(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#resolveExited(this.#isKilled ? { error: new Error("the supervisor was killed") } : "shutdown");
  }
}

function ignore(): void {}
