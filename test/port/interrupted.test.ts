/** A signal to the process group, as a terminal or a container sends it, that ends a program before it runs. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { open, type Port } from "../../src/index.ts";
import { fixture } from "../fixtures/fixture.ts";

let folder: string;
let port: Port | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-interrupted-"));
});
afterEach(async () => {
  await port?.close();
  port = undefined;
  rmSync(folder, { recursive: true });
});

/** A program behind a shell that gets `signal` in its first starts. */
function interrupted(signal: string, starts: number): string {
  const path = join(folder, "program");
  const count = join(folder, "count");
  writeFileSync(count, "");
  const script = `#!/bin/sh\nprintf . >> '${count}'\n[ $(wc -c < '${count}') -gt ${starts} ] || kill -${signal} $$\nexec '${fixture("well-behaved.mjs")}'\n`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

const starts = () => readFileSync(join(folder, "count"), "utf8").length;

test.each(["TERM", "INT", "HUP"])("SIG%s while it starts: it is started again at once", async (signal) => {
  port = await open(interrupted(signal, 2));
  expect(await port.call("echo", [3])).toBe(3);
  expect(starts()).toBe(3);
  expect(port.stats().restarts).toBe(0);
});

test("not for ever: the third time is the reason that open rejects with", async () => {
  await expect(open(interrupted("TERM", 100))).rejects.toThrow(/SIGTERM/);
  expect(starts()).toBe(3);
});

test("a crash before the hello is no such signal", async () => {
  await expect(open(interrupted("SEGV", 100))).rejects.toThrow(/SIGSEGV/);
  expect(starts()).toBe(1);
});

test("a successor of a restart is started again, too", async () => {
  port = await open(interrupted("TERM", 0));
  writeFileSync(join(folder, "count"), "");
  const script = readFileSync(join(folder, "program"), "utf8");
  writeFileSync(join(folder, "program"), script.replace("-gt 0", "-gt 1"));
  await port.restart();
  expect(await port.call("echo", [3])).toBe(3);
  expect(starts()).toBe(2);
});
