/**
 * The contenders that take part, each in its host process, with the jobs that each of them does. One is given an order at
 * a time; the processes of all others are stopped meanwhile (host/host.ts).
 */

import type { Contender } from "../contenders/contender.ts";
import { Host, HostDied } from "../host/host.ts";
import type { Resident } from "../host/orders.ts";
import { type Pace, type TableJob, warmUp } from "../plan.ts";
import type { Ledger } from "./ledger.ts";

const WARM_UP_IN_FLIGHT = 16;
/** ms of calls after the first, to know what a call takes. */
const CALIBRATION_MS = 8;

export interface Member {
  readonly id: string;
  host: Host;
  /** µs a call takes, of each job it does. */
  readonly micros: Map<TableJob, number>;
  /** It did not answer any more after a death; it is spared another one. */
  spared: boolean;
}

export type Entrant = Pick<Contender, "id" | "title" | "place">;

/** What all parts of a run share. */
export interface Run {
  readonly ledger: Ledger;
  /** All that live; they are killed when the run is ended. */
  readonly hosts: Set<Host>;
  readonly signal: AbortSignal;
  readonly pace: Pace;
  /** What is being done, and the share of its part that is done. */
  readonly progress: (text: string, done: number) => void;
}

export class Party {
  readonly members: Member[] = [];
  readonly #run: Run;
  readonly #pinned: boolean;

  constructor(run: Run, pinned: boolean) {
    this.#run = run;
    this.#pinned = pinned;
  }

  /** Starts a contender; who cannot start takes no part, and why is noted. */
  async admit(
    id: string,
    note: (why: string) => void,
  ): Promise<{ ms: number; member: Member; resident: Resident } | undefined> {
    try {
      const { host, ms } = await this.open(id);
      const member: Member = { id, host, micros: new Map(), spared: false };
      this.members.push(member);
      return { ms, member, resident: await host.ask("resident", {}) };
    } catch (error) {
      this.#run.signal.throwIfAborted();
      note(messageOf(error));
      return undefined;
    }
  }

  /**
   * Checks the answer of each job, sees what a call takes, and warms up for so many ms in all; what a contender cannot do
   * is noted.
   */
  async tryJobs(member: Member, jobs: readonly TableJob[], warmUpMs: number): Promise<void> {
    for (const job of jobs) await this.#try(member, job);
    const tried = new Map([...member.micros].filter(([job]) => jobs.includes(job)));
    for (const { job, ms } of warmUp(tried, warmUpMs))
      await this.attempt(member, this.withoutJob(member, job), () =>
        member.host.ask("cell", { job, inFlight: WARM_UP_IN_FLIGHT, budgetMs: ms, warmMs: 0 }, ms),
      );
  }

  /** A host with a contender that has answered once; nobody's member yet. */
  async open(id: string): Promise<{ host: Host; ms: number }> {
    this.#run.signal.throwIfAborted();
    const host = new Host(id, { pinned: this.#pinned });
    this.#run.hosts.add(host);
    try {
      const { ms } = await host.ask("start", { contender: id });
      return { host, ms };
    } catch (error) {
      await this.close(host);
      throw error;
    }
  }

  async close(host: Host): Promise<void> {
    await host.stop();
    this.#run.hosts.delete(host);
  }

  async #try(member: Member, job: TableJob): Promise<void> {
    await this.attempt(member, this.withoutJob(member, job), async () => {
      const verified = await member.host.ask("verify", { job });
      if ("without" in verified) throw new Error(verified.without);
      const order = { job, inFlight: 1, budgetMs: CALIBRATION_MS, warmMs: CALIBRATION_MS / 4 };
      const { latency } = await member.host.ask("cell", order);
      member.micros.set(job, latency?.p50 ?? verified.micros);
    });
  }

  /** What a failure of a job means: the contender goes on without it. */
  withoutJob(member: Member, job: TableJob): (why: string) => void {
    return (why) => {
      this.#run.ledger.leaveOut(member.id, why, job);
      member.micros.delete(job);
    };
  }

  /** Does something with a contender. If that fails, why is noted; if the host died of it, another begins. */
  async attempt<T>(
    member: Member,
    note: (why: string) => void,
    act: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      this.#run.signal.throwIfAborted();
      note(messageOf(error));
      if (error instanceof HostDied) await this.#replace(member);
      return undefined;
    }
  }

  async #replace(member: Member): Promise<void> {
    await this.close(member.host);
    try {
      member.host = (await this.open(member.id)).host;
      for (const job of member.micros.keys()) await member.host.ask("verify", { job });
    } catch (error) {
      this.#run.signal.throwIfAborted();
      this.#run.ledger.leaveOut(member.id, `did not come back: ${messageOf(error)}`);
      this.members.splice(this.members.indexOf(member), 1);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map(({ host }) => this.close(host)));
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
