import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { HandMade } from "../../bench/compare/contenders/hand.ts";
import { atom, encode, tuple } from "../../codec/index.ts";

const SOURCE = fileURLToPath(new URL("../../bench/native/by_hand/src/main.rs", import.meta.url));
const BUILD_MS = 60_000;
/** Behind the length: `131, {call,` and the tag of the Id. */
const ID_AT = 4 + 10;

let folder: string;
let hand: HandMade;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-hand-"));
  execFileSync("rustc", ["--edition", "2024", "-O", "-o", join(folder, "by_hand"), SOURCE]);
}, BUILD_MS);
beforeEach(() => {
  hand = new HandMade(join(folder, "by_hand"));
});
afterEach(() => hand.program.stop());
afterAll(() => rmSync(folder, { recursive: true }));

describe("the hand-made call", () => {
  test("computes, and each call has a promise and an answer of its own", async () => {
    const numbers = Array.from({ length: 5000 }, (_, i) => [i, 255, -i, 256 * i]);
    const sums = numbers.map((each) => hand.sum(each));
    expect(new Set(sums).size).toBe(numbers.length);
    expect(await Promise.all(sums)).toEqual(numbers.map((_, i) => 255 + 256 * i));
    expect(await hand.empty()).toBeUndefined();
    expect(await hand.sum([])).toBe(0);
  });

  test("writes the frame that the codec writes for the same call, out of the caller's values", async () => {
    const write = vi.spyOn(hand.program.stdin, "write");
    expect(await hand.sum([1, 300, -5])).toBe(296);
    const frame = write.mock.calls[0]?.[0] as Buffer;
    // An Id of a port has 32 bits.
    const id = 0x1_0002;
    frame.writeInt32BE(id, ID_AT);
    const call = encode(tuple(atom("call"), id, atom("sum"), [[1, 300, -5]]));
    expect(frame.readUInt32BE()).toBe(call.length);
    expect(frame.subarray(4)).toEqual(Buffer.from(call));
  });

  test("fails its callers when the program dies, and goes on with another one", async () => {
    const [pid] = hand.program.pids;
    if (pid === undefined) throw new Error("there is no program");
    await hand.empty();
    process.kill(pid, "SIGKILL");
    await expect(hand.sum([1])).rejects.toThrow("the program ended with SIGKILL");
    await vi.waitFor(async () => expect(await hand.sum([1, 2, 3])).toBe(6));
  });
});
