/** Where in a value a fault lies: the value is walked once more, with its path, until writing a part of it fails. */

import { adopt } from "./adopt.ts";
import { checkPair, type Entries, entriesOf } from "./entries.ts";
import { EtfError } from "./error.ts";
import { FOREIGN, IMPROPER, kindOf, MAP, RECORD } from "./kind.ts";
import { MAX_DEPTH } from "./limits.ts";
import { about, atEntry, atIndex, atKey } from "./path.ts";
import { toTermOf } from "./records.ts";
import type { ImproperList } from "./term.ts";

/** Parts of a value that are looked at: one that makes its parts as they are asked for can have no end of them. */
const MAX_PARTS = 1_000_000;

/** Throws what writing one value throws, if it does. */
type Attempt = (value: unknown) => void;

/** The error that writing `value` gave, with its path; `attempt` writes a part of it to nowhere. */
export function explain(error: unknown, value: unknown, attempt: Attempt): unknown {
  if (!(error instanceof EtfError) || error.path !== undefined) return error;
  try {
    return new Search(attempt).at(value, "", error) ?? placed(error, "");
  } catch {
    // The value's own code did something else this time: what it threw the first time is the fault.
    return placed(error, "");
  }
}

class Search {
  private readonly ancestors: unknown[] = [];
  private readonly attempt: Attempt;
  private parts = 0;

  constructor(attempt: Attempt) {
    this.attempt = attempt;
  }

  at(value: unknown, path: string, error: EtfError): EtfError | undefined {
    if (++this.parts > MAX_PARTS) return placed(error, "");
    if (typeof value !== "object" || value === null) return this.leaf(value, path);
    if (this.ancestors.includes(value))
      return placed(new EtfError("ETF_CYCLE", "a value that contains itself"), path);
    if (this.ancestors.length >= MAX_DEPTH) return placed(error, path);
    this.ancestors.push(value);
    const found = this.part(value, path, error);
    this.ancestors.pop();
    return found ?? this.leaf(value, path);
  }

  /** A fault inside, or in how the value shows what is inside. */
  private part(value: object, path: string, error: EtfError): EtfError | undefined {
    try {
      return this.inside(value, path, error);
    } catch (fault) {
      if (fault instanceof EtfError && fault.path === undefined) return placed(fault, path);
      throw fault;
    }
  }

  private leaf(value: unknown, path: string): EtfError | undefined {
    try {
      this.attempt(value);
      return undefined;
    } catch (error) {
      if (error instanceof EtfError) return placed(error, path);
      throw error;
    }
  }

  private inside(value: object, path: string, error: EtfError): EtfError | undefined {
    const toTerm = toTermOf(value);
    if (toTerm !== undefined) return this.at(toTerm.call(value), path, error);
    if (Array.isArray(value)) return this.items(value, path, error);
    switch (kindOf(value)) {
      case IMPROPER:
        return this.improper(value as ImproperList, path, error);
      case FOREIGN:
        return this.at(adopt(value), path, error);
      case MAP:
        return this.entries(value as Entries, path, error);
      case RECORD:
        return this.properties(value, path, error);
      default:
        return undefined;
    }
  }

  private improper({ elements, tail }: ImproperList, path: string, error: EtfError): EtfError | undefined {
    return this.items(elements, path, error) ?? this.at(tail, atIndex(path, elements.length), error);
  }

  private items(items: readonly unknown[], path: string, error: EtfError): EtfError | undefined {
    const { length } = items;
    // What a Proxy gives may be no length; writing the whole says so.
    if (length >>> 0 !== length) return undefined;
    for (let i = 0; i < length; i++) {
      const found = this.at(items[i], atIndex(path, i), error);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private entries(map: Entries, path: string, error: EtfError): EtfError | undefined {
    let index = 0;
    for (const entry of entriesOf(map)) {
      const [key, item] = checkPair(entry);
      const place = typeof key === "string" ? atKey(path, key) : atEntry(path, index, "value");
      const found = this.at(key, atEntry(path, index, "key"), error) ?? this.at(item, place, error);
      if (found !== undefined) return found;
      index++;
    }
    return undefined;
  }

  private properties(value: object, path: string, error: EtfError): EtfError | undefined {
    for (const [key, item] of Object.entries(value)) {
      const found = item === undefined ? undefined : this.at(item, atKey(path, key), error);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function placed(error: EtfError, path: string): EtfError {
  return new EtfError(error.code, about(path, error.message), { path, cause: error.cause });
}
