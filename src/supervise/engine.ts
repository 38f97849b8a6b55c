/**
 * OTP's supervisor as a state machine without I/O: an event goes in, commands come out, and the answer to a command
 * decides the next one. Each method is a generator that handles one event; whoever drives it (supervisor.ts, or
 * the oracle test) carries out what it yields and handles one event after the other, as an Erlang process would.
 */
import type { ExitReason } from "./child.ts";
import type { Command, Counts, Entry, Flags, Report, Steps, Supervised } from "./command.ts";
import { refusal, SupervisorError, startError } from "./error.ts";
import { afterExit, endsSupervisor, groupOf, type Significance } from "./strategy.ts";

export class Engine<S extends Supervised> {
  readonly #flags: Flags;
  /** In start order. */
  readonly #children = new Map<string, Entry<S>>();
  readonly #running = new Map<number, Entry<S>>();
  readonly #dynamic: boolean;
  #pids = 0;
  #tickets = 0;
  #over = false;

  constructor(flags: Flags) {
    this.#flags = flags;
    this.#dynamic = flags.strategy === "simple_one_for_one";
  }

  /** Whether the supervisor has ended or is ending. */
  get over(): boolean {
    return this.#over;
  }

  /** All children, in start order. */
  entries(): readonly Entry<S>[] {
    return [...this.#children.values()];
  }

  find(id: string): Entry<S> | undefined {
    return this.#children.get(id);
  }

  counts(): Counts {
    const { size } = this.#children;
    const supervisors = this.entries().filter((child) => child.spec.type === "supervisor").length;
    const specs = this.#dynamic ? 1 : size;
    return { specs, active: this.#running.size, supervisors, workers: size - supervisors };
  }

  /** Starts the first children, in order. When one fails, those before it are stopped and this throws. */
  *start(specs: readonly S[]): Steps<S> {
    for (const spec of specs) {
      const child = this.#add(spec, []);
      const failure = yield* this.#start(child);
      if (failure === undefined) continue;
      yield* this.shutdown();
      throw startError(spec.id, failure.error);
    }
  }

  /** A child ended by itself. Of one that was stopped, or is unknown, nothing is left to do. */
  *exit(pid: number, reason: ExitReason): Steps<S> {
    const child = this.#running.get(pid);
    if (this.#over || child === undefined) return;
    const { strategy, intensity, now } = this.#flags;
    this.#running.delete(pid);
    yield report({ event: "exit", id: child.spec.id, reason });
    if (now() - child.startedAt >= intensity.period) child.backoff.reset();
    const decision = afterExit(child.spec.restart, reason, strategy);
    if (decision === "restart") {
      this.#await(child, 0);
      return yield* this.#restart(child);
    }
    this.#rest(child, decision === "remove");
    if (this.#ends(child)) yield* this.shutdown();
  }

  /** Tries once more to start a child whose restart failed, if that is still wanted. Counts as a restart. */
  *retry(child: Entry<S>): Steps<S> {
    if (this.#over || child.status !== "restarting" || child.ticket !== 0) return;
    yield* this.#restart(child);
  }

  /** The backoff of a child is over. It has been counted already. */
  *due(child: Entry<S>, ticket: number): Steps<S> {
    if (this.#over || child.ticket !== ticket) return;
    yield* this.#cycle(child);
  }

  /** `supervisor:start_child/2`. A child that fails to start leaves no spec behind. */
  *startChild(spec: S, args: readonly unknown[] = []): Steps<S, Entry<S>> {
    this.#refuseWhenOver();
    const present = this.#children.get(spec.id);
    if (present?.status === "running") throw refusal("ALREADY_STARTED", spec.id, "is running already");
    if (present !== undefined) {
      throw refusal(
        "ALREADY_PRESENT",
        spec.id,
        "exists already: restartChild runs it, deleteChild forgets it",
      );
    }
    const child = this.#add(spec, args);
    const failure = yield* this.#start(child);
    if (failure === undefined) return child;
    this.#rest(child, true);
    throw startError(spec.id, failure.error);
  }

  /** `supervisor:terminate_child/2`: also ends the wait for a restart. The spec stays, but for a temporary child. */
  *stopChild(id: string): Steps<S> {
    this.#refuseWhenOver();
    yield* this.#stop([this.#known(id)]);
  }

  /** `supervisor:restart_child/2`: starts a child that does not run. When that fails, the spec stays. */
  *restartChild(id: string): Steps<S, Entry<S>> {
    const child = this.#idle(id);
    child.backoff.reset();
    const failure = yield* this.#start(child);
    if (failure !== undefined) throw startError(id, failure.error);
    return child;
  }

  /** `supervisor:delete_child/2`: forgets a child that does not run. */
  deleteChild(id: string): void {
    this.#rest(this.#idle(id), true);
  }

  /** Stops all children in reverse start order, dynamic ones all at once, and ends. Harmless when it has ended. */
  *shutdown(): Steps<S> {
    if (this.#over) return;
    this.#over = true;
    const children = this.entries().toReversed();
    if (this.#dynamic) yield* this.#stop(children);
    else for (const child of children) yield* this.#stop([child]);
    yield { do: "exit" };
  }

  /** Counts, gives up or goes on: at once, or when the backoff is over. Those that go with it are stopped at once. */
  *#restart(child: Entry<S>): Steps<S> {
    if (!this.#flags.intensity.add(this.#flags.now())) {
      yield report({ event: "gaveUp", id: child.spec.id });
      return yield* this.shutdown();
    }
    const ms = child.backoff.next();
    if (ms === 0) return yield* this.#cycle(child);
    yield* this.#stopRest(this.#groupOf(child), child);
    this.#tickets += 1;
    this.#await(child, this.#tickets);
    yield { do: "wait", child, ticket: this.#tickets, ms };
  }

  /** Stops the group and starts it again, up to the first that fails; that one is retried, with its own group. */
  *#cycle(child: Entry<S>): Steps<S> {
    const all = this.#groupOf(child);
    yield* this.#stopRest(all, child);
    const group = all.filter((member) => this.#children.get(member.spec.id) === member);
    for (const member of group) this.#await(member, 0);
    for (const [index, member] of group.entries()) {
      const failure = yield* this.#start(member);
      if (failure === undefined) {
        if (member.status === "running") yield report({ event: "restart", id: member.spec.id });
        continue;
      }
      for (const later of group.slice(index + 1)) this.#rest(later, false);
      yield report({ event: "startError", id: member.spec.id, error: failure.error });
      yield { do: "retry", child: member };
      return;
    }
  }

  /** Stops the others of a group, from last to first; `child` itself is gone already. */
  *#stopRest(group: readonly Entry<S>[], child: Entry<S>): Steps<S> {
    for (const member of group.toReversed()) {
      if (member !== child) yield* this.#stop([member]);
    }
  }

  *#stop(children: readonly Entry<S>[]): Steps<S> {
    const running = children.filter((child) => child.status === "running");
    if (running.length > 0) yield { do: "stop", children: running };
    for (const child of children) this.#rest(child, child.spec.restart === "temporary" || this.#dynamic);
  }

  *#start(child: Entry<S>): Steps<S, { readonly error: unknown } | undefined> {
    this.#pids += 1;
    const pid = this.#pids;
    const answer = yield { do: "start", child, pid };
    if (typeof answer === "object") return answer;
    if (answer === "ignore") return this.#rest(child, child.spec.restart === "temporary" || this.#dynamic);
    if (child.spec.restart === "temporary") child.args = [];
    child.status = "running";
    child.pid = pid;
    child.ticket = 0;
    child.startedAt = this.#flags.now();
    this.#running.set(pid, child);
    return undefined;
  }

  #groupOf(child: Entry<S>): readonly Entry<S>[] {
    const children = this.entries();
    return groupOf(this.#flags.strategy, children, children.indexOf(child));
  }

  #ends(child: Entry<S>): boolean {
    return endsSupervisor(this.#flags.autoShutdown, child.spec.significant, this.#significance());
  }

  *#significance(): Generator<Significance> {
    for (const { spec, status } of this.#children.values()) {
      yield { significant: spec.significant, active: status !== "stopped" };
    }
  }

  #add(spec: S, args: readonly unknown[]): Entry<S> {
    const backoff = this.#flags.newBackoff();
    const child: Entry<S> = { spec, args, status: "stopped", pid: 0, startedAt: 0, ticket: 0, backoff };
    this.#children.set(spec.id, child);
    return child;
  }

  /** From now on it does not run, and is not about to. */
  #rest(child: Entry<S>, forget: boolean): undefined {
    this.#running.delete(child.pid);
    child.status = "stopped";
    child.pid = 0;
    child.ticket = 0;
    if (forget) this.#children.delete(child.spec.id);
  }

  /** From now on it is about to run: now (0), or when the wait of this number is over. */
  #await(child: Entry<S>, ticket: number): void {
    child.status = "restarting";
    child.pid = 0;
    child.ticket = ticket;
  }

  #refuseWhenOver(): void {
    if (this.#over) throw new SupervisorError("SUPERVISOR_CLOSED", "the supervisor has ended, or is ending");
  }

  #known(id: string): Entry<S> {
    const child = this.#children.get(id);
    if (child === undefined) throw refusal("NOT_FOUND", id, "does not exist");
    return child;
  }

  /** A child that neither runs nor is about to. */
  #idle(id: string): Entry<S> {
    this.#refuseWhenOver();
    const child = this.#known(id);
    if (child.status === "running") throw refusal("RUNNING", id, "is running: stop it first, with stopChild");
    if (child.status === "restarting") {
      throw refusal("RESTARTING", id, "is about to be restarted: stopChild prevents that");
    }
    return child;
  }
}

function report<S extends Supervised>(what: Report): Command<S> {
  return { do: "report", report: what };
}
