/**
 * Makes requests as the schedule wants them, however the service keeps up, and tells the tally and the judge. Both sides
 * of the demo run this same code.
 */

import type { Schedule } from "./schedule.ts";
import { type Claims, freshClaims, type TokenService } from "./service.ts";
import type { Tally } from "./tally.ts";

export interface Traffic {
  readonly service: TokenService;
  readonly schedule: Schedule;
  readonly known: readonly Claims[];
  readonly tally: Tally;
  /** Gets every token that came back, with the claims that it was made for. */
  readonly judge: { submit(token: string, claims: Claims): void };
  /** ms since the traffic began. */
  readonly elapsed: () => number;
  /** Ends the traffic early. */
  readonly signal: AbortSignal;
}

/** How often it is looked whether requests are due, in ms. */
const TICK = 4;

/** Resolves when the last request is settled. Never rejects: failures are counted. */
export function drive(traffic: Traffic): Promise<void> {
  return new Promise((resolve) => {
    let sent = 0;
    let open = 0;
    let isOver = false;
    const settled = () => {
      open -= 1;
      if (isOver && open === 0) resolve();
    };
    const tick = () => {
      const now = traffic.elapsed();
      for (const due = traffic.schedule.due(now); sent < due && !traffic.signal.aborted; sent += 1) {
        open += 1;
        request(traffic, sent).then(settled);
      }
      isOver = now >= traffic.schedule.length || traffic.signal.aborted;
      if (!isOver) setTimeout(tick, TICK);
      else if (open === 0) resolve();
    };
    tick();
  });
}

async function request(traffic: Traffic, index: number): Promise<void> {
  const { service, tally, judge } = traffic;
  const claims = freshClaims(traffic.known, index, Math.floor(Date.now() / 1000));
  const token = await timed(tally, () => service.sign(claims));
  if (token === undefined) return;
  judge.submit(token, claims);
  await timed(tally, async () => {
    const said = await service.verify(token);
    if (said.jti !== claims.jti) throw new WrongAnswer();
  });
}

/** An answer, but not to this call. */
class WrongAnswer extends Error {
  readonly code = "WRONG_ANSWER";
}

async function timed<T>(tally: Tally, call: () => Promise<T>): Promise<T | undefined> {
  const start = tally.called();
  try {
    const answer = await call();
    tally.answered(start);
    return answer;
  } catch (error) {
    tally.failed(reasonOf(error));
    return undefined;
  }
}

/** The stable code of an error, or its message. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error) return "code" in error ? String(error.code) : error.message;
  return String(error);
}

/** Calls made one after the other, without any other traffic. The time of the one in the middle, in ms. */
export async function callAlone(service: TokenService, known: readonly Claims[]): Promise<number> {
  const claims = freshClaims(known, 0, Math.floor(Date.now() / 1000));
  const times: number[] = [];
  for (let n = 0; n < ALONE; n += 1) {
    const start = performance.now();
    await service.sign(claims);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[ALONE / 2] ?? Number.NaN;
}

const ALONE = 1000;
