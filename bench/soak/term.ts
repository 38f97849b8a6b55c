/** Values of any kind that go through a function of any term and come back the same: all but bytes, which come back as a binary. */
import type { Random } from "./random.ts";

/** A random value, lists and maps inside of each other included. */
export function randomTerm(random: Random, depth = 3): unknown {
  const kind = random.below(depth > 0 ? 8 : 6);
  switch (kind) {
    case 0:
      return random.between(-1000, 1000);
    case 1:
      return (random.next() - 0.5) * 1e12;
    case 2:
      return text(random);
    case 3:
      return random.chance(0.5);
    case 4:
      return null;
    case 5:
      return BigInt(random.between(1, 1e9)) ** 5n + 2n ** 70n;
    case 6:
      return Array.from({ length: random.below(5) }, () => randomTerm(random, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(4) }, (_, i) => [
          `${text(random)}${i}`,
          randomTerm(random, depth - 1),
        ]),
      );
  }
}

function text(random: Random): string {
  return String.fromCodePoint(
    ...Array.from({ length: random.below(20) }, () => [65, 228, 8364, 128_512][random.below(4)] ?? 65),
  );
}
