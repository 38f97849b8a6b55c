/**
 * The contenders that take part, each in its host process, with the jobs that each of them does. One is given an order at
 * a time; the processes of all others are stopped meanwhile (host/host.ts).
 */

import type { Contender } from "../contenders/contender.ts";
import { Host, HostDied, type HostOptions } from "../host/host.ts";
import type { Resident } from "../host/orders.ts";
import { jobsOf, type Load, type Pace, type TableJob, type WarmUp, warmUp } from "../plan.ts";
import type { Ledger } from "./ledger.ts";

/** ms of calls after the first, to know what a call takes. */
const CALIBRATION_MS = 8;

export interface Member {
  readonly id: string;
  host: Host;
  /** µs a call takes, of each job it does. */
  readonly micros: Map<TableJob, number>;
  /** What it was warmed up by; a host that takes the place of one that died is so as well. */
  warmUps: readonly WarmUp[];
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
  readonly #hosts: HostOptions;

  /** @param hosts how the host of each contender is started */
  constructor(run: Run, hosts: HostOptions = {}) {
    this.#run = run;
    this.#hosts = hosts;
  }

  /** Starts a contender; who cannot start takes no part, and why is noted. */
  async admit(
    id: string,
    note: (why: string) => void,
  ): Promise<{ ms: number; member: Member; resident: Resident } | undefined> {
    try {
      const { host, ms } = await this.open(id);
      const member: Member = { id, host, micros: new Map(), warmUps: [], spared: false };
      this.members.push(member);
      return { ms, member, resident: await host.ask("resident", {}) };
    } catch (error) {
      this.#run.signal.throwIfAborted();
      note(messageOf(error));
      return undefined;
    }
  }

  /**
   * Readies a contender for the loads that it is going to be measured under: checks the answer of each job, sees what a
   * call takes, and warms up under each load; what it cannot do is noted.
   */
  async ready(member: Member, loads: readonly Load[]): Promise<void> {
    for (const job of jobsOf(loads)) await this.#try(member, job);
    member.warmUps = warmUp(loads, member.micros, this.#run.pace);
    for (const load of member.warmUps) {
      // Its host may have died of another load of that job.
      if (!member.micros.has(load.job)) continue;
      await this.attempt(member, this.withoutJob(member, load.job), () => warm(member.host, load));
    }
  }

  /** A host with a contender that has answered once; nobody's member yet. */
  async open(id: string): Promise<{ host: Host; ms: number }> {
    this.#run.signal.throwIfAborted();
    const host = new Host(id, this.#hosts);
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
      for (const load of member.warmUps) if (member.micros.has(load.job)) await warm(member.host, load);
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

async function warm(host: Host, { job, inFlight, ms }: WarmUp): Promise<void> {
  await host.ask("cell", { job, inFlight, budgetMs: ms, warmMs: 0 }, ms);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
