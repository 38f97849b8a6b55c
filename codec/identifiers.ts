/** Terms that name something inside a node of Erlang: pids, ports, references and funs. JavaScript can keep them and hand them back. */

import { byteLength } from "./bytes.ts";
import { EtfError } from "./error.ts";
import { brand, kindOf, PID } from "./kind.ts";
import { PRINT, type Printer, printAtom, printBytes } from "./print.ts";
import { atom, Term } from "./term.ts";
import { shown } from "./unsupported.ts";

/** A process identifier. */
export class Pid extends Term {
  static {
    brand(Pid, "pid");
  }
  /** The node's name, `name@host`. */
  readonly node: string;
  readonly id: number;
  readonly serial: number;
  readonly creation: number;
  constructor(node: string, id: number, serial: number, creation: number) {
    super();
    this.node = atom(node).name;
    this.id = uint32("a pid's id", id);
    this.serial = uint32("a pid's serial", serial);
    this.creation = uint32("a pid's creation", creation);
  }
  override [PRINT]({ style }: Printer): string {
    return `#Pid<${printAtom(this.node, style)},${this.id},${this.serial},${this.creation}>`;
  }
}
/** A process identifier of its parts (all but the node are 32-bit numbers). */
export function pid(node: string, id: number, serial: number, creation: number): Pid {
  return new Pid(node, id, serial, creation);
}

/** A port identifier. */
export class Port extends Term {
  static {
    brand(Port, "port");
  }
  readonly node: string;
  /** 64 bits. */
  readonly id: bigint;
  readonly creation: number;
  constructor(node: string, id: number | bigint, creation: number) {
    super();
    this.node = atom(node).name;
    this.id = uint64("a port's id", id);
    this.creation = uint32("a port's creation", creation);
  }
  override [PRINT]({ style }: Printer): string {
    return `#Port<${printAtom(this.node, style)},${this.id},${this.creation}>`;
  }
}
/** A port identifier of its parts. */
export function port(node: string, id: number | bigint, creation: number): Port {
  return new Port(node, id, creation);
}

/** A reference. */
export class Reference extends Term {
  static {
    brand(Reference, "reference");
  }
  readonly node: string;
  readonly creation: number;
  /** One to five 32-bit words, as they lie in the bytes (Erlang prints them the other way round). */
  readonly ids: readonly number[];
  constructor(node: string, creation: number, ids: readonly number[]) {
    super();
    if (!Array.isArray(ids) || !isWordCount(ids.length))
      throw new EtfError("ETF_OPTION", "a reference has an array of 1 to 5 words");
    this.node = atom(node).name;
    this.creation = uint32("a reference's creation", creation);
    this.ids = Array.from(ids, (id) => uint32("a reference's word", id));
  }
  override [PRINT]({ style }: Printer): string {
    return `#Ref<${printAtom(this.node, style)},${this.creation},[${this.ids}]>`;
  }
}
/** A reference of its parts. */
export function reference(node: string, creation: number, ids: readonly number[]): Reference {
  return new Reference(node, creation, ids);
}

/** An external fun: `fun lists:map/2`. */
export class Export extends Term {
  static {
    brand(Export, "export");
  }
  readonly module: string;
  readonly function: string;
  /** 0 to 255. */
  readonly arity: number;
  constructor(module: string, name: string, arity: number) {
    super();
    this.module = atom(module).name;
    this.function = atom(name).name;
    this.arity = inRange("an arity", arity, 255);
  }
  override [PRINT]({ style }: Printer): string {
    return `fun ${printAtom(this.module, style)}:${printAtom(this.function, style)}/${this.arity}`;
  }
}
/** `exported("lists", "map", 2)` is `fun lists:map/2`. */
export function exported(module: string, name: string, arity: number): Export {
  return new Export(module, name, arity);
}

/** What a local fun is made of. JavaScript cannot call it, only hand it back. */
export interface FunParts {
  readonly module: string;
  readonly arity: number;
  /** 16 bytes: the MD5 of the module's code. */
  readonly uniq: Uint8Array;
  readonly index: number;
  readonly oldIndex: number;
  readonly oldUniq: number;
  /** The process that made it. */
  readonly pid: Pid;
  /** The values it closed over, as the exact view shows them. */
  readonly free: readonly unknown[];
}
/** A local fun, opaque and complete. */
export class Fun extends Term implements FunParts {
  static {
    brand(Fun, "fun");
  }
  readonly module: string;
  readonly arity: number;
  readonly uniq: Uint8Array;
  readonly index: number;
  readonly oldIndex: number;
  readonly oldUniq: number;
  readonly pid: Pid;
  readonly free: readonly unknown[];
  constructor(parts: FunParts) {
    super();
    checkParts(parts);
    this.module = atom(parts.module).name;
    this.arity = inRange("an arity", parts.arity, 255);
    this.uniq = new Uint8Array(16);
    this.uniq.set(parts.uniq);
    this.index = uint32("a fun's index", parts.index);
    this.oldIndex = parts.oldIndex;
    this.oldUniq = parts.oldUniq;
    this.pid = parts.pid;
    this.free = parts.free;
  }
  override [PRINT](printer: Printer): string {
    const { module, arity, uniq, index, oldIndex, oldUniq } = this;
    const head = [printAtom(module, printer.style), arity, printBytes(uniq, "~w"), index, oldIndex, oldUniq];
    return `#Fun<${head.join(",")},${printer.show(this.pid)},[${printer.list(this.free)}]>`;
  }
}
/** A local fun of its parts. */
export function fun(parts: FunParts): Fun {
  return new Fun(parts);
}

/** How many words a reference may have. */
export function isWordCount(count: number): boolean {
  return count >= 1 && count <= 5;
}

function checkParts({ uniq, pid, free }: FunParts): void {
  if (byteLength(uniq) !== 16) throw new EtfError("ETF_OPTION", "a fun's uniq has 16 bytes");
  if (typeof pid !== "object" || pid === null || kindOf(pid) !== PID)
    throw new EtfError("ETF_OPTION", "a fun's pid is a Pid");
  if (!Array.isArray(free)) throw new EtfError("ETF_OPTION", "what a fun closed over is an array");
}

function uint32(what: string, value: number): number {
  return inRange(what, value, 0xffff_ffff);
}
function inRange(what: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new EtfError("ETF_OPTION", `${what} is an integer from 0 to ${most}, not ${shown(value)}`);
}
function uint64(what: string, value: number | bigint): bigint {
  const id = typeof value === "bigint" ? value : BigInt(inRange(what, value, Number.MAX_SAFE_INTEGER));
  if (BigInt.asUintN(64, id) === id) return id;
  throw new EtfError("ETF_OPTION", `${what} has 64 bits and no sign`);
}
