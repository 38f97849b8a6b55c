/** How numbers are written in the report and the page of prose: few digits, a unit that fits, and a dash for what is not there. */

export const NOTHING = "–";

/** Three significant digits, thousands apart. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return NOTHING;
  return value.toLocaleString("en", {
    maximumSignificantDigits: Math.abs(value) >= 1000 ? 4 : Math.abs(value) < 1 ? 2 : 3,
  });
}

/** @param value in µs */
export function duration(value: number): string {
  if (!Number.isFinite(value)) return NOTHING;
  // Rounded first: 999.9 µs are 1 ms.
  const shown = Number(value.toPrecision(3));
  if (shown < 1000) return `${digits(value)} µs`;
  return shown < 1_000_000 ? `${digits(value / 1000)} ms` : `${digits(value / 1_000_000)} s`;
}

/** @param value in ms */
export function millis(value: number): string {
  return duration(value * 1000);
}

export function bytes(value: number): string {
  if (!Number.isFinite(value)) return NOTHING;
  return `${digits(value / 1e6)} MB`;
}

/** Calls a second. */
export function rate(value: number): string {
  if (!Number.isFinite(value)) return NOTHING;
  const shown = Number(value.toPrecision(3));
  if (shown >= 1e6) return `${digits(value / 1e6)} M/s`;
  return shown >= 1000 ? `${digits(value / 1000)} k/s` : `${digits(value)} /s`;
}

/** A ratio: under a tenth as a fraction, which says more than zeros do. */
export function factor(ratio: number): string {
  return ratio > 0 && ratio < 0.1 ? `1/${digits(1 / ratio)}` : digits(ratio);
}

/** @param share 1 is the whole */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${digits(share * 100)} %` : NOTHING;
}
