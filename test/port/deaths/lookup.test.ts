/** The run that looks up the names of a crash: with the worker's own surroundings, bounded, and nobody else waits for it. */
import { chmodSync, copyFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gone } from "../../process/recorder.ts";
import { until } from "../ports.ts";
import { compute, exitError, outcome } from "./compute-port.ts";

const program = compute();

/** A program that is the compute program, but for the look-up. */
function script(lookUp: string): string {
  const path = join(program.folder, "script");
  writeFileSync(
    path,
    `#!/bin/sh\nif [ -n "$PORTREEVE_SYMBOLIZE" ]; then\n${lookUp}\nfi\nexec ${program.program}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

test("it has the worker's arguments, environment, folder and wrap", async () => {
  const told = join(program.folder, "told");
  const path = script(`printf '%s|' "$TOKEN" "$ADDED" "$PORTREEVE_BOX" "$WRAPPED" "$PWD" "$@" > ${told}`);
  process.env.TOKEN = "secret";
  const options = {
    args: ["one"],
    env: { TOKEN: undefined, ADDED: "added" },
    cwd: "/usr",
    wrap: ["/usr/bin/env", "WRAPPED=wrapped"],
  };
  const port = await program.open(options, path);
  delete process.env.TOKEN;
  exitError(await outcome(port.call("segfault")));
  expect(readFileSync(told, "utf8")).toBe("|added||wrapped|/usr|one|");
});

test("with extendEnv false it has nothing of the host's environment either", async () => {
  const told = join(program.folder, "told-alone");
  const path = script(`printf '%s|' "$TOKEN" "$ADDED" > ${told}`);
  process.env.TOKEN = "secret";
  const port = await program.open({ env: { ADDED: "added" }, extendEnv: false }, path);
  exitError(await outcome(port.call("segfault")));
  delete process.env.TOKEN;
  expect(readFileSync(told, "utf8")).toBe("|added|");
});

test("one that hangs is ended with all that it started, and only the call that crashed waits for it", async () => {
  const pids = join(program.folder, "pids");
  const path = script(`sleep 600 & echo $! $$ > ${pids}.new; mv ${pids}.new ${pids}; sleep 600`);
  const port = await program.open({ workers: 1 }, path);
  const innocent = program.mark(port, "innocent", 60_000);
  await until(() => program.marks("innocent") === 1);
  const crash = outcome(port.call("segfault"));
  const lost = exitError(await innocent);
  expect(lost.message).toContain("because segfault crashed");
  // The other one's error is not there yet: its look-up runs, or is about to.
  expect(await Promise.race([crash, Promise.resolve("waits")])).toBe("waits");
  expect(await port.call("add", [1, 2]), "the next life").toBe(3);
  const error = exitError(await crash);
  expect(error.culprit?.backtrace[0]).toMatch(/^0x[0-9a-f]+$/);
  const [sleeper = 0, shell = 0] = readFileSync(pids, "utf8").trim().split(" ").map(Number);
  await Promise.all([gone(sleeper), gone(shell)]);
});

test("addresses stay as they are when the program's file was replaced after its start", async () => {
  const path = join(program.folder, "program");
  copyFileSync(program.program, path);
  const port = await program.open({}, path);
  copyFileSync(program.program, `${path}.new`);
  renameSync(`${path}.new`, path);
  const error = exitError(await outcome(port.call("segfault")));
  expect(error.culprit?.backtrace.length).toBeGreaterThan(1);
  for (const line of error.culprit?.backtrace ?? []) expect(line).toMatch(/^0x[0-9a-f]+$/);
  // The worker that follows runs the file that lies there now.
  const second = exitError(await outcome(port.call("segfault")));
  expect(second.culprit?.backtrace.join("\n")).toMatch(/segfault/);
});
