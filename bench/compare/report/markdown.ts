/** The few parts of Markdown that the report is made of. */

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  const rule = head.map((_, i) => (rows.every((row) => isNumber(row[i] ?? "")) ? " ---: " : " --- "));
  return [line(head), `|${rule.join("|")}|`, ...rows.map(line)].join("\n");
}

/** A line that opens. */
export function folded(summary: string, blocks: readonly string[]): string {
  return [`<details><summary>${summary}</summary>`, ...blocks, "</details>"].join("\n\n");
}

export function image(alt: string, path: string): string {
  return `![${alt.replaceAll(/[[\]]/g, "")}](${path})`;
}

/** Text of others in a cell or a line: on one line, and shown as it is. */
export function code(text: string): string {
  const line = text.replaceAll("`", "'").replaceAll(/\s+/g, " ").trim();
  return line === "" ? "" : `\`${line}\``;
}

/** "a, b and c" */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** Words to the left, numbers to the right. */
function isNumber(cell: string): boolean {
  return /^[-\d–]/.test(cell);
}

function escaped(cell: string): string {
  return cell.replaceAll("|", "\\|");
}
