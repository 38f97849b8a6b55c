/**
 * Terms as text, spelt as Erlang spells them: `inspect`, which `parse` (parse.ts) reads back. What Erlang prints without saying
 * enough to read it back (pids, ports, references, local funs) is printed with all its parts: `#Pid<'a@host',9,0,0>`.
 */

import { wrongArgument } from "./arguments.ts";
import { ownBytes } from "./bytes.ts";
import { EtfError } from "./error.ts";
import { BYTES, isRecord, kindOf, MAP, RECORD } from "./kind.ts";
import { MAX_DEPTH } from "./limits.ts";
import { refusedObject } from "./unsupported.ts";

/**
 * How a term is spelt: `"~p"`, like the format of that name, with text where binaries and lists are text; `"~w"`, with numbers
 * instead, exactly as `io:format("~w")` of OTP 25 and later.
 */
export type Style = "~p" | "~w";

/** What prints the parts of a term. */
export interface Printer {
  readonly style: Style;
  /** The text of any term. */
  show(term: unknown): string;
  /** The text of several, with commas. */
  list(terms: readonly unknown[]): string;
}

/** The method by which the classes of terms print themselves, those of another copy of the codec included. */
export const PRINT: unique symbol = Symbol.for("portreeve.print") as never;
/** The key under which Node's `util.inspect` (and `console.log`) finds how an object prints itself. */
export const NODE_INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/** A term with a class of its own. */
export interface Printable {
  [PRINT](printer: Printer): string;
}

/**
 * The text of a term, or of any value that can be written as one: strings and bytes are binaries, objects maps with binary keys.
 * @throws EtfError ETF_UNSUPPORTED for what ETF cannot hold, ETF_LIMIT deeper than 512 levels.
 */
export function inspect(term: unknown, style: Style = "~p"): string {
  if (style !== "~p" && style !== "~w") wrongArgument("style", '"~p" or "~w"', style);
  return new Printing(style).show(term);
}

class Printing implements Printer {
  readonly style: Style;
  private levels = MAX_DEPTH;

  constructor(style: Style) {
    this.style = style;
  }

  show(term: unknown): string {
    if (this.levels-- === 0) throw new EtfError("ETF_LIMIT", `deeper than ${MAX_DEPTH} levels`);
    const text = this.spell(term);
    this.levels++;
    return text;
  }

  list(terms: readonly unknown[]): string {
    return terms.map((term) => this.show(term)).join(",");
  }

  private spell(term: unknown): string {
    switch (typeof term) {
      case "string":
        return printBytes(new TextEncoder().encode(term), this.style);
      case "number":
        return Number.isSafeInteger(term) && !Object.is(term, -0) ? String(term) : printFloat(term);
      case "object":
        return term === null ? "nil" : this.spellObject(term);
      case "boolean":
      case "undefined":
      case "bigint":
        return String(term);
      default:
        throw new EtfError("ETF_UNSUPPORTED", `ETF cannot hold a ${typeof term}`);
    }
  }

  private spellObject(term: object): string {
    if (PRINT in term) return (term as Printable)[PRINT](this);
    if ("toTerm" in term && typeof term.toTerm === "function") return this.show(term.toTerm());
    if (Array.isArray(term)) return this.spellList(term);
    const kind = kindOf(term);
    if (kind === BYTES) return printBytes(ownBytes(term as Uint8Array), this.style);
    if (kind === MAP) return this.spellMap([...(term as ReadonlyMap<unknown, unknown>)]);
    if (kind !== RECORD || !isRecord(term, Object.keys(term))) throw refusedObject(term);
    return this.spellMap(Object.entries(term).filter(([, value]) => value !== undefined));
  }

  private spellList(items: readonly unknown[]): string {
    return this.style === "~p" && isCharlist(items)
      ? quote(String.fromCharCode(...items), '"')
      : `[${this.list(items)}]`;
  }

  private spellMap(entries: readonly (readonly [unknown, unknown])[]): string {
    return `#{${entries.map(([key, value]) => `${this.show(key)} => ${this.show(value)}`).join(",")}}`;
  }
}

/** A list that Erlang would show as a string, short enough to be passed as arguments. */
function isCharlist(items: readonly unknown[]): items is readonly number[] {
  return (
    items.length > 0 &&
    items.length <= 10_000 &&
    items.every((item) => Number.isInteger(item) && isPrintable(item as number))
  );
}

function isPrintable(code: number): boolean {
  return (
    (code >= 32 && code <= 126) || (code >= 160 && code <= 255) || (code >= 8 && code <= 13) || code === 27
  );
}

/** The text of a binary, of whose last byte `bits` bits count. */
export function printBytes(bytes: Uint8Array, style: Style, bits = 8): string {
  if (style === "~p" && bits === 8 && bytes.length > 0) {
    const text = printableText(bytes);
    if (text !== undefined) return `<<${quote(text, '"')}${text.length === bytes.length ? "" : "/utf8"}>>`;
  }
  const parts = Array.from(bytes, String);
  if (bits < 8) parts.push(`${Number(parts.pop()) >> (8 - bits)}:${bits}`);
  return `<<${parts.join(",")}>>`;
}

function printableText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const odd = text.match(/[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}]/gu) ?? [];
    return odd.every((character) => "\b\t\n\v\f\r\x1b".includes(character)) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** The shortest digits that give the same float; without an exponent where that is no longer, and below 2^53. */
export function printFloat(value: number): string {
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  const scientific = `${digits.includes(".") ? digits : `${digits}.0`}e${power}`;
  if (Math.abs(value) >= 2 ** 53 || value === 0)
    return value === 0 ? (Object.is(value, -0) ? "-0.0" : "0.0") : scientific;
  const fixed = fixedPoint(digits.replace(/[-.]/g, ""), power, value < 0 ? "-" : "");
  return fixed.length <= scientific.length ? fixed : scientific;
}

function fixedPoint(digits: string, power: number, sign: string): string {
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${digits}`;
  const whole = digits.slice(0, power + 1).padEnd(power + 1, "0");
  return `${sign}${whole}.${digits.slice(power + 1) || "0"}`;
}

const BARE = /^[a-zß-öø-ÿ][a-zA-Z0-9_@À-ÖØ-öø-ÿ]*$/;
const RESERVED = new Set(
  (
    "after and andalso band begin bnot bor bsl bsr bxor case catch cond div else end fun if let maybe not of or orelse " +
    "receive rem try when xor"
  ).split(" "),
);

/** An atom, in quotes where it needs them. */
export function printAtom(name: string, style: Style): string {
  if (BARE.test(name) && !RESERVED.has(name)) return name;
  const quoted = quote(name, "'");
  return style === "~p" ? quoted : quoted.replace(/[^\0-\xff]/gu, (c) => `\\x{${codeOf(c)}}`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\x1b": "\\e",
  "\x7f": "\\d",
  "\\": "\\\\",
};

/** `text` in quotation marks, with what cannot stand in them escaped. */
function quote(text: string, mark: string): string {
  const escaped = text.replace(/[\p{Cc}\\]/gu, (c) => ESCAPES[c] ?? `\\${octal(c)}`);
  return `${mark}${escaped.replaceAll(mark, `\\${mark}`)}${mark}`;
}

function octal(character: string): string {
  return character.charCodeAt(0).toString(8).padStart(3, "0");
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
}
