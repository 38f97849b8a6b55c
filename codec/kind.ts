/**
 * What an object is, by brands and never by `instanceof`: a value of another realm (vm, jest) or a term of another copy of
 * this codec is what its own realm says. A prototype is looked at once. Only built-ins and terms have brands; everything else
 * is a record, written by its properties.
 */

/** The brand of the classes of terms, on their prototypes: every copy of the codec knows those of every other. */
export const BRAND: unique symbol = Symbol.for("portreeve.term") as never;

/** What kind an object is. Arrays are told by `Array.isArray` first: of them only TUPLE and RECORD are said. */
export type Kind = number;
export const RECORD = 0;
export const TUPLE = 1;
export const ATOM = 2;
export const FLOAT = 3;
export const IMPROPER = 4;
export const BITS = 5;
export const PID = 6;
export const PORT = 7;
export const REFERENCE = 8;
export const EXPORT = 9;
export const FUN = 10;
/** A term of another copy of the codec. */
export const FOREIGN = 11;
export const BYTES = 12;
export const MAP = 13;
/** A built-in whose properties are not what it means: a Date, a URL, a generator, … */
export const OPAQUE = 14;

/** The brands of terms. */
const BRANDS: ReadonlyMap<unknown, Kind> = new Map<unknown, Kind>([
  ["tuple", TUPLE],
  ["atom", ATOM],
  ["float", FLOAT],
  ["improper list", IMPROPER],
  ["bit string", BITS],
  ["pid", PID],
  ["port", PORT],
  ["reference", REFERENCE],
  ["export", EXPORT],
  ["fun", FUN],
]);

/** Built-ins that have no `Symbol.toStringTag`, by the names of their constructors. */
const UNTAGGED: ReadonlyMap<string, Kind> = new Map([
  ["Uint8Array", BYTES],
  ["Date", OPAQUE],
  ["RegExp", OPAQUE],
  ["Error", OPAQUE],
  ["String", OPAQUE],
  ["Number", OPAQUE],
  ["Boolean", OPAQUE],
]);

/** Prototypes behind each other that are looked at: a Proxy can have no end of them. */
const MAX_CHAIN = 1000;

/** By prototype. Those of this realm are here from the start, so that nobody can dress them up. */
const known = new WeakMap<object, Kind>([
  [Uint8Array.prototype, BYTES],
  [Map.prototype, MAP],
  ...[Date, RegExp, Error, String, Number, Boolean].map(({ prototype }) => [prototype, OPAQUE] as const),
]);
const { getPrototypeOf, getOwnPropertyDescriptor, prototype: plain } = Object;
const plainBytes = Uint8Array.prototype;
const nameOf = Object.prototype.toString;
const sourceOf = Function.prototype.toString;

/** The prototypes that were asked for last, and their kinds. */
let lastProto: object = plain;
let lastKind: Kind = RECORD;
let earlierProto: object = plain;
let earlierKind: Kind = RECORD;

/** Marks a class of terms. @param kind its kind, when it is a class of this copy */
export function brand(type: { readonly prototype: object }, name: string): void {
  Object.defineProperty(type.prototype, BRAND, { value: name });
  known.set(type.prototype, BRANDS.get(name) ?? RECORD);
}

/** The brand of a term of another copy. */
export function brandOf(value: object): unknown {
  return (value as { readonly [BRAND]?: unknown })[BRAND];
}

/** The kind of any object. */
export function kindOf(value: object): Kind {
  const proto: object | null = getPrototypeOf(value);
  if (proto === plain || proto === null) return RECORD;
  if (proto === plainBytes) return BYTES;
  // The same classes often come again, and a look into the table costs as much as writing a small term.
  if (proto === lastProto) return lastKind;
  if (proto === earlierProto) return earlierKind;
  earlierKind = lastKind;
  earlierProto = lastProto;
  lastKind = known.get(proto) ?? learn(proto);
  lastProto = proto;
  return lastKind;
}

/** Only the prototypes are asked, so that what one value is never depends on another that came before it. */
function learn(first: object): Kind {
  const kind = kindOfChain(first);
  known.set(first, kind);
  return kind;
}

function kindOfChain(first: object): Kind {
  let proto: object | null = first;
  for (let i = 0; proto !== null && i < MAX_CHAIN; i++) {
    const kind = known.get(proto) ?? ownKind(proto);
    if (kind !== undefined && kind !== RECORD) return kind;
    proto = getPrototypeOf(proto);
  }
  return RECORD;
}

function ownKind(proto: object): Kind | undefined {
  const name: unknown = getOwnPropertyDescriptor(proto, BRAND)?.value;
  if (typeof name === "string") return name === "tuple" ? TUPLE : FOREIGN;
  if (isPlatform(proto)) return tagOf(proto) === "Map" ? MAP : OPAQUE;
  return untagged(proto);
}

function tagOf(object: object): unknown {
  return getOwnPropertyDescriptor(object, Symbol.toStringTag)?.value;
}

/**
 * Whether an object has a `Symbol.toStringTag` such as ECMAScript and Web IDL give to what they define: a constant that is not
 * enumerable, or a getter of the runtime's. Classes of users have getters of their own, or plain properties.
 */
function isPlatform(object: object): boolean {
  const tag = getOwnPropertyDescriptor(object, Symbol.toStringTag);
  if (tag === undefined) return false;
  if (tag.get !== undefined) return isNative(tag.get);
  return typeof tag.value === "string" && tag.writable === false && tag.enumerable === false;
}

function untagged(proto: object): Kind | undefined {
  const type: unknown = getOwnPropertyDescriptor(proto, "constructor")?.value;
  if (typeof type !== "function" || type.prototype !== proto) return undefined;
  const kind = UNTAGGED.get(type.name);
  return kind !== undefined && isNative(type) ? kind : undefined;
}

function isNative(type: object): boolean {
  return sourceOf.call(type).includes("[native code]");
}

/**
 * Whether an object of the kind RECORD, whose own keys are `keys`, is one indeed. Of plain objects the prototype says nothing: a
 * namespace (`Math`, `Intl`, a module's) or an arguments object has the same.
 */
export function isRecord(value: object, keys: readonly string[]): boolean {
  const proto: object | null = getPrototypeOf(value);
  if (proto === null) return !isOpaqueItself(value);
  if (keys.length > 0 && keys[0] !== "0") return true;
  // The Object.prototype of any realm has nothing above it.
  const isPlain = proto === plain || getPrototypeOf(proto) === null;
  return !(isPlain && isOpaqueItself(value));
}

function isOpaqueItself(value: object): boolean {
  if (nameOf.call(value) === "[object Object]") return false;
  return isPlatform(value) || !(Symbol.toStringTag in value);
}
