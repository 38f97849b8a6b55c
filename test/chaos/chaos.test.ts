/**
 * 10 000 calls of every kind over 4 workers that are killed, stopped and spoiled at random. The seed is in the name of
 * the test; `CHAOS_SEED=7 npx vitest run test/chaos` plays another one.
 */
import { expect, test } from "vitest";
import { remains } from "../../bench/soak/remains.ts";
import { Run } from "../../bench/soak/run.ts";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";

const SEED = Number(process.env.CHAOS_SEED ?? 1987);
const CALLS = 10_000;
const WAVES = 4;
/** Live objects may grow by this much from the first wave to the last, in bytes: caches, and the tally. */
const GROWTH = 16 << 20;

test(`chaos with seed ${SEED}: every promise settles once, no answer is wrong, nothing is left behind`, {
  timeout: BUILD_TIMEOUT,
}, async () => {
  const program = await computeProgram();
  const before = await remains();
  const run = await Run.start(program, SEED, 4);
  const after = [];
  for (let wave = 0; wave < WAVES; wave += 1) {
    await run.wave(CALLS / WAVES);
    after.push(await remains());
  }
  const { violations, calls, deaths, answered, errors } = await run.end();
  expect(violations).toEqual([]);
  expect(calls).toBe(CALLS);
  expect(answered + [...errors.values()].reduce((sum, count) => sum + count, 0), "settled").toBe(CALLS);
  expect(deaths, "deaths").toBeGreaterThan(100);
  const end = await remains();
  expect(end.children, "processes left").toBe(before.children);
  expect(end.descriptors, "descriptors left").toBe(before.descriptors);
  const [first, last] = [after.at(0), after.at(-1)];
  expect((last?.heap ?? 0) - (first?.heap ?? 0), "growth of the heap").toBeLessThan(GROWTH);
  expect((last?.buffers ?? 0) - (first?.buffers ?? 0), "growth of buffers").toBeLessThan(GROWTH);
  console.log(`chaos, seed ${SEED}: ${calls} calls, ${answered} answered, ${deaths} deaths`, errors);
});
