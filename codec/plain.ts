/** The plain view: terms as a JavaScript programmer would write them (the table is in docs/codec.md). */

import { ExactDecoder } from "./exact.ts";
import { Interner, MAX_INTERNED } from "./intern.ts";
import { readString, readTail } from "./list.ts";
import { MapDecoder } from "./plain-map.ts";
import { finite, readAtomName, readBits, readInteger, readOldFloat, readRare } from "./rare.ts";
import { MAX_SHORT, readShort } from "./short.ts";
import { ATOM_VALUES } from "./term.ts";
import { readUtf8 } from "./text.ts";

/** What an atom is as a value and as a key. */
interface Name {
  readonly text: string;
  readonly value: unknown;
}

/** Reads terms as the plain view shows them. */
export class PlainDecoder extends MapDecoder {
  protected readonly readsText: boolean = true;
  private readonly names = new Interner<Name>((_view, at) => this.makeName(at));
  private readonly keys = new Interner<string | undefined>((_view, at, length) =>
    this.keyText(at, at + length),
  );
  /** Reads keys that are containers, and what funs closed over; made when the first comes. */
  private exact: ExactDecoder | undefined;

  override term(): unknown {
    const { view, at } = this;
    const tag = view.getUint8(at);
    switch (tag) {
      case 97: // SMALL_INTEGER_EXT
        this.at = at + 2;
        return view.getUint8(at + 1);
      case 98: // INTEGER_EXT
        this.at = at + 5;
        return view.getInt32(at + 1);
      case 109: // BINARY_EXT
        return this.binary(at);
      case 119: // SMALL_ATOM_UTF8_EXT
        return this.name(at).value;
      case 108: // LIST_EXT
        return this.list(at);
      case 104: // SMALL_TUPLE_EXT
        return this.tuple(at + 2, view.getUint8(at + 1));
      case 116: // MAP_EXT
        return this.map(at);
      case 106: // NIL_EXT
        return this.nil(at);
      case 107: // STRING_EXT
        return readString(this);
      case 70: // NEW_FLOAT_EXT
        this.at = at + 9;
        return finite(this, view.getFloat64(at + 1));
      default:
        return this.other(tag, at);
    }
  }

  private other(tag: number, at: number): unknown {
    switch (tag) {
      case 99: // FLOAT_EXT
        return readOldFloat(this);
      case 110: // SMALL_BIG_EXT
      case 111: // LARGE_BIG_EXT
        return readInteger(this, tag);
      case 105: // LARGE_TUPLE_EXT
        return this.tuple(at + 5, this.view.getUint32(at + 1));
      case 118: // ATOM_UTF8_EXT
      case 115: // SMALL_ATOM_EXT
      case 100: // ATOM_EXT
        return this.name(at).value;
      case 77: // BIT_BINARY_EXT
        return readBits(this);
      default:
        return readRare(this, tag);
    }
  }

  /** Reads one term as the exact view shows it. */
  override exactTerm(): unknown {
    this.exact ??= new ExactDecoder(this.limits);
    this.exact.takeOver(this);
    const value = this.exact.term();
    this.exact.giveBack(this);
    return value;
  }

  /** Reads BINARY_EXT: text. */
  protected binary(at: number): unknown {
    const from = at + 5;
    this.at = this.within(from, this.view.getUint32(at + 1));
    return this.text(from, this.at);
  }

  private text(from: number, to: number): string {
    this.chargeText(to - from, from);
    const short = to - from <= MAX_SHORT ? readShort(this.view, from, to - from) : undefined;
    return short ?? this.longText(from, to);
  }

  private longText(from: number, to: number): string {
    const text = readUtf8(this.bytes, from, to);
    if (text !== undefined) return text;
    return this.fail(
      "ETF_UTF8",
      'a binary is not UTF-8; the option binaries: "bytes" reads binaries as Uint8Array',
      from - 5,
    );
  }

  private name(at: number): Name {
    const length = this.view.getUint8(at + 1);
    if (this.view.getUint8(at) !== 119 || length > MAX_INTERNED) return this.makeName(at + 2);
    this.at = this.within(at + 2, length);
    return this.names.find(this.view, at + 2, length);
  }

  private makeName(from: number): Name {
    this.at = from - 2;
    const text = readAtomName(this);
    this.chargeText(text.length, from);
    return { text, value: ATOM_VALUES.has(text) ? ATOM_VALUES.get(text) : text };
  }

  private list(at: number): unknown {
    const count = this.view.getUint32(at + 1);
    this.spend(count, at);
    this.enter(at);
    this.at = at + 5;
    const items = this.array(count);
    const { view } = this;
    let p = at + 5;
    for (let i = 0; i < count; i++) {
      const tag = view.getUint8(p);
      if (tag === 97) {
        items[i] = view.getUint8(p + 1);
        p += 2;
      } else if (tag === 98) {
        items[i] = view.getInt32(p + 1);
        p += 5;
      } else {
        this.at = p;
        items[i] = this.term();
        p = this.at;
      }
    }
    this.at = p;
    this.levels++;
    return readTail(this, items);
  }

  private tuple(from: number, arity: number): unknown {
    this.spend(arity, from);
    this.enter(from);
    this.at = from;
    const items = this.array(arity);
    for (let i = 0; i < arity; i++) items[i] = this.term();
    this.levels++;
    return items;
  }

  protected override textKey(tag: number): string | undefined {
    if (tag === 119) return this.name(this.at).text;
    return tag === 109 ? this.binaryKey() : undefined;
  }

  private binaryKey(): string | undefined {
    const from = this.at + 5;
    const length = this.view.getUint32(from - 4);
    const to = this.within(from, length);
    const key = length <= MAX_INTERNED ? this.keys.find(this.view, from, length) : this.keyText(from, to);
    if (key !== undefined) this.at = to;
    return key;
  }

  /** Text, or `undefined` where this view takes bytes that are no text as they are. */
  protected keyText(from: number, to: number): string | undefined {
    return this.text(from, to);
  }
}

/** The plain view in which binaries are bytes; keys are text all the same where they can be. */
export class BytesDecoder extends PlainDecoder {
  protected override readonly readsText = false;
  protected override binary(at: number): Uint8Array {
    this.at = this.within(at + 5, this.view.getUint32(at + 1));
    return this.ownBytes(at + 5, this.at);
  }
  protected override keyText(from: number, to: number): string | undefined {
    return readUtf8(this.bytes, from, to);
  }
}
