/** Every option of the codec, in a port: opened with it and called through it. */
import { expect, test } from "vitest";
import { atom, type CodecOptions, TermMap, tuple } from "../../codec/index.ts";
import { openFixture } from "./ports.ts";

const records = Array.from({ length: 30 }, (_, i) => ({ zeta: i, alpha: [`${i}`, i], mid: { b: 1, a: 2 } }));
const value = { records, text: "x".repeat(3000), bytes: Uint8Array.of(1, 200, 3), none: null };

const plain: Record<string, CodecOptions> = {
  deterministic: { deterministic: true },
  "keys: atom": { keys: "atom" },
  "keys: binary": { keys: "binary" },
  "codegen: false": { codegen: false },
  "compressed: 6": { compressed: 6 },
  "maxInflatedBytes: 10": { maxInflatedBytes: 10 },
  "viewFrom: 1": { viewFrom: 1 },
  "viewFrom: Infinity": { viewFrom: Number.POSITIVE_INFINITY },
  "bytes: bit_binary": { bytes: "bit_binary" },
  "bytes: bit_binary_always": { bytes: "bit_binary_always" },
  "binaries: text": { binaries: "text" },
  "exact: false": { exact: false },
  "all together": { deterministic: true, keys: "atom", codegen: false, viewFrom: 1 },
};

test.each(Object.entries(plain))("a port with %s gives back what it was given", async (_, codec) => {
  const port = await openFixture("well-behaved.mjs", { codec });
  try {
    for (let i = 0; i < 12; i += 1) expect(await port.call("echo", [value])).toEqual(value);
    const many = await Promise.all(records.map((record) => port.call("echo", [record])));
    expect(many).toEqual(records);
  } finally {
    await port.close();
  }
});

test("a port with exact terms gives back terms, sorted or not", async () => {
  for (const codec of [{ exact: true }, { exact: true, deterministic: true }]) {
    const port = await openFixture("well-behaved.mjs", { codec });
    const term = new TermMap<unknown>([
      [tuple(atom("z"), 1), [atom("ok")]],
      [atom("a"), Uint8Array.of(1, 2)],
      [
        Uint8Array.of(97),
        new TermMap([
          [2, 1],
          [1, 2],
        ]),
      ],
    ]);
    const answer = (await port.call("echo", [term])) as TermMap;
    expect(answer.size).toBe(3);
    for (const [key, item] of term) expect(answer.get(key)).toEqual(item);
    await port.close();
  }
});

test("a port whose bytes are binaries has them read as such", async () => {
  const port = await openFixture("well-behaved.mjs", { codec: { bytes: "binary", binaries: "bytes" } });
  expect(await port.call("echo", [Uint8Array.of(1, 100)])).toEqual(Uint8Array.of(1, 100));
  await port.close();
});
