/** Which of the names that there are was meant by one that there is not: a file, or a function of a program. */

/** The names that look most like `wanted`, the nearest first, no more than `limit`. */
export function nearestNames(wanted: string, names: readonly string[], limit = 8): string[] {
  const score = (name: string) => distance(stem(wanted), stem(name));
  return names
    .map((name) => ({ name, far: score(name) }))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name);
}

/** Case, `_` for `-` and `.exe` make no difference: cargo writes `my-tool`, its library `my_tool`, Windows `my-tool.exe`. */
function stem(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("_", "-")
    .replace(/\.exe$/, "");
}

/** Levenshtein: how many letters to change, add or take away. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
