/** A file is looked at before it is run for the first time, and again when it has become another one. */
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { machine, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { hasPassed, refusal } from "../../src/diagnose/foreign.ts";
import { record } from "./recorder.ts";

const folder = mkdtempSync(join(tmpdir(), "portreeve-foreign-"));
const path = join(folder, "program");

afterAll(() => rmSync(folder, { recursive: true }));

/** `/bin/cat` with the machine in its header changed. */
function foreignCat(): Uint8Array {
  const bytes = readFileSync("/bin/cat");
  new DataView(bytes.buffer, bytes.byteOffset).setUint16(18, machine() === "s390x" ? 62 : 22, bytes[5] === 1);
  return bytes;
}

test.skipIf(process.platform !== "linux")(
  "a look is remembered for as long as the file is the same",
  async () => {
    copyFileSync("/bin/cat", path);
    chmodSync(path, 0o755);
    expect(hasPassed(path)).toBe(false);
    await (await record(path))[Symbol.asyncDispose]();
    expect(hasPassed(path)).toBe(true);

    writeFileSync(path, foreignCat());
    expect(hasPassed(path)).toBe(false);
    await expect(record(path)).rejects.toThrow("it is an ELF program for");
    expect(hasPassed(path)).toBe(false);

    rmSync(path);
    copyFileSync("/bin/cat", path);
    expect(await refusal(path)).toBeUndefined();
    expect(hasPassed(path)).toBe(true);
  },
);

test("a file that is not there has not passed, and is for the system to refuse", async () => {
  const missing = join(folder, "missing");
  expect(await refusal(missing)).toBeUndefined();
  expect(hasPassed(missing)).toBe(false);
});
