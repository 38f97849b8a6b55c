/** `portreeve functions`: what a program says of itself, for people. */
import { printableJson, printableLines } from "../printable.ts";
import type { PortFunction } from "../wire/hello.ts";
import type { Command } from "./command.ts";
import { PROGRAM_OPTIONS, withProgram } from "./program.ts";
import { describeType } from "./type-text.ts";

export const functionsCommand: Command = {
  name: "functions",
  summary: "List the functions of a program, with their types and docs",
  operands: "<program>",
  count: [1, 1],
  about: "Starts the program, asks it for its functions, and ends it.",
  options: {
    ...PROGRAM_OPTIONS,
    json: { type: "boolean", about: "as JSON, for other tools" },
  },
  run: (line) =>
    withProgram(line, async ({ name, functions, types }) => {
      const text = line.flag("json")
        ? `${JSON.stringify({ name, functions, types }, undefined, 2)}\n`
        : describeProgram(name, functions, types);
      process.stdout.write(line.flag("json") ? printableJson(text) : printableLines(text));
    }),
};

type Types = Readonly<Record<string, { readonly doc: string; readonly type: unknown }>>;

/** The functions one below the other, each with its doc, then the types that they name. */
export function describeProgram(name: string, functions: readonly PortFunction[], types: Types): string {
  const count = functions.length === 1 ? "1 function" : `${functions.length} functions`;
  const named = Object.entries(types).map(([type, entry]) =>
    entryText(`type ${type} = ${describeType(entry.type)}`, entry.doc),
  );
  return [`${name}: ${count}\n`, ...functions.map((f) => entryText(signature(f), f.doc)), ...named].join(
    "\n",
  );
}

function entryText(head: string, doc: string): string {
  const lines = doc.trim() === "" ? [] : doc.trim().split("\n");
  return [head, ...lines.map((line) => `    ${line}`.trimEnd()), ""].join("\n");
}

/** `sign(claims: Claims, key: string) -> string, error SignError (idempotent)` */
function signature({ name, args, result, error, idempotent }: PortFunction): string {
  const list = args.map((arg) => `${arg.name}: ${describeType(arg.type)}`).join(", ");
  const failing = error === "nil" || error === "term" ? "" : `, error ${describeType(error)}`;
  return `${name}(${list}) -> ${describeType(result)}${failing}${idempotent ? " (idempotent)" : ""}`;
}
