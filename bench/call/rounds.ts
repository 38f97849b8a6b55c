/** Fair measuring on a noisy machine: contenders take turns, and what is compared is compared within one round. */

/** One contender's times, in µs a call, one for each round. */
export interface Series {
  readonly name: string;
  readonly times: readonly number[];
}

/** Runs every contender once a round; the first round warms up and is not counted. */
export async function interleave<C extends { readonly name: string }>(
  contenders: readonly C[],
  rounds: number,
  count: number,
  run: (contender: C) => Promise<void>,
): Promise<Series[]> {
  const times = contenders.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [i, contender] of contenders.entries()) {
      const start = performance.now();
      await run(contender);
      if (round > 0) times[i]?.push(((performance.now() - start) * 1000) / count);
    }
  }
  return contenders.map(({ name }, i) => ({ name, times: times[i] ?? [] }));
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Least, median and most. */
export function spread(numbers: readonly number[]): readonly [number, number, number] {
  return [Math.min(...numbers), median(numbers), Math.max(...numbers)];
}

/** How many times as long `series` took as `base`, round by round. */
export function ratios(series: Series, base: Series): number[] {
  return series.times.map((time, i) => time / (base.times[i] ?? time));
}
