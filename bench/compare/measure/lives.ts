/** Starts and deaths, measured between the rounds of the tables. */

import type { Death } from "../host/orders.ts";
import { turns } from "../plan.ts";
import { programPath } from "../programs.ts";
import type { Entrant, Member, Party, Run } from "./party.ts";

/** ms that a contender has to answer again after its death. */
const DEATH_LIMIT_MS = 3000;

/** The one whose functions are also made to crash, and whose host starts the empty program. */
export const PORTREEVE = "portreeve";

/** Starts each contender in a new host that has loaded nothing of it, up to its first answer. */
export async function measureStarts(run: Run, party: Party, round: number): Promise<void> {
  for (const member of turns(party.members, round)) {
    await party.attempt(member, noted(run, member, "another start"), async () => {
      const { host, ms } = await party.open(member.id);
      run.ledger.addTime("start", member.id, ms);
      await party.close(host);
    });
  }
}

/** Kills what does the work of each contender that has processes of its own, and starts the empty program beside it. */
export async function measureDeaths(
  run: Run,
  party: Party,
  entrants: readonly Entrant[],
  round: number,
): Promise<void> {
  const outside = new Set(entrants.filter(({ place }) => place === "out of process").map(({ id }) => id));
  const mortals = turns(party.members, round).filter(({ id, spared }) => outside.has(id) && !spared);
  for (const member of mortals) {
    run.signal.throwIfAborted();
    await measureDeath(run, party, member, "SIGKILL", round);
    if (member.id !== PORTREEVE) continue;
    await measureDeath(run, party, member, "segfault", round);
    await party.attempt(member, noted(run, member, "the empty program"), async () => {
      const { ms } = await member.host.ask("emptyProgram", { path: programPath("echo") });
      run.ledger.addTime("emptyProgram", member.id, ms);
    });
  }
}

async function measureDeath(
  run: Run,
  party: Party,
  member: Member,
  how: Death,
  round: number,
): Promise<void> {
  const note = (why: string) => {
    noted(run, member, `death by ${how}`)(why);
    member.spared = true;
  };
  await party.attempt(member, note, async () => {
    const die = () => member.host.ask("death", { how, limitMs: DEATH_LIMIT_MS }, 2 * DEATH_LIMIT_MS);
    // The first one runs code that has not run before, and does not count.
    if (round === 0) await die();
    const died = await die();
    if ("ms" in died) run.ledger.addTime(how, member.id, died.ms);
  });
}

/** Starts and deaths are told by the empty call: what goes wrong with them is noted there. */
function noted(run: Run, { id }: Member, what: string): (why: string) => void {
  return (why) => run.ledger.leaveOut(id, `${what}: ${why}`, "empty");
}
