/** Moves labels apart that would lie on each other. Pure. */

const PASSES = 200;

/** @param heights from the highest down @returns the same, each at least `gap` under the one before, moved as little as it takes */
export function apart(heights: readonly number[], gap: number): number[] {
  const moved = [...heights];
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (let i = 1; i < moved.length; i += 1) {
      const [above, below] = [moved[i - 1] ?? 0, moved[i] ?? 0];
      const missing = gap - (above - below);
      if (missing <= 0) continue;
      moved[i - 1] = above + missing / 2;
      moved[i] = below - missing / 2;
    }
  }
  return moved;
}
