import { expect, test } from "vitest";
import { atom, tuple } from "../../codec/index.ts";
import { Budget } from "../../src/wire/budget.ts";
import { Conversation, turn } from "./memory.ts";

test("what was sent is owed no more, in stretches, and nothing is owed twice", () => {
  const budget = new Budget(1000);
  for (let i = 1; i <= 3000; i += 1) budget.owe(100, 100 * i);
  expect(budget.owed).toBe(300_000);
  budget.sent(65_599);
  expect(budget.owed).toBe(300_000);
  budget.sent(65_600);
  expect(budget.owed).toBe(300_000 - 65_600);
  budget.sent(300_000);
  expect(budget.owed).toBe(0);
});

test("it is spent above the limit, and until half of it is free again", () => {
  const budget = new Budget(1000);
  budget.owe(600, 600);
  expect([budget.check(400, 0), budget.isSpent]).toEqual([false, false]);
  expect([budget.check(401, 0), budget.isSpent]).toEqual([true, true]);
  expect([budget.check(0, 0), budget.isSpent]).toEqual([false, true]);
  budget.sent(600);
  expect([budget.check(501, 0), budget.isSpent]).toEqual([false, true]);
  expect([budget.check(500, 0), budget.isSpent]).toEqual([true, false]);
});

test("unfinished messages take from it, and never hold it for ever: only reading can finish them", () => {
  const budget = new Budget(1000);
  expect(budget.check(0, 5000)).toBe(false);
  expect(budget.check(1, 5000)).toBe(true);
  expect([budget.check(0, 5000), budget.isSpent]).toEqual([true, false]);
});

test("pongs into a full pipe stop the reading, and go on when it is empty", async () => {
  const talk = new Conversation({ maxHeldBytes: 10_000 });
  talk.io.isFull = true;
  const ping = tuple(atom("ping"), "x".repeat(3000));
  talk.say(ping, ping, ping);
  expect(talk.io.reads).toEqual([]);
  talk.say(ping);
  expect(talk.io.reads).toEqual([false]);
  expect(talk.channel.held.owed).toBeGreaterThan(12_000);
  await turn();
  talk.io.isFull = false;
  talk.io.send();
  talk.channel.drained();
  expect(talk.io.reads).toEqual([false, true]);
  expect(talk.channel.held.owed).toBe(0);
});

test("the host's own calls in the same pipe are not the program's to answer for", () => {
  const talk = new Conversation({ maxHeldBytes: 10_000 });
  talk.io.isFull = true;
  for (let i = 0; i < 4; i += 1) talk.call(["x".repeat(100_000)]);
  talk.say(tuple(atom("ping"), 1));
  expect(talk.io.reads).toEqual([]);
});

test("a call that is cancelled before its handler begins is answered without running", async () => {
  let runs = 0;
  const talk = new Conversation({
    handlers: {
      run: () => {
        runs += 1;
      },
    },
  });
  const calls = Array.from({ length: 40 }, (_, i) => tuple(atom("call"), i, atom("run"), []));
  talk.say(...calls, tuple(atom("cancel"), 39));
  for (let i = 0; i < 5; i += 1) await turn();
  expect(runs).toBe(39);
  const last = (talk.io.messages as [unknown, unknown, Map<unknown, unknown>][]).find(([, id]) => id === 39);
  expect(last?.[2].get(atom("kind"))).toBe(atom("cancelled"));
});

test("what a pipe takes without being full is not waited for: nobody tells when it is gone", async () => {
  const talk = new Conversation({ maxHeldBytes: 2000 });
  talk.io.write = (chunks) => {
    talk.io.buffered += chunks.reduce((sum, { length }) => sum + length, 0);
    return true;
  };
  talk.say(tuple(atom("ping"), "x".repeat(3000)));
  expect(talk.io.reads).toEqual([false]);
  await turn();
  expect(talk.io.buffered).toBeGreaterThan(3000);
  expect(talk.io.reads).toEqual([false, true]);
});
