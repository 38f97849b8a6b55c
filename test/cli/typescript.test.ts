import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeType } from "../../src/cli/type-text.ts";
import {
  type Description,
  generateModule,
  interfaceNameOf,
  typeText,
  unknownTypes,
} from "../../src/cli/typescript.ts";
import { fixture } from "../fixtures/fixture.ts";

const claims = [
  "struct",
  [
    ["sub", "string", "required"],
    ["exp", ["option", "u64"], "optional"],
    ["b-c", "bytes", "required"],
  ],
];
const shape = [
  "enum",
  [
    ["unit", []],
    ["circle", ["f64"]],
    ["rect", ["f64", "f64"]],
  ],
];

test.each([
  ["bool", "boolean", "boolean", "bool"],
  ["toString", "unknown", "unknown", "toString"],
  [["constructor", "i8"], "unknown", "unknown", "constructor(i8)"],
  ["i64", "number", "number", "i64"],
  ["u64", "number | bigint", "number | bigint", "u64"],
  ["nil", "null", "null", "nil"],
  ["term", "unknown", "unknown", "term"],
  ["of_tomorrow", "unknown", "unknown", "of_tomorrow"],
  [["option", "string"], "string | null | undefined", "string | null", "string?"],
  [["list", "i64"], "readonly number[]", "number[]", "[i64]"],
  [["list", ["option", "u8"]], "readonly (number | null | undefined)[]", "(number | null)[]", "[u8?]"],
  [["list", ["list", "u8"]], "readonly (readonly number[])[]", "number[][]", "[[u8]]"],
  [["tuple", ["i8", "string"]], "readonly [number, string]", "[number, string]", "{i8, string}"],
  [
    ["map", "string", "f64"],
    "ReadonlyMap<string, number> | Readonly<Record<string, number>>",
    "Record<string, number>",
    "#{string => f64}",
  ],
  [
    ["map", "i64", "bytes"],
    "ReadonlyMap<number, Uint8Array> | Readonly<Record<number, Uint8Array>>",
    "Map<number, Uint8Array> | Record<string, never>",
    "#{i64 => bytes}",
  ],
  [
    ["map", ["list", "u8"], "bool"],
    "ReadonlyMap<readonly number[], boolean>",
    "Map<number[], boolean> | Record<string, never>",
    "#{[u8] => bool}",
  ],
  [
    ["result", "i8", "string"],
    '["ok", number] | ["error", string]',
    '["ok", number] | ["error", string]',
    "{ok, i8} | {error, string}",
  ],
  [["stream", "i8"], "AsyncIterable<number> | Iterable<number>", "number[]", "stream of i8"],
  [["resource", "Image"], "Reference", "Reference", "resource Image"],
  [["named", "Page<Claims>"], "Page_Claims", "Page_Claims", "Page<Claims>"],
  [
    claims,
    '{ sub: string; exp?: number | bigint | null; "b-c": Uint8Array }',
    '{ sub: string; exp?: number | bigint | null; "b-c": Uint8Array }',
    "#{sub: string, exp?: u64?, b-c: bytes}",
  ],
  [
    shape,
    '"unit" | ["circle", number] | ["rect", number, number]',
    '"unit" | ["circle", number] | ["rect", number, number]',
    "unit | {circle, f64} | {rect, f64, f64}",
  ],
  [
    ["one_of", ["nil", "f64", "u8", ["tuple", ["u8"]]]],
    "null | number | readonly [number]",
    "null | number | [number]",
    "nil | f64 | u8 | {u8}",
  ],
  [["list", ["one_of", ["nil", "f64"]]], "readonly (null | number)[]", "(null | number)[]", "[nil | f64]"],
  [
    [
      "all",
      [
        ["struct", [["id", "u64", "required"]]],
        ["map", "string", "i64"],
        ["named", "Rest"],
      ],
    ],
    "({ id: number | bigint }) & Record<string, unknown> & Rest",
    "({ id: number | bigint }) & Record<string, unknown> & Rest",
    "#{id: u64} & #{string => i64} & Rest",
  ],
])("%j", (type, argument, result, text) => {
  expect(typeText(type, "argument")).toBe(argument);
  expect(typeText(type, "result")).toBe(result);
  expect(describeType(type)).toBe(text);
});

