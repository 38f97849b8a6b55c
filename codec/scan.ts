/** The words of Erlang's text of terms: numbers, atoms, quoted texts. parse.ts puts terms together from them. */

import { wrongArgument } from "./arguments.ts";
import { EtfError } from "./error.ts";
import { float } from "./term.ts";

const SPACE = /(?:\s|%[^\n]*)*/y;
const FLOAT = /-?\d+(?:_\d+)*\.\d+(?:_\d+)*(?:[eE][+-]?\d+)?/y;
const BASED = /(-?)(\d{1,2})#([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)/y;
const DECIMAL = /-?\d+(?:_\d+)*/y;
const CHARACTER = /\$(\\x\{[0-9a-fA-F]+\}|\\[0-7]{1,3}|\\x[0-9a-fA-F]{2}|\\\^?.|.)/suy;
const BARE = /[a-zß-öø-ÿ][a-zA-Z0-9_@À-ÖØ-öø-ÿ]*/y;
const KIND = /[A-Z][a-z]+/y;
const ESCAPE = /\\(x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|[0-7]{1,3}|\^.|.)/gsu;

const ESCAPED: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  s: " ",
  d: "\x7f",
};

/** A position in a text. */
export class Scanner {
  private readonly text: string;
  protected at = 0;

  constructor(text: string) {
    if (typeof text !== "string") wrongArgument("text", "a string", text);
    this.text = text;
    this.match(SPACE);
  }

  /** Goes over `word`, and the space behind it, if it stands here. */
  protected take(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    if (word !== "'" && word !== '"') this.match(SPACE);
    return true;
  }

  protected expect(word: string): void {
    if (!this.take(word)) this.fail(`here ${word} should stand`);
  }

  protected atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** What is left of a text in quotation marks, the first of which has been taken. */
  protected quoted(mark: string): string {
    const start = this.at;
    for (let i = start; i < this.text.length; i++) {
      if (this.text[i] === "\\") i++;
      else if (this.text[i] === mark) {
        this.at = i + 1;
        this.match(SPACE);
        return this.text.slice(start, i).replace(ESCAPE, (_, code: string) => unescaped(code));
      }
    }
    return this.fail(`${mark} is missing at the end`, start - 1);
  }

  /** An atom without quotation marks, or `undefined`. */
  protected bareWord(): string | undefined {
    return this.token(BARE)?.[0];
  }

  /** The word behind `#`. */
  protected kind(): string {
    return this.token(KIND)?.[0] ?? this.fail("here Pid, Port, Ref or Fun should stand");
  }

  /** A number, or `undefined`. Integral floats are `Float`. */
  protected number(): unknown {
    const offset = this.at;
    const real = this.token(FLOAT);
    if (real !== undefined) return this.finite(Number(real[0].replaceAll("_", "")), offset);
    const based = this.token(BASED);
    if (based !== undefined) return this.based(based, offset);
    const decimal = this.token(DECIMAL);
    if (decimal !== undefined) return shortest(BigInt(decimal[0].replaceAll("_", "")));
    const character = this.token(CHARACTER)?.[1];
    return character === undefined ? undefined : codeOf(character);
  }

  private finite(value: number, offset: number): unknown {
    if (!Number.isFinite(value)) this.fail("a float beyond 1.8e308", offset);
    return Number.isInteger(value) ? float(value) : value;
  }

  private based([, sign, base, digits = ""]: RegExpExecArray, offset: number): unknown {
    const radix = Number(base);
    const text = digits.replaceAll("_", "");
    const isDigit = (digit: string) => radix >= 2 && radix <= 36 && Number.parseInt(digit, 36) < radix;
    const wrong = Array.from(text).find((digit) => !isDigit(digit));
    if (wrong !== undefined) this.fail(`${wrong} is no digit in base ${radix}`, offset);
    const value = assembled(text, radix);
    return shortest(sign === "-" ? -value : value);
  }

  private token(pattern: RegExp): RegExpExecArray | undefined {
    const found = this.match(pattern);
    if (found !== undefined) this.match(SPACE);
    return found;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }

  protected fail(message: string, offset: number = this.at): never {
    const near = this.text.slice(offset, offset + 20);
    const where = near === "" ? "at the end" : `before ${JSON.stringify(near)}`;
    throw new EtfError("ETF_SYNTAX", `${message} (character ${offset}, ${where})`, { offset });
  }
}

/**
 * The number of these digits. As many as a double holds are read at once, and then neighbours are put together, pair by pair:
 * one digit after the other would cost the square of their count.
 */
function assembled(digits: string, radix: number): bigint {
  const size = Math.floor(53 / Math.log2(radix));
  let parts: bigint[] = [];
  for (let end = digits.length; end > 0; end -= size)
    parts.push(BigInt(Number.parseInt(digits.slice(Math.max(0, end - size), end), radix)));
  // The least first.
  for (let base = BigInt(radix) ** BigInt(size); parts.length > 1; base *= base)
    parts = Array.from(
      { length: Math.ceil(parts.length / 2) },
      (_, i) => (parts[2 * i + 1] ?? 0n) * base + (parts[2 * i] ?? 0n),
    );
  return parts[0] ?? 0n;
}

function shortest(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function unescaped(code: string): string {
  if (code.startsWith("x{")) return character(Number.parseInt(code.slice(2, -1), 16));
  if (/^x[0-9a-fA-F]{2}$/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
  if (code.length === 2 && code.startsWith("^")) return String.fromCharCode(code.charCodeAt(1) & 31);
  return ESCAPED[code] ?? code;
}

function character(code: number): string {
  if (code <= 0x10ffff) return String.fromCodePoint(code);
  throw new EtfError("ETF_SYNTAX", `there is no character ${code.toString(16)}`);
}

function codeOf(character: string): number {
  const text = character.length > 1 && character.startsWith("\\") ? unescaped(character.slice(1)) : character;
  return text.codePointAt(0) ?? 0;
}
