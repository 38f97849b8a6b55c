/** Columns that stand one below the other, and numbers as people read them. */

/**
 * A table without lines around it: the first column to the left, one space of two between columns. Cells may have
 * several lines.
 */
export function table(rows: readonly (readonly string[])[]): string {
  const split = rows.map((row) => row.map((cell) => cell.split("\n")));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...split.map((row) => Math.max(0, ...(row[column] ?? []).map((line) => line.length)))),
  );
  return split.flatMap((row) => linesOf(row, widths)).join("\n");
}

function linesOf(row: readonly (readonly string[])[], widths: readonly number[]): string[] {
  const height = Math.max(1, ...row.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    widths
      .map((width, column) => (row[column]?.[line] ?? "").padEnd(width))
      .join("  ")
      .trimEnd(),
  );
}

/** `12 345`: whole, with a space between thousands. */
export function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, " ");
}

/** A time in ms, with three figures and the unit that fits. */
export function duration(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms >= 100) return `${ms.toFixed(0)} ms`;
  if (ms >= 10) return `${ms.toFixed(1)} ms`;
  if (ms >= 1) return `${ms.toFixed(2)} ms`;
  return `${Math.round(ms * 1000)} µs`;
}