const program: Description = {
  name: "compute-2",
  functions: [
    {
      name: "sum",
      doc: "Adds up a list.",
      args: [{ name: "values", type: ["list", "i64"] }],
      result: "i64",
      error: "nil",
      idempotent: true,
    },
    {
      name: "sign",
      doc: "Signs.\n\nTakes a key /* of */ any kind.",
      args: [
        { name: "claims", type: ["named", "Claims"] },
        { name: "default", type: ["map", "string", ["list", "bytes"]] },
      ],
      result: ["result", "string", ["named", "Shape"]],
      error: ["named", "Shape"],
      idempotent: false,
    },
    { name: "load", doc: "", args: [], result: ["resource", "Image"], error: "nil", idempotent: false },
  ],
  types: { Claims: { doc: "Who it is.", type: claims }, Shape: { doc: "", type: shape } },
};

test("the interface is named after the program, unless one of its types is", () => {
  expect(interfaceNameOf(program)).toBe("Compute2");
  expect(interfaceNameOf({ ...program, name: "claims" })).toBe("ClaimsFunctions");
  expect(interfaceNameOf({ ...program, name: "2d" })).toBe("_2d");
});

test("names that are not ASCII stay what they are", () => {
  const area = {
    name: "fläche",
    doc: "",
    args: [{ name: "größe", type: "f64" }],
    result: ["named", "Maß"],
    error: "nil",
    idempotent: false,
  } as const;
  const types = { Maß: { doc: "", type: ["struct", [["größe", "f64", "required"]]] } };
  const text = generateModule({ ...program, functions: [area], types }, "Geometry");
  expect(text).toContain("  fläche(größe: number): Promise<Maß>;");
  expect(text).toContain("export interface Maß {\n  größe: number;\n}");
});

test("types of which nothing but the name is known are told", () => {
  const types = { ...program.types, Bare: { doc: "", type: "term" } };
  expect(unknownTypes({ ...program, types })).toEqual(["Bare"]);
  expect(unknownTypes(program)).toEqual([]);
});

test("a generated module", () => {
  expect(generateModule(program, "Compute")).toMatchInlineSnapshot(`
    "// Written by \`portreeve types\` from the program compute-2. Changes get lost: write it again instead.
    import type { Reference } from "portreeve/codec";
    import type { PortClient } from "portreeve";

    /** Who it is. */
    export interface Claims {
      sub: string;
      exp?: number | bigint | null;
      "b-c": Uint8Array;
    }

    export type Shape = "unit" | ["circle", number] | ["rect", number, number];

    /** The functions of compute-2. */
    export interface Compute {
      /**
       * Adds up a list.
       *
       * Idempotent: may be retried after its worker died.
       */
      sum(values: readonly number[]): Promise<number>;
      /**
       * Signs.
       *
       * Takes a key /* of *\\/ any kind.
       *
       * @throws CallError (CALL_ERROR), with \`data\`: Shape
       */
      sign(claims: Claims, default_: ReadonlyMap<string, readonly Uint8Array[]> | Readonly<Record<string, readonly Uint8Array[]>>): Promise<["ok", string] | ["error", Shape]>;
      load(): Promise<Reference>;
    }

    /** For \`port.as(Compute)\`. */
    export const Compute: PortClient<Compute> = {
      functions: [
        "sum",
        "sign",
        "load",
      ],
    };
    "
  `);
});

test("the TypeScript compiler takes what is generated, and holds its users to it", () => {
  const folder = mkdtempSync(join(tmpdir(), "portreeve-types-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(fixture("../.."), join(folder, "node_modules", "portreeve"));
  symlinkSync(fixture("../../node_modules/@types"), join(folder, "node_modules", "@types"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "client.ts"), generateModule(program, "Compute"));
  writeFileSync(
    join(folder, "use.ts"),
    `
import { open } from "portreeve";
import { Compute, type Claims } from "./client.ts";
const port = await open("x");
const compute = port.as(Compute);
const sum: number = await compute.sum([1, 2]);
const claims: Claims = { sub: "me", "b-c": new Uint8Array() };
const [tag] = await compute.sign(claims, { a: [] });
const ok: "ok" | "error" = tag;
// @ts-expect-error a string is no number
await compute.sum(["1"]);
// @ts-expect-error there is no such function
await compute.summ([1]);
console.log(sum, ok);
`,
  );
  const tsc = fixture("../../node_modules/typescript/bin/tsc");
  const options =
    "--noEmit --strict --exactOptionalPropertyTypes --target es2023 --module nodenext --allowImportingTsExtensions --types node".split(
      " ",
    );
  const run = () =>
    execFileSync(process.execPath, [tsc, ...options, "use.ts"], { cwd: folder, encoding: "utf8" });
  expect(run).not.toThrow();
  rmSync(folder, { recursive: true });
});
