/** Text to terms: reads what `inspect` (print.ts) writes, and terms as one writes them in Erlang. For command lines and tests. */

import { EtfError } from "./error.ts";
import { exported, fun, Pid, pid, port, reference } from "./identifiers.ts";
import { MAX_DEPTH } from "./limits.ts";
import { TermMap } from "./map.ts";
import { Scanner } from "./scan.ts";
import { ATOM_VALUES, Atom, atom, bitString, Float, improperList, tuple } from "./term.ts";

/**
 * The term that `text` spells, as the exact view shows it: atoms are `Atom`, binaries `Uint8Array`, `"…"` a list of characters.
 * A full stop at the end and comments (`% …`) are allowed.
 * @throws EtfError ETF_SYNTAX with the offset in characters.
 */
export function parse(text: string): unknown {
  return new Parser(text).whole();
}

class Parser extends Scanner {
  private levels = MAX_DEPTH;

  whole(): unknown {
    const term = this.term();
    this.take(".");
    return this.atEnd() ? term : this.fail("a term ended, and more follows");
  }

  term(): unknown {
    if (this.levels-- === 0)
      throw new EtfError("ETF_LIMIT", `deeper than ${MAX_DEPTH} levels`, { offset: this.at });
    const term = this.one();
    this.levels++;
    return term;
  }

  private one(): unknown {
    if (this.take("{")) return tuple(...this.sequence("}"));
    if (this.take("[")) return this.list();
    if (this.take("<<")) return this.binary();
    if (this.take("#{")) return this.map();
    if (this.take("#")) return this.opaque();
    if (this.take('"')) return this.strings();
    if (this.take("'")) return named(this.quoted("'"));
    return this.number() ?? this.word();
  }

  private word(): unknown {
    const word = this.bareWord();
    if (word === undefined) return this.fail("here a term should begin");
    return word === "fun" ? this.exported() : named(word);
  }

  /** Terms up to `end`, separated by commas. */
  private sequence(end: string): unknown[] {
    const terms: unknown[] = [];
    if (this.take(end)) return terms;
    do terms.push(this.term());
    while (this.take(","));
    this.expect(end);
    return terms;
  }

  private list(): unknown {
    const terms: unknown[] = [];
    if (this.take("]")) return terms;
    do terms.push(this.term());
    while (this.take(","));
    const tail = this.take("|") ? this.term() : [];
    this.expect("]");
    return Array.isArray(tail) && !isTuple(tail) ? [...terms, ...tail] : improperList(terms, tail);
  }

  private strings(): unknown {
    let text = this.quoted('"');
    while (this.take('"')) text += this.quoted('"');
    return Array.from(text, (character) => character.codePointAt(0));
  }

  private map(): unknown {
    const map = new TermMap();
    if (this.take("}")) return map;
    do {
      const offset = this.at;
      const key = this.term();
      if (map.has(key)) this.fail("a map has this key twice", offset);
      this.expect("=>");
      map.set(key, this.term());
    } while (this.take(","));
    this.expect("}");
    return map;
  }

  private binary(): unknown {
    const bytes: number[] = [];
    let bits = 8;
    if (this.take(">>")) return Uint8Array.of();
    do {
      if (bits !== 8) this.fail("after a part of a byte a binary ends");
      bits = this.segment(bytes);
    } while (this.take(","));
    this.expect(">>");
    return bits === 8 ? Uint8Array.from(bytes) : bitString(Uint8Array.from(bytes), bits);
  }

  /** One segment; gives the bits that it leaves in the last byte. */
  private segment(bytes: number[]): number {
    if (this.take('"')) return this.textSegment(bytes);
    const value = this.number();
    if (typeof value !== "number") return this.fail("here a byte should stand");
    const size = this.take(":") ? this.number() : 8;
    if (typeof size !== "number" || size < 1 || size > 8) return this.fail("a segment has 1 to 8 bits");
    bytes.push((value << (8 - size)) & 255);
    return size;
  }

  private textSegment(bytes: number[]): number {
    const offset = this.at;
    const text = this.quoted('"');
    if (this.take("/utf8")) bytes.push(...new TextEncoder().encode(text));
    else if (/^[\0-\xff]*$/.test(text)) for (const character of text) bytes.push(character.charCodeAt(0));
    else this.fail("a text with characters over 255 needs /utf8", offset);
    return 8;
  }

  private exported(): unknown {
    const module = this.name();
    this.expect(":");
    const name = this.name();
    this.expect("/");
    return exported(module, name, this.integer());
  }

  /** `#Pid<…>`, `#Port<…>`, `#Ref<…>`, `#Fun<…>`. */
  private opaque(): unknown {
    const offset = this.at;
    const word = this.kind();
    this.expect("<");
    const parts = this.sequence(">");
    const made = build(word, parts);
    return made ?? this.fail(`#${word}<…> does not have these parts`, offset);
  }

  private name(): string {
    const term = this.take("'") ? this.quoted("'") : this.bareWord();
    return term ?? this.fail("here an atom should stand");
  }

  private integer(): number {
    const value = this.number();
    return typeof value === "number" ? value : this.fail("here an integer should stand");
  }
}

function named(name: string): unknown {
  return ATOM_VALUES.has(name) ? ATOM_VALUES.get(name) : atom(name);
}

function isTuple(value: unknown[]): boolean {
  return value.constructor !== Array;
}

function build(word: string, parts: readonly unknown[]): unknown {
  const [node, a, b, c] = parts;
  if (word === "Fun") return buildFun(parts);
  if (!(node instanceof Atom)) return undefined;
  if (word === "Pid" && isInteger(a) && isInteger(b) && isInteger(c)) return pid(node.name, a, b, c);
  if (word === "Port" && (isInteger(a) || typeof a === "bigint") && isInteger(b))
    return port(node.name, a, b);
  if (word === "Ref" && isInteger(a) && Array.isArray(b) && b.every(isInteger))
    return reference(node.name, a, b);
  return undefined;
}

function buildFun(parts: readonly unknown[]): unknown {
  const [module, arity, uniq, index, oldIndex, oldUniq, creator, free] = parts;
  if (
    !(module instanceof Atom && uniq instanceof Uint8Array && creator instanceof Pid && Array.isArray(free))
  )
    return undefined;
  if (!(isInteger(arity) && isInteger(index) && isInteger(oldIndex) && isInteger(oldUniq))) return undefined;
  return fun({ module: module.name, arity, uniq, index, oldIndex, oldUniq, pid: creator, free });
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value) && !(value instanceof Float);
}
