/** Maps in the exact view: keys are terms, found by what they are, not by which object they are. */

import { adopt } from "./adopt.ts";
import { identity, type Memo } from "./identity.ts";
import { ATOM, FLOAT, FOREIGN, kindOf } from "./kind.ts";
import { ATOM_VALUES, type Atom, type Float } from "./term.ts";

/** What no map has as a key. */
const NO_KEY = Symbol("no such key");

/** A `Map` whose keys are equal when the terms are: `map.get(tuple(atom("a"), 1))` finds the entry. In the order of the bytes. */
export class TermMap<V = unknown> extends Map<unknown, V> {
  /** The key object of each key that JavaScript would tell apart by object, by what it is. */
  private index: Map<string, unknown> | undefined;

  constructor(entries?: Iterable<readonly [unknown, V]>) {
    super();
    if (entries !== undefined) for (const [key, value] of entries) this.set(key, value);
  }
  override get(key: unknown): V | undefined {
    return super.get(this.known(key));
  }
  override has(key: unknown): boolean {
    return super.has(this.known(key));
  }
  /** @internal Sets a key as it was decoded, unless an equal one is there: then gives false. */
  add(key: unknown, value: () => V, memo: Memo): boolean {
    if (isDirect(key)) {
      if (super.has(key)) return false;
    } else {
      this.index ??= new Map();
      const id = identity(key, memo);
      if (this.index.has(id)) return false;
      this.index.set(id, key);
    }
    super.set(key, value());
    return true;
  }
  override set(key: unknown, value: V): this {
    const direct = normal(key);
    if (isDirect(direct)) return super.set(direct, value);
    this.index ??= new Map();
    const id = identity(direct);
    if (!this.index.has(id)) this.index.set(id, direct);
    return super.set(this.index.get(id), value);
  }
  override delete(key: unknown): boolean {
    const known = this.known(key);
    if (!isDirect(known)) this.index?.delete(identity(known));
    return super.delete(known);
  }
  override clear(): void {
    this.index?.clear();
    super.clear();
  }

  /** The key as it is kept. */
  private known(key: unknown): unknown {
    const direct = normal(key);
    if (isDirect(direct)) return direct;
    const id = identity(direct);
    return this.index?.has(id) ? this.index.get(id) : NO_KEY;
  }
}

/** Keys in the form in which they are decoded. */
function normal(key: unknown): unknown {
  if (typeof key === "bigint" && Number.isSafeInteger(Number(key))) return Number(key);
  return typeof key === "object" && key !== null ? normalObject(key) : key;
}

function normalObject(key: object): unknown {
  const kind = kindOf(key);
  if (kind === FOREIGN) return normalObject(adopt(key));
  if (kind === ATOM) return ATOM_VALUES.has((key as Atom).name) ? ATOM_VALUES.get((key as Atom).name) : key;
  return kind === FLOAT && !Number.isInteger((key as Float).value) ? (key as Float).value : key;
}

/** Keys that JavaScript's own `Map` tells apart as Erlang does; it does not tell 0 from -0. */
function isDirect(key: unknown): boolean {
  switch (typeof key) {
    case "number":
      return key !== 0;
    case "boolean":
    case "undefined":
    case "symbol":
      return true;
    default:
      return key === null || (typeof key === "object" && kindOf(key) === ATOM);
  }
}
