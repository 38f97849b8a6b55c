/** Values against the writer: what it writes is one whole term, or nothing. */
import { deepStrictEqual } from "node:assert";
import { Codec } from "../../codec/index.ts";
import type { FuzzKind } from "./kind.ts";
import type { Random } from "./random.ts";

export const values: FuzzKind = {
  name: "values",
  about: "values against the writer: what it writes is one whole term that reads as the value",
  bounded: 20_000,
  blockSize: 500,
  begin: () => {
    const codec = new Codec({ bytes: "bit_binary_always" });
    return {
      run(random) {
        const value = plain(random, 3);
        deepStrictEqual(codec.decode(codec.encode(value)), value);
      },
    };
  },
};

/** Any plain value. */
function plain(random: Random, depth: number): unknown {
  switch (random.below(depth > 0 ? 6 : 4)) {
    case 0:
      return random.int32();
    case 1:
      return random.pick([true, false, null]);
    case 2:
      return "x".repeat(random.few(80));
    case 3:
      return random.bytes(random.few(20));
    case 4:
      return Array.from({ length: random.few(6) }, () => plain(random, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.few(6) }, (_, i) => [`k${i}`, plain(random, depth - 1)]),
      );
  }
}
