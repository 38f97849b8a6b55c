/** The codec as a package: for older compilers, for programs without types of their own, and for those that `require`. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { decode, encode } from "../../codec/index.ts";
import { fixture } from "../fixtures/fixture.ts";

const root = fixture("../..");
const described = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly main: string;
  readonly types: string;
  readonly typesVersions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
};

it("no description says Buffer<…> or Uint8Array<…>, which compilers before 5.7 do not know", () => {
  const files = readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".d.ts"),
  );
  expect(files.length).toBeGreaterThan(50);
  expect(
    files.filter((file) => /\b(Buffer|Uint8Array)</.test(readFileSync(join(root, "dist", file), "utf8"))),
  ).toEqual([]);
});

it("setups that know nothing of `exports` find the same descriptions", () => {
  const { exports, main, types, typesVersions } = described;
  const found: Record<string, unknown> = { ".": { types, default: main } };
  for (const [name, [path]] of Object.entries(typesVersions["*"] ?? {})) found[`./${name}`] = { types: path };
  for (const [name, entry] of Object.entries(exports)) {
    if (typeof entry === "string") continue;
    expect(found[name]).toMatchObject({ types: entry.types });
    for (const path of [entry.types, entry.default]) expect(existsSync(join(root, path))).toBe(true);
  }
});

it.each([["es2023"], ["es2023,dom"]])("the codec's types need no others: --lib %s", (lib) => {
  const folder = mkdtempSync(join(tmpdir(), "portreeve-types-"));
  try {
    const entry = JSON.stringify(join(root, described.typesVersions["*"]?.codec?.[0] ?? ""));
    writeFileSync(
      join(folder, "user.ts"),
      `import { Codec, termReader } from ${entry.replace(".d.ts", ".js")};
       export const bytes: Uint8Array = new Codec({ exact: true }).encode(1);
       export const terms = termReader<number>();`,
    );
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const options = { noEmit: true, strict: true, target: "es2023", module: "nodenext", types: [] };
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...options, lib: lib.split(",") }, files: ["user.ts"] }),
    );
    expect(execFileSync(process.execPath, [compiler, "-p", folder], { encoding: "utf8" })).toBe("");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("`require` gets the codec as CommonJS, which reads and writes the same", () => {
  const value = { id: 1, tags: ["a", "b"], ok: true };
  const script = `
    const { decode, encode, Codec } = require("portreeve/codec");
    const value = decode(Buffer.from(${JSON.stringify(Buffer.from(encode(value)).toString("hex"))}, "hex"));
    const file = require.resolve("portreeve/codec");
    // A CommonJS module is in the cache of \`require\` with what it exports; an ES module is not made of that.
    console.log(JSON.stringify([file in require.cache && require.cache[file].exports.Codec === Codec,
      file.endsWith("index.js") && require("node:path").basename(require("node:path").dirname(file)),
      Buffer.from(encode(value)).toString("hex")]));
  `;
  const said = execFileSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" });
  const [isCommonJs, folder, hex] = JSON.parse(said) as [boolean, string, string];
  expect([isCommonJs, folder]).toEqual([true, "cjs"]);
  expect(decode(Buffer.from(hex, "hex"))).toEqual(value);
});
