/** How places inside a value are spelt in errors: `claims.exp`, `[3].name`, `["odd key"][0]`. The program spells them alike. */

const PLAIN = /^[\p{ID_Start}_$][\p{ID_Continue}_$-]*$/u;

/** The place of element `index` of what lies at `path`. */
export function atIndex(path: string, index: number): string {
  return `${path}[${index}]`;
}

/** The place under the key `key` of what lies at `path`. Long keys are cut. */
export function atKey(path: string, key: string): string {
  const shown = key.length > 64 ? `${key.slice(0, 63)}…` : key;
  if (!PLAIN.test(shown)) return `${path}[${JSON.stringify(shown)}]`;
  return path === "" ? shown : `${path}.${shown}`;
}

/** The place of the key itself of entry `index`, or of a value whose key has no short name. */
export function atEntry(path: string, index: number, part: "key" | "value"): string {
  return `${path}[${part} ${index}]`;
}

/** A message about the place `path`, of which a very long one is cut in the middle. */
export function about(path: string, message: string): string {
  const shown = path.length <= 200 ? path : `${path.slice(0, 100)}…${path.slice(-99)}`;
  return path === "" ? message : `${shown}: ${message}`;
}
