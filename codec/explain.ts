/** Where in a value a fault lies: the value is walked once more, with its path, until writing a part of it fails. */

import { EtfError } from "./error.ts";
import { MAX_DEPTH } from "./limits.ts";
import { about, atEntry, atIndex, atKey } from "./path.ts";
import { Atom, ImproperList } from "./term.ts";

/** Throws what writing one value throws, if it does. */
type Attempt = (value: unknown) => void;

/** The error that writing `value` gave, with its path; `attempt` writes a part of it to nowhere. */
export function explain(error: unknown, value: unknown, attempt: Attempt): unknown {
  if (!(error instanceof EtfError) || error.path !== undefined) return error;
  return new Search(attempt).at(value, "", error) ?? error;
}

class Search {
  private readonly ancestors: unknown[] = [];
  private readonly attempt: Attempt;

  constructor(attempt: Attempt) {
    this.attempt = attempt;
  }

  at(value: unknown, path: string, error: EtfError): EtfError | undefined {
    if (typeof value !== "object" || value === null) return this.leaf(value, path);
    if (this.ancestors.includes(value))
      return placed(new EtfError("ETF_CYCLE", "a value that contains itself"), path);
    if (this.ancestors.length >= MAX_DEPTH) return placed(error, path);
    this.ancestors.push(value);
    const found = this.inside(value, path, error);
    this.ancestors.pop();
    return found ?? this.leaf(value, path);
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
    if (ArrayBuffer.isView(value) || value instanceof Atom) return undefined;
    if (Array.isArray(value)) return this.items(value, path, error);
    if (value instanceof ImproperList) {
      return (
        this.items(value.elements, path, error) ??
        this.at(value.tail, atIndex(path, value.elements.length), error)
      );
    }
    if (value instanceof Map) return this.entries(value, path, error);
    if ("toTerm" in value && typeof value.toTerm === "function") return this.at(value.toTerm(), path, error);
    return this.properties(value, path, error);
  }

  private items(items: readonly unknown[], path: string, error: EtfError): EtfError | undefined {
    for (let i = 0; i < items.length; i++) {
      const found = this.at(items[i], atIndex(path, i), error);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private entries(map: ReadonlyMap<unknown, unknown>, path: string, error: EtfError): EtfError | undefined {
    let index = 0;
    for (const [key, item] of map) {
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
