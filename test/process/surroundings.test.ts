/**
 * What may happen around a host while its ports run: no descriptors left, its folder or the package gone, a program's file
 * open for writing, a stderr that takes nothing. Each host is a Node process of its own that runs the built package.
 */
import { execFileSync, spawn } from "node:child_process";
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";
import { fixture } from "../fixtures/fixture.ts";
import { built } from "./host.ts";

let program = "";
let folder = "";
beforeAll(async () => {
  program = await computeProgram();
}, BUILD_TIMEOUT);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-surroundings-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface HostOptions {
  /** A shell command that gets the host's command line as its arguments. */
  readonly under?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where its stderr goes. Default: a pipe that is read. */
  readonly stderr?: number;
  /** The entry of the package. */
  readonly entry?: string;
}

interface HostEnd {
  readonly stdout: string;
  readonly stderr: string;
  readonly end: number | string | null;
}

/** Names that every script here has. */
const PRELUDE = (entry: string) => `
  import fs from "node:fs";
  import { once } from "node:events";
  import { setTimeout as wait } from "node:timers/promises";
  import { open } from ${JSON.stringify(entry)};
  const keepAlive = setInterval(() => {}, 1000);
  const say = (value) => fs.writeSync(1, value + "\\n");
  const rejection = (promise) => promise.then(() => { throw new Error("it resolved"); }, (error) => error);
  const program = ${JSON.stringify(program)};
  /** Takes all descriptors that this process may have. */
  function exhaust() {
    const taken = [];
    try { for (;;) taken.push(fs.openSync("/dev/null")); } catch (error) { if (error.code !== "EMFILE") throw error; }
    return taken;
  }
  const free = (taken, count = taken.length) => { for (const fd of taken.splice(0, count)) fs.closeSync(fd); };
`;

/** Runs a script to its end; one that hangs is killed after 20 s. */
function host(script: string, options: HostOptions = {}): Promise<HostEnd> {
  const { under = 'exec "$@"', cwd, env = {}, stderr = "pipe", entry = built("src/index.js") } = options;
  const file = join(folder, "host.mjs");
  writeFileSync(file, `${PRELUDE(entry)}${script}\nclearInterval(keepAlive);`);
  const child = spawn("/bin/sh", ["-c", under, "sh", process.execPath, file], {
    stdio: ["ignore", "pipe", stderr],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => (texts.stdout += chunk));
  child.stderr?.on("data", (chunk) => (texts.stderr += chunk));
  const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
  return new Promise((resolve) => {
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ ...texts, end: code ?? signal });
    });
  });
}

test("a worker that dies while the host has no descriptors left is restarted when it has some again", async () => {
  const run = await host(
    `const port = await open(program, { stderr: "ignore", maxRestarts: 1000, backoff: { initial: 1, max: 50, jitter: 0 } });
     const restarts = [];
     port.on("restart", ({ reason }) => restarts.push(reason));
     const taken = exhaust();
     // Those of the dead worker are free for a moment: they are taken, too.
     port.once("exit", () => taken.push(...exhaust()));
     process.kill(port.stats().workers[0].pid, "SIGKILL");
     while (restarts.length < 3) await wait(5);
     const call = port.call("add", [1, 2]);
     free(taken);
     say(await call);
     say(restarts.at(-1));
     await port.close();`,
    { under: 'ulimit -n 64; exec "$@"' },
  );
  expect(run).toMatchObject({ end: 0, stderr: "" });
  expect(run.stdout).toMatch(
    /^3\ncannot start .*: the host has no descriptors left \(EMFILE, ulimit -n\)\n$/,
  );
});

test("open without descriptors is a SpawnError that says so, and a later one works", async () => {
  const run = await host(
    `const taken = exhaust();
     for (const spare of [0, 1, 3, 6]) {
       free(taken, spare);
       const error = await rejection(open(program, { stderr: "ignore" }));
       say(error.code + " " + error.message.replace(program, "it"));
       taken.push(...exhaust());
     }
     free(taken);
     const port = await open(program, { stderr: "ignore" });
     say(await port.call("add", [1, 2]));
     await port.close();`,
    { under: 'ulimit -n 64; exec "$@"' },
  );
  const refused = "PORT_SPAWN cannot start it: the host has no descriptors left (EMFILE, ulimit -n)\n";
  expect(run).toEqual({ stdout: `${refused.repeat(4)}3\n`, stderr: "", end: 0 });
});

test("a first open needs a dozen descriptors and no more", async () => {
  const run = await host(
    `const taken = exhaust();
     free(taken, 12);
     const port = await open(program, { stderr: "ignore" });
     say(await port.call("add", [1, 2]));
     await port.close();`,
    { under: 'ulimit -n 64; exec "$@"' },
  );
  expect(run).toEqual({ stdout: "3\n", stderr: "", end: 0 });
});

test("the package may be gone from the disk once it is imported: all of it works on", async () => {
  const copy = join(folder, "package");
  cpSync(fixture("../../dist"), copy, { recursive: true });
  writeFileSync(join(copy, "package.json"), '{ "type": "module" }');
  const run = await host(
    `fs.rmSync(${JSON.stringify(copy)}, { recursive: true });
     const port = await open(program, { stderr: "ignore" });
     const error = await rejection(port.call("segfault"));
     say(error.code + " " + /segfault/.test(error.culprit.backtrace.join()));
     say((await rejection(port.call("panic", ["no"]))).code);
     say((await rejection(port.call("sleep", [60000], { timeout: 20 }))).code);
     say((await rejection(open(program + ".missing"))).code);
     say((await rejection(open("/bin/cat"))).code);
     await port.restart();
     say(await port.call("add", [1, 2]));
     await port.close();`,
    { entry: pathToFileURL(join(copy, "src/index.js")).href },
  );
  expect(run.stderr).toBe("");
  expect(run.stdout.split("\n")).toEqual([
    "PORT_EXIT true",
    "CALL_PANIC",
    "CALL_TIMEOUT",
    "PORT_SPAWN",
    "PORT_HANDSHAKE",
    "3",
    "",
  ]);
  expect(run.end).toBe(0);
});

