/** Files of one duty and short functions: in codec/, src/ and the sources of the crates. What is longer stands in sizes.ts. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";
import { filesOf } from "./files.ts";
import { type Measured, rustFunctions } from "./rust-functions.ts";
import { LONG_FILES, LONG_FUNCTIONS, LONG_ON_THE_WHOLE } from "./sizes.ts";
import { typescriptFunctions } from "./typescript-functions.ts";

const FILE = 250;
const FUNCTION = 40;
/** Nine of ten functions. */
const MOST_FUNCTIONS = 15;

const typescript = below(["codec", "src"], ".ts");
const rust = below(["rust-port/portreeve/src", "rust-port/portreeve-macros/src"], ".rs");
const functions: ReadonlyMap<string, readonly Measured[]> = new Map([
  ...typescriptFunctions(typescript),
  ...rust.map((file) => [file, rustFunctions(textOf(file))] as const),
]);

function below(folders: readonly string[], ending: string): readonly string[] {
  return folders.flatMap((folder) => filesOf(folder, ending).map((file) => `${folder}/${file}`));
}

function textOf(file: string): string {
  return readFileSync(fixture(`../../${file}`), "utf8");
}

/** The length of nine of ten of these. */
function mostOf(lengths: readonly number[]): number {
  return lengths.toSorted((a, b) => a - b)[Math.ceil(lengths.length * 0.9) - 1] ?? 0;
}

describe.each([
  ["TypeScript", typescript],
  ["Rust", rust],
])("%s", (language, files) => {
  const own = files.flatMap((file) => (functions.get(file) ?? []).map((found) => ({ file, ...found })));

  test(`no file has over ${FILE} lines`, () => {
    expect(files.length).toBeGreaterThan(100);
    const long = files.filter((file) => textOf(file).trimEnd().split("\n").length > FILE);
    expect(long.toSorted()).toEqual(ofLanguage(LONG_FILES, files));
  });

  test(`no function has over ${FUNCTION} lines`, () => {
    expect(own.length).toBeGreaterThan(1000);
    const long = own.filter(({ lines }) => lines > FUNCTION).map(({ file, name }) => `${file}: ${name}`);
    expect(long.toSorted()).toEqual(ofLanguage(LONG_FUNCTIONS, files));
  });

  test(`nine of ten functions have ${MOST_FUNCTIONS} lines at most`, () => {
    const most = mostOf(own.map(({ lines }) => lines));
    const allowed = LONG_ON_THE_WHOLE[language];
    expect(most).toBeLessThanOrEqual(allowed?.lines ?? MOST_FUNCTIONS);
    if (allowed !== undefined) expect(most, "no exception is needed").toBeGreaterThan(MOST_FUNCTIONS);
  });
});

test("each exception is of a file that is looked at, and has a reason", () => {
  const known = new Set([...typescript, ...rust]);
  const entries = [...Object.entries(LONG_FILES), ...Object.entries(LONG_FUNCTIONS)];
  const wrong = entries.filter(([name, reason]) => reason === "" || !known.has(name.split(": ")[0] ?? ""));
  expect(wrong).toEqual([]);
});

/** The exceptions of these files. */
function ofLanguage(
  exceptions: Readonly<Record<string, string>>,
  files: readonly string[],
): readonly string[] {
  const names = new Set(files);
  return Object.keys(exceptions)
    .filter((name) => names.has(name.split(": ")[0] ?? ""))
    .toSorted();
}

test("functions of Rust are measured from `fn` to their own brace", () => {
  const text = [
    'fn one() -> [u8; 2] { *b"{{" }',
    "fn two<'a>(_: &'a str) -> char {",
    "    // }",
    '    /* } */ let _ = (\'}\', \'\\\'\', "\\"}", r#""}"#);',
    "    fn three() {",
    "    }",
    "    '{'",
    "}",
    "trait Declares { fn none(&self); }",
  ].join("\n");
  expect(rustFunctions(text)).toEqual([
    { name: "one", line: 1, lines: 1 },
    { name: "two", line: 2, lines: 7 },
    { name: "three", line: 5, lines: 2 },
  ]);
});

test("functions of TypeScript have the names that they are called by", () => {
  const names = functions.get("codec/options.ts")?.map(({ name }) => name) ?? [];
  expect(names).toEqual(["settle", "check", "refuse"]);
  expect(functions.get("src/options/table.ts")?.map(({ name }) => name)).toContain("fits");
});
