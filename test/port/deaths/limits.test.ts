/** Programs that come to a limit that they were given: the error says which, and what was used. */
import { expect, test } from "vitest";
import { compute, exitError, outcome } from "./compute-port.ts";

const program = compute();
const MiB = 1024 * 1024;

test("processor time that is used up is told by name, with the limit", async () => {
  const port = await program.open({ limits: { cpuSeconds: 1 } });
  const lost = exitError(await outcome(port.call("loop_forever", [])));
  expect(lost.message).toMatch(
    /used up its processor time \(limits\.cpuSeconds is 1\) and was killed by SIGXCPU/,
  );
  expect(lost.signal).toBe("SIGXCPU");
  expect(await port.call("add", [1, 2])).toBe(3);
});

test("an allocation beyond limits.memory is told, with the limit, of the call that asked for it", async () => {
  const port = await program.open({ limits: { memory: 200 * MiB } });
  const lost = exitError(await outcome(port.call("leak", [1000])));
  expect(lost.message).toMatch(
    /^leak: .*ran out of memory \(limits\.memory is 200 MiB, \d+ MiB in use and 1000 MiB asked for\)/,
  );
  expect(lost.culprit?.function).toBe("leak");
});

test("memory that grows bit by bit ends at the limit", async () => {
  const port = await program.open({ limits: { memory: 100 * MiB } });
  const lost = exitError(await outcome(port.call("exhaust_memory", [2000])));
  expect(lost.message).toMatch(/ran out of memory \(limits\.memory is 100 MiB, \d+ MiB in use/);
  expect(lost.culprit?.function).toBe("exhaust_memory");
});

test("of several calls it is the one that takes the memory which is named", async () => {
  const port = await program.open({ limits: { memory: 100 * MiB } });
  const innocent = outcome(program.mark(port, "beside", 60_000));
  const greedy = outcome(port.call("exhaust_memory", [2000]));
  expect(exitError(await greedy).culprit?.function).toBe("exhaust_memory");
  await innocent;
});

test("what a program only reserves does not count: calls of 40 MB pass under a limit of 200 MiB", async () => {
  const port = await program.open({ limits: { memory: 200 * MiB } });
  for (let n = 0; n < 3; n += 1)
    expect(await port.call("sha256", [new Uint8Array(40_000_000)])).toHaveLength(32);
});
