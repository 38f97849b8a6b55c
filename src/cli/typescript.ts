/**
 * The types of a program's hello as TypeScript: an interface of its functions, one type for each that they name, and
 * the value for `port.as(…)`. Pure. The table is the one of the values' plain view (codec/plain.ts).
 */
import type { PortFunction } from "../wire/hello.ts";
import { own } from "./type-text.ts";

/** What is known of a program. */
export interface Description {
  readonly name: string;
  readonly functions: readonly PortFunction[];
  readonly types: Readonly<Record<string, { readonly doc: string; readonly type: unknown }>>;
}

/**
 * Arguments are taken as widely as the program takes them, results are promised as narrowly as they come.
 * A named type serves both, and is written as a result.
 */
type Side = "argument" | "result";

/** A module in TypeScript. `interfaceName` is that of the interface, and of the value beside it. */
export function generateModule(program: Description, interfaceName: string): string {
  const { name, functions, types } = program;
  const named = Object.entries(types).map(
    ([type, entry]) => `${docComment(entry.doc)}${declareType(type, entry.type)}\n`,
  );
  const methods = functions.map((f) => indent(`${docComment(docOf(f))}${method(f)}`)).join("\n");
  const names = functions.map((f) => `    ${JSON.stringify(f.name)},\n`).join("");
  const body = [
    ...named,
    `/** The functions of ${name}. */\nexport interface ${interfaceName} {\n${methods}\n}\n`,
    `/** For \`port.as(${interfaceName})\`. */\nexport const ${interfaceName}: PortClient<${interfaceName}> = {\n  functions: [\n${names}  ],\n};\n`,
  ].join("\n");
  const imports = [
    ...(/\bReference\b/.test(body) ? ['import type { Reference } from "portreeve/codec";\n'] : []),
    'import type { PortClient } from "portreeve";\n',
  ];
  return `// Written by \`portreeve types\` from the program ${name}. Changes get lost: write it again instead.\n${imports.join("")}\n${body}`;
}

/** The types of which a program knows no more than the name: those without `#[portreeve::term]`. */
export function unknownTypes({ types }: Description): string[] {
  return Object.entries(types).flatMap(([name, { type }]) => (type === "term" ? [name] : []));
}

/** `compute-2` → `Compute2`, a name for the interface. */
export function interfaceNameOf(program: Description): string {
  const words = program.name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const name = identifier(
    words.map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`).join("") || "Program",
  );
  return Object.keys(program.types).map(identifier).includes(name) ? `${name}Functions` : name;
}

function docOf({ doc, error, idempotent }: PortFunction): string {
  const notes = [
    ...(error === "nil" || error === "term"
      ? []
      : [`@throws CallError (CALL_ERROR), with \`data\`: ${typeText(error, "result")}`]),
    ...(idempotent ? ["Idempotent: may be retried after its worker died."] : []),
  ];
  return [doc.trim(), ...notes].filter((text) => text !== "").join("\n\n");
}

function method({ name, args, result }: PortFunction): string {
  const parameters = args
    .map((arg) => `${parameter(arg.name)}: ${typeText(arg.type, "argument")}`)
    .join(", ");
  return `${propertyName(name)}(${parameters}): Promise<${typeText(result, "result")}>;`;
}

function declareType(name: string, type: unknown): string {
  const [kind, fields] = asList(type);
  if (kind !== "struct") return `export type ${identifier(name)} = ${typeText(type, "result")};`;
  const lines = asList(fields).map((field) => `  ${fieldText(field)};\n`);
  return `export interface ${identifier(name)} {\n${lines.join("")}}`;
}

const SIMPLE: Readonly<Record<string, string>> = {
  bool: "boolean",
  f32: "number",
  f64: "number",
  string: "string",
  bytes: "Uint8Array",
  atom: "string",
  nil: "null",
  term: "unknown",
};

/** Over 53 bits an integer comes as a number when it is small enough, and as a bigint when it is not. */
const WIDE = new Set(["u64", "i128", "u128", "integer"]);
const NARROW = new Set(["i8", "u8", "i16", "u16", "i32", "u32", "i64", "isize", "usize"]);

/** One type. What is not known here is `unknown`: a newer program may describe more. */
export function typeText(type: unknown, side: Side): string {
  if (!Array.isArray(type)) return simpleText(String(type));
  const [kind, ...parts] = type as readonly unknown[];
  return own(COMPOSED, String(kind))?.(parts, side) ?? "unknown";
}

