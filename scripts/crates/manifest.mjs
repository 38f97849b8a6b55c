/**
 * A crate's Cargo.toml as it stands outside its workspace. Pure: what it takes over from the workspace is written out,
 * and what belongs to its tests and benches, which are not packed, is left out.
 */

const LEFT_OUT = /^\[(?:lints.*|dev-dependencies.*|\[bench\]|\[test\]|\[example\])\]$/;
const INHERITED = /^([\w-]+)\.workspace = true$/;

/**
 * @param manifest text of the crate's Cargo.toml
 * @param workspace text of the Cargo.toml of its workspace
 * @throws Error that names a key which the workspace does not have, or an inheritance of another form
 */
export function standalone(manifest, workspace) {
  const shared = valuesOf(sections(workspace).find(({ header }) => header === "[workspace.package]"));
  const kept = sections(manifest).filter(({ header }) => !LEFT_OUT.test(header));
  const text = kept.map(({ header, lines }) => [header, ...lines.map((line) => written(line, shared))]);
  const result = `${text.flat().join("\n").trim()}\n`;
  const left = /^.*\bworkspace\s*=\s*true.*$/m.exec(result)?.[0];
  if (left !== undefined) throw new Error(`this inheritance cannot be written out: ${left}`);
  return result;
}

/** A Cargo.toml cut at its headers; comments stay with the lines that they follow. */
function sections(toml) {
  const found = [];
  for (const line of toml.split("\n")) {
    if (/^\[.*\]$/.test(line)) found.push({ header: line, lines: [] });
    else found.at(-1)?.lines.push(line);
  }
  return found;
}

function valuesOf(section) {
  const pairs = (section?.lines ?? []).map((line) => /^([\w-]+) = (.+)$/.exec(line));
  return new Map(pairs.filter((pair) => pair !== null).map(([, key, value]) => [key, value]));
}

function written(line, shared) {
  const key = INHERITED.exec(line)?.[1];
  if (key === undefined) return line;
  if (!shared.has(key)) throw new Error(`[workspace.package] has no ${key}`);
  return `${key} = ${shared.get(key)}`;
}
