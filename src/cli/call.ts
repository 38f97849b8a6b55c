/** `portreeve call`: one call of one function, for a shell. */
import { inspect, parse } from "../../codec/index.ts";
import { printableJson, printableLines } from "../printable.ts";
import { type Command, UsageError } from "./command.ts";
import { milliseconds, PROGRAM_OPTIONS, withProgram } from "./program.ts";

export const callCommand: Command = {
  name: "call",
  summary: "Call a function of a program and print its result",
  operands: "<program> <function> [argument …]",
  count: [2, Number.POSITIVE_INFINITY],
  about: `Each argument is JSON ('[1, 2, 3]', '"text"', '{"sub": "me"}') or, where it is not, an Erlang term
('{ok, 1}', '#{sub => <<"me">>}', undefined). The result is printed as an Erlang term, or as JSON: there bytes are
base64, integers over 2^53 are strings, and a map whose keys are no text is a list of pairs.`,
  options: {
    ...PROGRAM_OPTIONS,
    json: { type: "boolean", about: "print the result as JSON" },
    timeout: {
      type: "string",
      value: "<ms>",
      about: "how long the call may take; default: as long as it needs",
    },
  },
  run: (line) => {
    const [, name = "", ...texts] = line.positionals;
    const args = texts.map(readArgument);
    const timeout = milliseconds(line, "timeout");
    const json = line.flag("json");
    const call = async (port: Callable) => {
      const result = await port.call(name, args, timeout === undefined ? {} : { timeout });
      process.stdout.write(`${json ? printableJson(toJson(result)) : printableLines(inspect(result))}\n`);
    };
    return withProgram(line, call, { codec: json ? { bytes: "binary" } : { exact: true } });
  },
};

interface Callable {
  call(name: string, args: readonly unknown[], options: { readonly timeout?: number }): Promise<unknown>;
}

/** Integers and lists of them mean the same in both, and as Erlang terms they keep all their digits. */
const INTEGERS = /^[\s\d,[\]-]+$/;

/** Reads an argument as JSON, else as an Erlang term. */
export function readArgument(text: string): unknown {
  if (INTEGERS.test(text) || !isJson(text)) return readTerm(text);
  const value: unknown = JSON.parse(text, (_key, item: unknown) => checkDigits(item));
  return value;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readTerm(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new UsageError(
      `the argument ${text} is neither JSON nor an Erlang term: ${(error as Error).message}`,
    );
  }
}

/** JSON.parse rounds long integers without a word. */
function checkDigits(item: unknown): unknown {
  if (typeof item !== "number" || !Number.isInteger(item) || Number.isSafeInteger(item)) return item;
  throw new UsageError(
    `JSON here keeps integers up to 2^53 - 1, and ${item} is over it: write the argument as an Erlang term`,
  );
}

/** The plain view as JSON. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => jsonItem(item), 2) ?? "null";
}

function jsonItem(item: unknown): unknown {
  if (typeof item === "bigint") return item.toString();
  if (item instanceof Map) return [...item];
  // A Buffer has turned itself into an object of this shape by now; other byte arrays have not.
  if (item instanceof Uint8Array) return Buffer.from(item).toString("base64");
  if (isBufferJson(item)) return Buffer.from(item.data).toString("base64");
  return item;
}

function isBufferJson(item: unknown): item is { readonly data: number[] } {
  return (
    typeof item === "object" &&
    item !== null &&
    "type" in item &&
    item.type === "Buffer" &&
    "data" in item &&
    Array.isArray(item.data)
  );
}
