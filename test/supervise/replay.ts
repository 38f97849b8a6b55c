/**
 * Replays a trace on the engine and tells what happened, in the words of oracle.escript, which does the same on OTP.
 */
import { Backoff } from "../../src/restart/backoff.ts";
import { Intensity } from "../../src/restart/intensity.ts";
import type { ExitReason } from "../../src/supervise/child.ts";
import type { Answer, Command, Entry, Steps, Supervised } from "../../src/supervise/command.ts";
import { Engine } from "../../src/supervise/engine.ts";
import { SupervisorError } from "../../src/supervise/error.ts";
import type { Op, Outcome, Reason, Trace, TraceChild } from "./trace.ts";

const reasons: Record<Reason, ExitReason> = {
  normal: "normal",
  shutdown: "shutdown",
  shutdown_term: { shutdown: "why" },
  abnormal: { error: "abnormal" },
};

/** One line: every start, stop and answer in order, and what was left. */
export function replay(trace: Trace, number: number): string {
  return `${number}: ${new Replay(trace).run().join("; ")}`;
}

class Replay {
  readonly #trace: Trace;
  readonly #engine: Engine<Supervised>;
  readonly #scripts: Map<string, Outcome[]>;
  readonly #lines: string[] = [];
  readonly #mailbox: (() => void)[] = [];
  /** Children that ended by themselves, by pid: there is nothing left to stop. */
  readonly #dead = new Set<number>();
  #exited = false;

  constructor(trace: Trace) {
    this.#trace = trace;
    this.#scripts = new Map(trace.children.map(({ id, script }) => [id, [...script]]));
    this.#engine = new Engine({
      strategy: trace.strategy,
      autoShutdown: trace.autoShutdown,
      intensity: new Intensity(trace.intensity, 3_600_000),
      newBackoff: () => new Backoff({ initial: 0 }),
      now: () => 0,
    });
  }

  run(): string[] {
    const first = this.#trace.children.filter(({ restart }) => restart !== "later").map(specOf);
    try {
      this.#carryOut(this.#engine.start(this.#trace.strategy === "simple_one_for_one" ? [] : first));
    } catch (error) {
      if (!(error instanceof SupervisorError)) throw error;
      this.#lines.push(`failed to start ${error.child}`);
      return this.#lines;
    }
    for (const batch of this.#trace.batches) {
      this.#deliver(batch);
      if (this.#exited) break;
    }
    if (!this.#exited) {
      this.#lines.push(`left ${this.#left()}`);
      this.#carryOut(this.#engine.shutdown());
    }
    this.#lines.push("exit shutdown");
    return this.#lines;
  }

  #deliver(batch: readonly Op[]): void {
    const pids = new Map(this.#engine.entries().map((child) => [child.spec.id, child.pid]));
    const answers: string[] = [];
    for (const op of batch) {
      if (op[0] === "exit") this.#die(pids.get(op[1]) ?? 0, reasons[op[2]]);
      else this.#mailbox.push(() => answers.push(`${op[0]}: ${this.#request(op)}`));
    }
    for (let message = this.#mailbox.shift(); message; message = this.#mailbox.shift()) message();
    this.#lines.push(...answers);
  }

  #die(pid: number, reason: ExitReason): void {
    if (pid === 0 || this.#dead.has(pid)) return;
    this.#dead.add(pid);
    this.#mailbox.push(() => this.#carryOut(this.#engine.exit(pid, reason)));
  }

  #request(op: Op): string {
    try {
      return this.#perform(op);
    } catch (error) {
      if (!(error instanceof SupervisorError)) throw error;
      return error.code === "SUPERVISOR_START" ? "start_error" : error.code.slice(11).toLowerCase();
    }
  }

  #perform(op: Op): string {
    const [name, id] = op;
    switch (name) {
      case "start_child": {
        const [, , restart, significant] = op;
        return this.#started(this.#engine.startChild({ id, restart, significant, type: "worker" }));
      }
      case "start_dynamic": {
        const [template] = this.#trace.children;
        if (template === undefined) throw new Error("a trace of dynamic children begins with their template");
        return this.#started(this.#engine.startChild({ ...specOf(template), id }));
      }
      case "restart_child":
        return this.#started(this.#engine.restartChild(id));
      case "delete_child":
        this.#engine.deleteChild(id);
        return "ok";
      default:
        this.#carryOut(this.#engine.stopChild(id));
        return "ok";
    }
  }

  #started(steps: Steps<Supervised, Entry<Supervised>>): string {
    return this.#carryOut(steps).status === "running" ? "ok" : "ignored";
  }

  #carryOut<T>(steps: Steps<Supervised, T>): T {
    let step = steps.next();
    while (!step.done) step = steps.next(this.#execute(step.value));
    return step.value;
  }

  #execute(command: Command<Supervised>): Answer | undefined {
    switch (command.do) {
      case "start":
        return this.#start(command.child.spec.id);
      case "stop":
        return this.#stop(command.children);
      case "retry":
        this.#mailbox.push(() => this.#carryOut(this.#engine.retry(command.child)));
        return undefined;
      case "exit":
        this.#exited = true;
        return undefined;
      case "wait":
        throw new Error("a backoff of 0 ms never waits");
      case "report":
        return undefined;
    }
  }

  #start(id: string): Answer {
    const outcome = this.#scripts.get(id)?.shift() ?? "ok";
    this.#lines.push(`start ${id} ${outcome}`);
    if (outcome === "ok") return "started";
    return outcome === "ignore" ? "ignore" : { error: outcome };
  }

  #stop(children: readonly Entry<Supervised>[]): undefined {
    for (const { pid, spec } of children) if (!this.#dead.has(pid)) this.#lines.push(`stop ${spec.id}`);
  }

  #left(): string {
    const words = this.#engine
      .entries()
      .map(({ spec, status }) => `${spec.id}${status === "running" ? "+" : "-"}`);
    return (this.#trace.strategy === "simple_one_for_one" ? words.sort() : words).join(" ");
  }
}

function specOf({ id, restart, significant }: TraceChild): Supervised {
  if (restart === "later") throw new Error(`${id} is not one of the first children`);
  return { id, restart, significant, type: "worker" };
}
