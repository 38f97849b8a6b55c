/** Reloads that fail, partly fail, or come several at a time: what holds afterwards is one and the same everywhere. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type OpenOptions, open, type Port } from "../../../src/index.ts";
import { fixture } from "../../fixtures/fixture.ts";
import { children, event, rejection, until } from "../ports.ts";

let folder: string;
const ports: Port[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-reload-"));
  for (const part of ["two-faced.mjs", "port.mjs", "etf.mjs"])
    copyFileSync(fixture(part), join(folder, part));
});
afterEach(async () => {
  await Promise.all(ports.splice(0).map((port) => port.close()));
  rmSync(folder, { recursive: true, force: true });
  expect(children()).toEqual([]);
});

/** A program with that face; `face(name)` gives it another one for later starts. */
function program(name: string, first: string): { path: string; face(next: string): void } {
  const home = join(folder, name);
  mkdirSync(home);
  const face = (next: string) => writeFileSync(join(home, "face"), next);
  face(first);
  const path = join(home, "program.sh");
  const node = `exec ${JSON.stringify(process.execPath)} ${join(folder, "two-faced.mjs")} ${join(home, "face")}\n`;
  writeFileSync(path, `#!/bin/sh\n${node}`, { mode: 0o755 });
  return { path, face };
}

async function opened(path: string, options: OpenOptions = {}): Promise<Port> {
  const port = await open(path, {
    stderr: "ignore",
    shutdown: 1000,
    maxRestarts: 100,
    backoff: { initial: 0 },
    ...options,
  });
  ports.push(port);
  return port;
}

const names = (port: Port) => port.functions.map(({ name }) => name);

/** Kills a worker from outside; resolves when its successor is there. */
async function crash(port: Port): Promise<void> {
  const pid = await port.call("pid");
  process.kill(pid as number, "SIGKILL");
  await until(() => port.stats().workers.every((worker) => worker.state === "ready" && worker.pid !== pid));
}

test("a reload that fails after the hello takes no function away, nor a name", async () => {
  const port = await opened(program("one", "old").path);
  const before = names(port);
  expect(await rejection(port.reload(program("two", "broken").path))).toMatchObject({
    code: "PORT_HANDSHAKE",
  });
  expect([port.name, names(port)]).toEqual(["old", before]);
  expect(await port.call("sum", [[1, 2]])).toBe(3);
});

test("nor does a restart onto a file that was replaced by one that fails, nor a recycled worker's successor", async () => {
  const one = program("one", "old");
  const port = await opened(one.path, { recycle: { maxAge: 300 } });
  const warned = event(port, "log");
  one.face("broken");
  expect(await rejection(port.restart())).toMatchObject({ code: "PORT_HANDSHAKE" });
  expect(await warned).toMatchObject([
    { message: expect.stringMatching(/could not be replaced: .*no database/) },
  ]);
  expect(await port.call("sum", [[1, 2]])).toBe(3);
});

test("two reloads that fail at the same time both say so, and the program that worked goes on", async () => {
  const port = await opened(program("one", "old").path);
  const failures = [
    rejection(port.reload(program("two", "broken").path)),
    rejection(port.reload(join(folder, "gone"))),
  ];
  expect((await Promise.all(failures)).map(({ code }) => code)).toEqual(["PORT_HANDSHAKE", "PORT_SPAWN"]);
  await crash(port);
  expect(await port.call("face")).toBe("old");
});

test("a reload that fails beside a good one changes nothing of it, in either order", async () => {
  const old = program("one", "old").path;
  const next = program("two", "new").path;
  const broken = program("three", "broken").path;
  const port = await opened(old);
  await Promise.all([rejection(port.reload(broken)), port.reload(next)]);
  await crash(port);
  expect([await port.call("face"), port.program]).toEqual(["new", next]);
  await Promise.all([port.reload(old), rejection(port.reload(broken)), port.restart()]);
  await crash(port);
  expect([await port.call("face"), port.program]).toEqual(["old", old]);
});

test("reloads are done in the order in which they were asked for", async () => {
  const [a, b] = [program("one", "old").path, program("two", "new").path];
  const port = await opened(a, { workers: 2 });
  await Promise.all([b, a, b, a, b].map((path) => port.reload(path)));
  expect(await port.broadcast("face")).toEqual(["new", "new"]);
  expect(port.program).toBe(b);
});

test("a reload that fails half-way: the new program is what a death and a restart start", async () => {
  const old = program("one", "old").path;
  const next = join(folder, "next");
  const port = await opened(old, { workers: 2 });
  // The second worker of the new program finds nothing to run any more.
  symlinkSync(program("two", "new").path, next);
  const gone = event(port, "retire").then(() => rmSync(next));
  const failed = rejection(port.reload(next));
  await gone;
  expect(await failed).toMatchObject({ code: "PORT_SPAWN" });
  expect((await port.broadcast("face")).toSorted()).toEqual(["new", "old"]);
  expect(port.program).toBe(next);
  symlinkSync(join(folder, "two", "program.sh"), next);
  await port.restart();
  expect(await port.broadcast("face")).toEqual(["new", "new"]);
});

test("a port that is closed refuses them, and names no function", async () => {
  const port = await opened(program("one", "old").path);
  await port.close();
  for (const [act, refused] of [
    ["reload", port.reload("x")],
    ["restart", port.restart()],
  ] as const) {
    const error = await rejection(refused);
    expect(error).toMatchObject({ code: "PORT_CLOSED", message: `${act}: the port is closed` });
    expect(error.function).toBeUndefined();
  }
});

test("close while a replacement starts is told as that, and warns of nothing", async () => {
  const port = await open(fixture("slow-start.mjs"), {
    args: ["300"],
    stderr: "ignore",
    shutdown: 200,
    recycle: { maxAge: 1 },
  });
  const logs: unknown[] = [];
  port.on("log", (record) => logs.push(record));
  const restarted = rejection(port.restart());
  await until(() => children().length === 2);
  await port.close();
  expect(await restarted).toMatchObject({ code: "PORT_CLOSED" });
  expect(logs).toEqual([]);
});
