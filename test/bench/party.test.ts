import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Ledger } from "../../bench/compare/measure/ledger.ts";
import { Party, type Run } from "../../bench/compare/measure/party.ts";
import { measureRounds } from "../../bench/compare/measure/rounds.ts";
import { type Load, QUICK } from "../../bench/compare/plan.ts";

const ENTRY = fileURLToPath(new URL("fixtures/noting-host.mjs", import.meta.url));
const LOADS: readonly Load[] = [
  { job: "sum", inFlight: 1 },
  { job: "sum", inFlight: 16 },
  { job: "sum", inFlight: 256 },
];
/** Other than what a cell of the round gets. */
const WARM_UP_MS = 120;

interface Order {
  readonly pid: number;
  readonly kind: string;
  readonly inFlight?: number;
  readonly budgetMs?: number;
}

let folder: string;
let run: Run;
let party: Party;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-party-"));
  vi.stubEnv("NOTES", join(folder, "notes"));
  run = {
    ledger: new Ledger(),
    hosts: new Set(),
    signal: new AbortController().signal,
    pace: { ...QUICK, warmUpMs: WARM_UP_MS },
    progress: () => {},
  };
  party = new Party(run, { entry: ENTRY });
});

afterEach(async () => {
  await party.stop();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Readies a contender for the loads, and gives one round of them. */
async function measure(): Promise<Order[]> {
  const admitted = await party.admit("portreeve", (why) => expect.unreachable(why));
  if (admitted === undefined) throw new Error("it was not admitted");
  await party.ready(admitted.member, LOADS);
  await measureRounds(run, party, { loads: LOADS, rounds: 1, ms: 1000, pinned: false });
  const lines = readFileSync(join(folder, "notes"), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Order);
}

/** The cells, without the first look at what a call takes. */
const cells = (orders: readonly Order[]) => orders.filter(({ kind }) => kind === "cell").slice(1);
const isWarmUp = ({ budgetMs }: Order) => budgetMs === WARM_UP_MS;
const widths = (orders: readonly Order[]) => orders.map(({ inFlight }) => inFlight);

describe.runIf(process.platform === "linux")("a party", () => {
  test("is warmed up under each load that it is measured under, before its first round", async () => {
    const given = cells(await measure());
    expect(widths(given)).toEqual([1, 16, 256, 1, 16, 256]);
    expect(given.map(isWarmUp)).toEqual([true, true, true, false, false, false]);
  });

  test("one that takes the place of a host that died is warmed up as well, but by what that died of", async () => {
    vi.stubEnv("DIES_OF", `object 256 ${WARM_UP_MS}`);
    const admitted = await party.admit("portreeve", (why) => expect.unreachable(why));
    if (admitted === undefined) throw new Error("it was not admitted");
    const object: Load = { job: "object", inFlight: 256 };
    await party.ready(admitted.member, [...LOADS, object]);
    const lines = readFileSync(join(folder, "notes"), "utf8").trimEnd().split("\n");
    const orders = lines.map((line) => JSON.parse(line) as Order);
    const last = orders.at(-1)?.pid;
    expect(last).not.toBe(orders[0]?.pid);
    expect(widths(orders.filter(({ pid, kind }) => pid === last && kind === "cell"))).toEqual([1, 16, 256]);
    expect(run.ledger.leftOut).toMatchObject([{ contender: "portreeve", job: "object" }]);
  });
});
