/** The exact view: terms as an Erlang programmer would see them, so that what was decoded is encoded to the same bytes. */

import { Decoder, OBJECT } from "./decode.ts";
import { Interner, MAX_INTERNED } from "./intern.ts";
import { readString, readTail } from "./list.ts";
import { TermMap } from "./map.ts";
import { finite, readAtomName, readBits, readInteger, readOldFloat, readRare } from "./rare.ts";
import { ATOM_VALUES, atom, Float, Tuple } from "./term.ts";

/** What an entry of a TermMap costs besides its two slots. */
const ENTRY = 64;

/** Reads terms as the exact view shows them. */
export class ExactDecoder extends Decoder {
  private readonly atoms = new Interner((view, at, length) => this.makeAtom(view, at, length));

  private readonly next = () => this.term();

  /** The same: this decoder reads nothing else. */
  exactTerm(): unknown {
    return this.term();
  }

  /** Goes on where `other` stands, with what it may still spend; afterwards {@link giveBack}. */
  takeOver(other: Decoder): void {
    this.bytes = other.bytes;
    this.view = other.view;
    this.copyState(other, this);
  }

  /** Lets `other` go on where this decoder stands. */
  giveBack(other: Decoder): void {
    this.copyState(this, other);
  }

  private copyState(from: Decoder, to: Decoder): void {
    to.at = from.at;
    to.end = from.end;
    to.levels = from.levels;
    to.budget = from.budget;
    to.keyBudget = from.keyBudget;
    to.memory = from.memory;
    to.memo = from.memo;
  }

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
      case 119: // SMALL_ATOM_UTF8_EXT
        return this.smallAtom(at, view.getUint8(at + 1));
      case 109: // BINARY_EXT
        this.at = this.within(at + 5, view.getUint32(at + 1));
        return this.ownBytes(at + 5, this.at);
      case 104: // SMALL_TUPLE_EXT
        return this.tuple(at + 2, view.getUint8(at + 1));
      case 108: // LIST_EXT
        return this.list(at);
      case 106: // NIL_EXT
        return this.nil(at);
      case 107: // STRING_EXT
        return readString(this);
      case 116: // MAP_EXT
        return this.map(at);
      default:
        return this.other(tag, at);
    }
  }

  private other(tag: number, at: number): unknown {
    switch (tag) {
      case 70: // NEW_FLOAT_EXT
        this.at = at + 9;
        return this.float(finite(this, this.view.getFloat64(at + 1)));
      case 99: // FLOAT_EXT
        return this.float(readOldFloat(this));
      case 110: // SMALL_BIG_EXT
      case 111: // LARGE_BIG_EXT
        return readInteger(this, tag);
      case 105: // LARGE_TUPLE_EXT
        return this.tuple(at + 5, this.view.getUint32(at + 1));
      case 118: // ATOM_UTF8_EXT
      case 115: // SMALL_ATOM_EXT
      case 100: // ATOM_EXT
        return atomValue(readAtomName(this));
      case 77: // BIT_BINARY_EXT
        return readBits(this);
      default:
        return readRare(this, tag);
    }
  }

  private float(value: number): number | Float {
    if (!Number.isInteger(value)) return value;
    this.charge(OBJECT, this.at);
    return new Float(value);
  }

  private smallAtom(at: number, length: number): unknown {
    if (length > MAX_INTERNED) return atomValue(readAtomName(this));
    this.at = this.within(at + 2, length);
    return this.atoms.find(this.view, at + 2, length);
  }

  private makeAtom(_view: DataView, at: number, _length: number): unknown {
    this.at = at - 2;
    this.charge(OBJECT, at);
    return atomValue(readAtomName(this));
  }

  private list(at: number): unknown {
    const count = this.view.getUint32(at + 1);
    this.spend(count, at);
    this.enter(at);
    this.at = at + 5;
    const items = this.array(count);
    for (let i = 0; i < count; i++) items[i] = this.term();
    this.levels++;
    return readTail(this, items);
  }

  private tuple(from: number, arity: number): unknown {
    this.spend(arity, from);
    this.enter(from);
    this.at = from;
    const items = new Tuple<unknown>();
    for (let i = 0; i < arity; i++) items[i] = this.term();
    this.levels++;
    return items;
  }

  private map(at: number): unknown {
    const count = this.view.getUint32(at + 1);
    this.spend(count * 2, at);
    this.charge(count * ENTRY, at);
    this.enter(at);
    this.at = at + 5;
    const map = new TermMap();
    for (let i = 0; i < count; i++) {
      const from = this.at;
      const key = this.term();
      this.chargeKey(key, from);
      if (!map.add(key, this.next, this.memo))
        this.fail("ETF_DUPLICATE_KEY", "a map has this key twice", from);
    }
    this.levels++;
    return map;
  }
}

function atomValue(name: string): unknown {
  return ATOM_VALUES.has(name) ? ATOM_VALUES.get(name) : atom(name);
}
