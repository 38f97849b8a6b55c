/** Spreads and ratios of rounds, as text. */

import { ratios, type Spread, spread } from "../measure/statistics.ts";
import { factor, NOTHING } from "./numbers.ts";

type Rounds = readonly number[] | undefined;

/** `1.5 (1.2–1.9)`: how many times as much, taken within each round: median, least and most. */
export function ratioText(one: Rounds, base: Rounds): string {
  const { least, median, most } = ratioOf(one, base);
  if (!Number.isFinite(median)) return NOTHING;
  return one === base ? "1" : `${factor(median)} (${factor(least)}–${factor(most)})`;
}

export function ratioOf(one: Rounds, base: Rounds): Spread {
  return spread(ratios(one ?? [], base ?? []));
}

/** `18 µs (17–21)`, where `write` gives the unit; it is not repeated. */
export function spreadText(rounds: Rounds, write: (value: number) => string): string {
  const { least, median, most } = spread(rounds ?? []);
  if (!Number.isFinite(median)) return NOTHING;
  if (least === most) return write(median);
  const units = [least, median, most].map((value) => unitOf(write(value)));
  const same = new Set(units).size === 1;
  const short = (value: number) => (same ? write(value).split(" ")[0] : write(value));
  return `${write(median)} (${short(least)}–${short(most)})`;
}

function unitOf(text: string): string {
  return text.split(" ")[1] ?? "";
}

/** Sums within each round. */
export function added(one: readonly number[], other: readonly number[]): number[] {
  return one.map((value, round) => value + (other[round] ?? Number.NaN));
}
