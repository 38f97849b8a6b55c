/** Maps that may not become plain objects: keys of several kinds, of which two may look alike in the plain view. */

import { identity, type Memo } from "./identity.ts";
import { ATOM_VALUES, Atom, atom } from "./term.ts";

interface Entry {
  /** The key as the exact view shows it, or a `string` for a binary that is text. */
  readonly exact: unknown;
  /** The key as the plain view shows it. */
  readonly plain: unknown;
  value: unknown;
}

/** Collects the entries of a map, then decides what it becomes. */
export class MixedMap {
  private readonly entries: Entry[] = [];
  private readonly seen = new Set<string>();
  private onlyText = true;

  /** Adds a key; false where the map has it already. Its value follows with {@link setValue}. */
  addKey(exact: unknown, plain: unknown, memo?: Memo): boolean {
    const id = identity(exact, memo);
    if (this.seen.has(id)) return false;
    this.seen.add(id);
    this.onlyText &&= typeof exact === "string" || isAtom(exact);
    this.entries.push({ exact, plain, value: undefined });
    return true;
  }

  /** Adds entries whose keys are all atoms or all binaries, as they were read so far. */
  addAll(object: Readonly<Record<string, unknown>>, areAtoms: boolean): void {
    for (const key of Object.keys(object)) {
      this.addKey(areAtoms ? exactAtom(key) : key, key);
      this.setValue(object[key]);
    }
  }

  /** Gives the key added last its value. */
  setValue(value: unknown): void {
    const last = this.entries.at(-1);
    if (last !== undefined) last.value = value;
  }

  /** A plain object when all keys are text and none collide, else a `Map`. */
  finish(): object {
    return this.onlyText && !this.collides() ? this.toObject() : this.toMap();
  }

  private collides(): boolean {
    return new Set(this.entries.map((entry) => textOf(entry.exact))).size < this.entries.length;
  }

  private toObject(): object {
    const object: Record<string, unknown> = {};
    for (const { exact, value } of this.entries) define(object, textOf(exact), value);
    return object;
  }

  /** Keys that would look alike in the plain view are as the exact view shows them. */
  private toMap(): Map<unknown, unknown> {
    const looks = this.entries.map(({ plain }) => identity(plain));
    const counts = new Map<string, number>();
    for (const look of looks) counts.set(look, (counts.get(look) ?? 0) + 1);
    const map = new Map<unknown, unknown>();
    this.entries.forEach(({ exact, plain, value }, i) => {
      const alike = counts.get(looks[i] ?? "") !== 1 || Object.is(plain, -0);
      map.set(alike ? exact : plain, value);
    });
    return map;
  }
}

/** Sets a property of its own, also one named `__proto__`. */
export function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function exactAtom(name: string): unknown {
  return ATOM_VALUES.has(name) ? ATOM_VALUES.get(name) : atom(name);
}

function isAtom(exact: unknown): boolean {
  return exact instanceof Atom || exact === null || typeof exact === "boolean" || exact === undefined;
}

function textOf(exact: unknown): string {
  if (exact instanceof Atom) return exact.name;
  return exact === null ? "nil" : String(exact);
}
