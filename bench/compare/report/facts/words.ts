/** Words that have to be true whichever way a number falls. */

import type { Spread } from "../../measure/statistics.ts";
import { digits, NOTHING } from "../numbers.ts";

/** "2.1 times as long as", or "about as long as (1.02 times)" where some rounds say more and some less. */
export function beside({ least, median, most }: Spread, measure: string): string {
  if (!Number.isFinite(median)) return NOTHING;
  if (least <= 1 && most >= 1) return `about as ${measure} as (${digits(median)} times)`;
  return `${digits(median)} times as ${measure} as`;
}

export function timesText({ median }: Spread): string {
  return Number.isFinite(median) ? `${digits(median)} times` : NOTHING;
}
