/** Workers that are replaced under load: by a restart, by another program, by wear. No call is lost. */
import { copyFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { OpenOptions, Port } from "../../../src/index.ts";
import { children, event, pidOf, until } from "../ports.ts";
import { allReady, compute, type Outcome, outcome } from "./compute-port.ts";

const program = compute();

/** Calls one after the other on several tracks, until it is stopped; gives how all of them ended. */
function load(port: Port): { readonly calls: () => number; stop(): Promise<Outcome[]> } {
  const outcomes: Outcome[] = [];
  let isOn = true;
  const track = async (n: number) => {
    for (let i = 0; isOn; i += 1) outcomes.push(await program.mark(port, `load-${n}-${i}`, i % 3));
  };
  const tracks = Array.from({ length: 32 }, (_, n) => track(n));
  return {
    calls: () => outcomes.length,
    stop: async () => {
      isOn = false;
      await Promise.all(tracks);
      return outcomes;
    },
  };
}

/** More calls than were on their way came back: the load is there. */
async function more({ calls }: ReturnType<typeof load>): Promise<void> {
  const before = calls();
  await until(() => calls() > before + 64);
}

function noneLost(outcomes: readonly Outcome[]): void {
  expect(outcomes.length).toBeGreaterThan(100);
  expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([]);
}

function pids(port: Port): (number | undefined)[] {
  return port.stats().workers.map(({ pid }) => pid);
}

async function opened(options: OpenOptions = {}): Promise<Port> {
  return program.open({ workers: 2, shutdown: 30_000, ...options });
}

test("restart under load: every worker is another one, and a call that takes long finishes in the old one", async () => {
  const port = await opened();
  const before = pids(port);
  const working = load(port);
  const slow = program.mark(port, "slow", 1000);
  await until(() => program.marks("slow") === 1);
  await more(working);
  await port.restart();
  await more(working);
  expect(pids(port).filter((pid) => before.includes(pid))).toEqual([]);
  noneLost(await working.stop());
  expect(await slow).toEqual({ value: null });
  expect(program.marks("slow")).toBe(1);
  expect(port.stats()).toMatchObject({ restarts: 0, resent: 0 });
  await until(() => children().length === 2);
});

test("reload under load, onto another path and onto a file that took the place of the old one", async () => {
  const path = join(program.folder, "compute");
  const second = join(program.folder, "second");
  copyFileSync(program.program, path);
  copyFileSync(program.program, second);
  const port = await opened();
  const working = load(port);
  await port.reload(path);
  await more(working);
  // A program that runs cannot be written to, but a new file can take its name.
  renameSync(second, path);
  await port.reload(path);
  await more(working);
  noneLost(await working.stop());
  expect(port.stats().restarts).toBe(0);
  const exit = event(port, "exit");
  process.kill(pidOf(port), "SIGKILL");
  await exit;
  await allReady(port);
  expect(await port.call("add", [1, 2]), "the next life is of the new file, too").toBe(3);
});

test("reload onto what does not start rejects, and changes nothing", async () => {
  const broken = join(program.folder, "broken");
  const port = await opened();
  const before = pids(port);
  const working = load(port);
  expect((await outcome(port.reload(broken))).error).toMatchObject({ code: "PORT_SPAWN" });
  writeFileSync(broken, "#!/bin/sh\nexit 3\n", { mode: 0o755 });
  expect((await outcome(port.reload(broken))).error).toMatchObject({ code: "PORT_HANDSHAKE" });
  await more(working);
  noneLost(await working.stop());
  expect(pids(port)).toEqual(before);
  await port.restart();
  expect(await port.call("add", [1, 2]), "restart is of the program that works").toBe(3);
});

test("workers that die while they are replaced: one worker in each place afterwards", async () => {
  const port = await opened({ maxRestarts: 1000, backoff: { initial: 0 }, shutdown: 1000 });
  for (let round = 0; round < 10; round += 1) {
    const renewed = outcome(port.restart());
    await wait(round * 3);
    process.kill(pidOf(port, round % 2), "SIGKILL");
    await renewed;
    await allReady(port);
  }
  await until(() => children().length === 2);
  expect(children().toSorted()).toEqual(pids(port).toSorted());
});

test("a port that is closed while it is renewed leaves nothing behind", async () => {
  for (let round = 0; round < 5; round += 1) {
    const port = await opened({ shutdown: 0 });
    const renewed = outcome(port.restart());
    await wait(round * 4);
    await port.close();
    await renewed;
    expect(children()).toEqual([]);
  }
});

test("recycle by calls, under load", async () => {
  const port = await opened({ recycle: { maxCalls: 50 } });
  const before = pids(port);
  const working = load(port);
  let retired = 0;
  port.on("retire", ({ reason }) => {
    expect(reason).toMatch(/maxCalls/);
    retired += 1;
  });
  await until(() => retired >= 6);
  noneLost(await working.stop());
  expect(pids(port)).not.toEqual(before);
  expect(port.stats()).toMatchObject({ restarts: 0, resent: 0 });
});

test.each([
  ["maxAge", { maxAge: 200 }],
  ["maxRss", { maxRss: 1 << 20 }],
] as const)("recycle by %s, under load", async (name, recycle) => {
  const port = await opened({ recycle });
  const working = load(port);
  const [retire] = (await event(port, "retire")) as [{ reason: string }];
  expect(retire.reason).toMatch(name);
  await more(working);
  noneLost(await working.stop());
  expect(port.stats()).toMatchObject({ restarts: 0, resent: 0 });
});

test("a program that turns into one that dies at once: few spawns, quick rejections, and it heals by itself", async () => {
  const path = join(program.folder, "compute");
  const spawns = join(program.folder, "spawns");
  const repaired = join(program.folder, "repaired");
  const broken = join(program.folder, "broken");
  copyFileSync(program.program, path);
  copyFileSync(program.program, repaired);
  writeFileSync(broken, `#!/bin/sh\necho . >> ${spawns}\nexit 3\n`, { mode: 0o755 });
  const port = await program.open({ maxRestarts: 3, backoff: { initial: 10, max: 300 } }, path);
  renameSync(broken, path);
  const gaveUp = event(port, "gaveUp");
  await outcome(port.call("exit", [1]));
  const waiting = outcome(port.call("add", [1, 1]));
  await gaveUp;
  expect((await waiting).error).toMatchObject({ code: "PORT_RESTART_LIMIT" });
  const begin = performance.now();
  const calls = await Promise.all(Array.from({ length: 1000 }, () => outcome(port.call("add", [1, 1]))));
  expect(performance.now() - begin, "a thousand rejections").toBeLessThan(2000);
  for (const { error } of calls) {
    expect(error).toMatchObject({ code: "PORT_RESTART_LIMIT", function: "add" });
    expect(error?.history).toHaveLength(4);
  }
  // One death and three restarts; after that one try in each `backoff.max`.
  expect(program.marks("spawns") / 2).toBeLessThanOrEqual(4);
  renameSync(repaired, path);
  await until(() => port.stats().workers[0]?.state === "ready");
  expect(await port.call("add", [20, 3])).toBe(23);
});
