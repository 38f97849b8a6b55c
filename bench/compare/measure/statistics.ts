/** What is made of the rounds: median and spread, and ratios that are taken within one round. */

export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Of no numbers, NaN: nothing that is held against a bound passes by it. */
export function spread(numbers: readonly number[]): Spread {
  if (numbers.length === 0) return { least: Number.NaN, median: Number.NaN, most: Number.NaN };
  return { least: Math.min(...numbers), median: median(numbers), most: Math.max(...numbers) };
}

/** How many times as much `one` is as `base`, round by round; a round that only one of them has gives nothing. */
export function ratios(one: readonly number[], base: readonly number[]): number[] {
  const rounds = Math.min(one.length, base.length);
  return Array.from({ length: rounds }, (_, i) => (one[i] ?? Number.NaN) / (base[i] ?? Number.NaN));
}