test("a host whose folder was deleted restarts its workers", async () => {
  const cwd = join(folder, "cwd");
  mkdirSync(cwd);
  const run = await host(
    `const port = await open(program, { stderr: "ignore" });
     fs.rmSync(process.cwd(), { recursive: true });
     process.kill(port.stats().workers[0].pid, "SIGKILL");
     await once(port, "exit");
     say(await port.call("add", [1, 2]));
     const second = await open(program, { stderr: "ignore" });
     say(await second.call("add", [3, 4]));
     await Promise.all([port.close(), second.close()]);`,
    { cwd },
  );
  expect(run).toEqual({ stdout: "3\n7\n", stderr: "", end: 0 });
});

test("a program's own folder that was deleted is named as the reason", async () => {
  const cwd = join(folder, "cwd");
  mkdirSync(cwd);
  const run = await host(
    `const cwd = ${JSON.stringify(cwd)};
     const port = await open(program, { stderr: "ignore", cwd, maxRestarts: 2 });
     const gaveUp = once(port, "gaveUp");
     fs.rmSync(cwd, { recursive: true });
     process.kill(port.stats().workers[0].pid, "SIGKILL");
     const [error] = await gaveUp;
     say(error.message.includes("its working directory " + cwd + " is not a directory that exists"));
     await port.close();`,
  );
  expect(run).toEqual({ stdout: "true\n", stderr: "", end: 0 });
});

test("TMPDIR may vanish", async () => {
  const TMPDIR = join(folder, "tmp");
  mkdirSync(TMPDIR);
  const run = await host(
    `const port = await open(program, { stderr: "ignore" });
     fs.rmSync(process.env.TMPDIR, { recursive: true });
     process.kill(port.stats().workers[0].pid, "SIGKILL");
     await once(port, "exit");
     say(await port.call("add", [1, 2]));
     await port.close();`,
    { env: { TMPDIR } },
  );
  expect(run).toEqual({ stdout: "3\n", stderr: "", end: 0 });
});

test("a program that somebody still writes is waited for, at an open and at a restart", async () => {
  const path = join(folder, "program");
  const run = await host(
    `const path = ${JSON.stringify(path)};
     fs.copyFileSync(program, path);
     const writing = (ms) => { const fd = fs.openSync(path, "r+"); setTimeout(() => fs.closeSync(fd), ms); };
     writing(150);
     const port = await open(path, { stderr: "ignore", maxRestarts: 0 });
     say(await port.call("add", [1, 2]));
     await port.close();
     const second = await open(path, { stderr: "ignore", maxRestarts: 1 });
     // A file that runs cannot be opened for writing: it is held as soon as its process is gone.
     second.once("exit", () => writing(150));
     process.kill(second.stats().workers[0].pid, "SIGKILL");
     await once(second, "exit");
     say(await second.call("add", [3, 4]));
     await second.close();
     fs.openSync(path, "r+");
     const begin = performance.now();
     const error = await rejection(open(path, { stderr: "ignore" }));
     say(error.message.replace(path, "it"));
     const quick = await rejection(open(path, { stderr: "ignore", startTimeout: 60 }));
     say(quick.code + " " + (performance.now() - begin < 5000));`,
  );
  expect(run.stdout).toBe(
    "3\n7\ncannot start it: the file is open for writing (is a build still running?) (ETXTBSY, mode 0755)\nPORT_SPAWN true\n",
  );
  expect(run).toMatchObject({ stderr: "", end: 0 });
});

/** Logs, lines on stderr, and a second port: all that is printed on a program's behalf. */
const PRINTING = `
  const port = await open(${JSON.stringify(fixture("talkative.mjs"))});
  const other = await open(${JSON.stringify(fixture("well-behaved.mjs"))});
  for (let i = 0; i < 2000; i += 1) {
    await Promise.all([port.call("log", ["error", "x".repeat(2000)]), other.call("stderr", ["y".repeat(2000) + "\\n"])]);
  }
  await Promise.all([port.close(), other.close()]);
  say("alive " + (process.stderr.writableLength < 4 << 20));
  process.exit(0);
`;

test.each([
  ["on a full disk", 'exec "$@" 2>/dev/full'],
  ["closed", 'exec "$@" 2>&-'],
  ["a pipe whose reader is gone", '{ "$@" 2>&1 1>&3 3>&- | :; } 3>&1'],
])("a stderr that is %s ends no host", { timeout: 60_000 }, async (_name, under) => {
  expect(await host(PRINTING, { under })).toMatchObject({ stdout: "alive true\n", end: 0 });
});

test("a stderr that is a pipe which nobody reads holds no host up", { timeout: 60_000 }, async () => {
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  // An open for writing alone would wait for a reader; this one never reads.
  const fd = openSync(pipe, "r+");
  try {
    expect(await host(PRINTING, { stderr: fd })).toMatchObject({ stdout: "alive true\n", end: 0 });
  } finally {
    closeSync(fd);
  }
});