function simpleText(name: string): string {
  if (NARROW.has(name)) return "number";
  return WIDE.has(name) ? "number | bigint" : (own(SIMPLE, name) ?? "unknown");
}

const COMPOSED: Readonly<Record<string, (parts: readonly unknown[], side: Side) => string>> = {
  option: ([type], side) => `${typeText(type, side)} | null${side === "argument" ? " | undefined" : ""}`,
  list: ([type], side) => `${readonlyOf(side)}${grouped(typeText(type, side))}[]`,
  tuple: ([types], side) =>
    `${readonlyOf(side)}[${asList(types)
      .map((type) => typeText(type, side))
      .join(", ")}]`,
  map: ([key, value], side) => mapText(key, typeText(value, side), side),
  result: ([value, error], side) => `["ok", ${typeText(value, side)}] | ["error", ${typeText(error, side)}]`,
  stream: ([type], side) => streamText(typeText(type, side), side),
  resource: () => "Reference",
  named: ([name]) => identifier(String(name)),
  struct: ([fields]) => `{ ${asList(fields).map(fieldText).join("; ")} }`,
  enum: ([variants], side) =>
    asList(variants)
      .map((variant) => variantText(variant, side))
      .join(" | ") || "never",
  one_of: ([types], side) => alternatives(asList(types).map((type) => typeText(type, side))),
  all: ([types], side) =>
    asList(types)
      .map((type) => partText(type, side))
      .join(" & ") || "unknown",
};

/** Each alternative once: two variants may look the same here. */
function alternatives(texts: readonly string[]): string {
  return [...new Set(texts)].join(" | ") || "never";
}

/** A part of an object. The keys of a map stand beside fields of other types, so nothing is known of its values. */
function partText(type: unknown, side: Side): string {
  const isMap = asList(type)[0] === "map";
  return isMap ? "Record<string, unknown>" : grouped(typeText(type, side));
}

function readonlyOf(side: Side): string {
  return side === "argument" ? "readonly " : "";
}

/** A list of alternatives needs parentheses before `[]`. */
function grouped(text: string): string {
  return /[|&]/.test(text) || text.startsWith("readonly ") ? `(${text})` : text;
}

/** Keys of text give an object; other keys a `Map`, and an empty map an object. */
function mapText(key: unknown, value: string, side: Side): string {
  const isText = key === "string" || key === "atom";
  const keyText = typeText(key, side);
  if (side === "argument") {
    const map = `ReadonlyMap<${keyText}, ${value}>`;
    return isText || keyText === "number" ? `${map} | Readonly<Record<${keyText}, ${value}>>` : map;
  }
  return isText ? `Record<string, ${value}>` : `Map<${keyText}, ${value}> | Record<string, never>`;
}

/** A result is read whole by `call`; an argument is anything that can be iterated. */
function streamText(type: string, side: Side): string {
  return side === "argument" ? `AsyncIterable<${type}> | Iterable<${type}>` : `${grouped(type)}[]`;
}

function fieldText(field: unknown): string {
  const [name, type, need] = asList(field);
  return `${propertyName(String(name))}${need === "optional" ? "?" : ""}: ${typeText(type, "result")}`;
}

function variantText(variant: unknown, side: Side): string {
  const [tag, types] = asList(variant);
  const inner = asList(types).map((type) => typeText(type, side));
  const text = JSON.stringify(String(tag));
  return inner.length === 0 ? text : `[${[text, ...inner].join(", ")}]`;
}

function propertyName(name: string): string {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}

/** Words that a parameter of a module in strict mode cannot be called. */
const RESERVED = new Set(
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield".split(
    " ",
  ),
);

function parameter(name: string): string {
  const safe = identifier(name);
  return RESERVED.has(safe) ? `${safe}_` : safe;
}

/** `Page<Claims>` → `Page_Claims`. */
function identifier(name: string): string {
  const safe = name.replace(/[^\p{ID_Continue}$]+/gu, "_").replace(/_+$/, "");
  return /^[\p{ID_Start}_$]/u.test(safe) ? safe : `_${safe}`;
}

function docComment(doc: string): string {
  const lines = doc.trim().replaceAll("*/", "*\\/").split("\n");
  if (lines.join("") === "") return "";
  if (lines.length === 1) return `/** ${lines[0]} */\n`;
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

function asList(term: unknown): readonly unknown[] {
  return Array.isArray(term) ? term : [];
}
