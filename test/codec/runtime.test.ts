/** The codec where things that Node has are missing: code made at run time, Buffer, zlib. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Codec } from "../../codec/index.ts";

const FLAG = "--disallow-code-generation-from-strings";
const forbidden = process.execArgv
  .concat(process.env.NODE_OPTIONS ?? "")
  .join(" ")
  .includes(FLAG);

/** Whether code may be made here: `npm run test:no-codegen` runs all tests of the codec where it may not. */
function mayMakeCode(): boolean {
  try {
    return new Function("return true")();
  } catch {
    return false;
  }
}

describe("code made at run time", () => {
  it("is really forbidden when the flag says so", () => {
    expect(mayMakeCode()).toBe(!forbidden);
  });
});

describe("the compiled codec", () => {
  let directory = "";

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "portreeve-codec-"));
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const options = { rootDir: root, outDir: directory, typeRoots: [join(root, "node_modules/@types")] };
    const config = {
      extends: join(root, "tsconfig.json"),
      compilerOptions: options,
      include: [join(root, "codec")],
    };
    writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(config));
    writeFileSync(join(directory, "package.json"), '{"type":"module"}');
    execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", directory], { timeout: 100_000 });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("imports nothing but itself", () => {
    const files = readdirSync(join(directory, "codec")).filter((name) => name.endsWith(".js"));
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const code = readFileSync(join(directory, "codec", file), "utf8");
      for (const [, from] of code.matchAll(/^(?:import|export)\b[^;]*?from "([^"]*)"/gm))
        expect(from).toMatch(/^\.\//);
      expect(code).not.toMatch(/\bimport\(|\brequire\(|^import "/m);
    }
  });

  it("works without Buffer, process and made code, and says so when it needs zlib", () => {
    const value = {
      text: "Grüße 日本 😀".repeat(20),
      short: "é",
      list: [1, 2.5, null, true],
      bytes: { a: [7n ** 90n] },
      ascii: "x".repeat(9000),
    };
    const script = `
      delete globalThis.Buffer;
      delete globalThis.process;
      const { Codec } = await import("./codec/index.js");
      const codec = new Codec();
      let made = true;
      try { new Function(""); } catch { made = false; }
      const value = codec.decode(Uint8Array.from(${JSON.stringify([...new Codec().encode(value)])}));
      let same;
      for (let i = 0; i < 100; i++) same = codec.encode(codec.decode(codec.encode(value)));
      let broken, packed;
      try { codec.decode(Uint8Array.of(131, 109, 0, 0, 0, 1, 255)); } catch (error) { broken = error.code; }
      try { new Codec({ compressed: 1 }).encode(value); } catch (error) { packed = error.code; }
      let surrogate;
      try { codec.encode("long enough to be left to the runtime, with a broken end \\ud800"); } catch (error) { surrogate = error.code; }
      console.log(JSON.stringify({ made, bytes: [...same], broken, packed, surrogate }));
    `;
    writeFileSync(join(directory, "run.mjs"), script);
    const output = execFileSync(process.execPath, [FLAG, join(directory, "run.mjs")], { encoding: "utf8" });
    const result = JSON.parse(output);
    expect(result).toMatchObject({
      made: false,
      broken: "ETF_UTF8",
      packed: "ETF_NO_ZLIB",
      surrogate: "ETF_UNSUPPORTED",
    });
    expect(new Codec().decode(Uint8Array.from(result.bytes))).toEqual(value);
  });
});
