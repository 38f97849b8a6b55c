/**
 * The tables: in each round every contender is put under every load, one after the other, while all others are stopped.
 * A noise of the machine so meets all of them, and what is compared is compared within one round.
 */

import { cellBudget, type Expected, type Load, loadsOf, tooLong, turns, warmMs } from "../plan.ts";
import type { Member, Party, Run } from "./party.ts";

export interface Rounds {
  readonly loads: readonly Load[];
  readonly rounds: number;
  /** ms that all rounds may take. */
  readonly ms: number;
  readonly pinned: boolean;
}

interface Turn {
  readonly member: Member;
  readonly load: Load;
}

/** @returns how many rounds there were */
export async function measureRounds(run: Run, party: Party, plan: Rounds): Promise<number> {
  const expected = party.members.flatMap((member) => cellsOf(run, member, plan.loads));
  const budget = cellBudget(expected, plan.rounds, plan.ms);
  const start = performance.now();
  for (let round = 0; round < plan.rounds; round += 1) {
    const begun = performance.now();
    const all = turnsOf(run, party, plan.loads, round);
    for (const [i, turn] of all.entries()) {
      const { job, inFlight } = turn.load;
      const text = `${plan.pinned ? "one core, " : ""}round ${round + 1} of ${plan.rounds}: ${job}, ${inFlight} in flight, ${turn.member.id}`;
      run.progress(text, (round + i / all.length) / plan.rounds);
      await measureTurn(run, party, turn, budget, plan.pinned);
    }
    const now = performance.now();
    if (round + 1 >= run.pace.least && now - start + (now - begun) > plan.ms * 1.1) return round + 1;
  }
  return plan.rounds;
}

async function measureTurn(
  run: Run,
  party: Party,
  { member, load }: Turn,
  budgetMs: number,
  pinned: boolean,
) {
  const micros = member.micros.get(load.job);
  if (micros === undefined) return;
  run.signal.throwIfAborted();
  const { job, inFlight } = load;
  const order = { job, inFlight, budgetMs, warmMs: warmMs(budgetMs, micros) };
  const note = party.withoutJob(member, job);
  const cell = await party.attempt(member, note, () => member.host.ask("cell", order));
  if (cell !== undefined) run.ledger.addCell({ contender: member.id, job, inFlight, pinned }, cell);
}

function turnsOf(run: Run, party: Party, loads: readonly Load[], round: number): Turn[] {
  return loads.flatMap((load) =>
    turns(party.members, round)
      .filter((member) => cellsOf(run, member, [load]).length > 0)
      .map((member) => ({ member, load })),
  );
}

/** Those of the loads that this contender is put under; of the others it is noted why not. */
function cellsOf(run: Run, member: Member, loads: readonly Load[]): Expected[] {
  return loadsOf(loads, member.id).flatMap((load) => {
    const micros = member.micros.get(load.job);
    if (micros === undefined) return [];
    const why = tooLong(load, micros, run.pace);
    if (why !== undefined) run.ledger.leaveOut(member.id, why, load.job);
    return why === undefined ? [{ ...load, micros }] : [];
  });
}
