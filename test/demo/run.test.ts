/** The demo as it is, in short form: real traffic, real crashes, real ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { BUILD_TIMEOUT, type Built, buildPrograms, compileDemo, root } from "./built.ts";

let built: Built;
beforeAll(async () => {
  built = await buildPrograms();
  compileDemo();
}, BUILD_TIMEOUT);

const demo = pathToFileURL(join(root, "build/demo/main.js")).href;
const SCRIPT = `
  const { runDemo } = await import(${JSON.stringify(demo)});
  process.exitCode = await runDemo(JSON.parse(process.argv[1]));
`;

interface Run {
  readonly child: ChildProcess;
  stdout: string;
  stderr: string;
  readonly closed: Promise<unknown[]>;
}

/** Starts the demo as the leader of a process group of its own, so that what it leaves behind can be seen. */
function start(seconds: number, rate: number): Run {
  const options = JSON.stringify({ seconds, rate, workers: 2, ...built });
  const child = spawn(process.execPath, ["--input-type=module", "-e", SCRIPT, options], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const run: Run = { child, stdout: "", stderr: "", closed: once(child, "close") };
  child.stdout.on("data", (data) => {
    run.stdout += data;
  });
  child.stderr.on("data", (data) => {
    run.stderr += data;
  });
  return run;
}

/** Whether a process of the group of this one is left. */
function isAnyLeft({ child }: Run): boolean {
  try {
    process.kill(-(child.pid ?? 0), 0);
    return true;
  } catch {
    return false;
  }
}

test("three accidents cost three calls, every token is right, and the addon's process is gone", async () => {
  const run = start(3, 40);
  const [code] = await run.closed;
  expect(run.stdout).not.toContain("NOT AS PROMISED");
  expect(run.stderr).toBe("");
  expect(code).toBe(0);
  expect(isAnyLeft(run)).toBe(false);
  const requests = 3 * 40 * (0.8 + 0.2 * 10);
  expect(run.stdout).toMatch(new RegExp(`^calls +${requests * 2} +\\d+ until `, "m"));
  expect(run.stdout).toMatch(new RegExp(`^tokens verified by jose +${requests} of ${requests} `, "m"));
  expect(run.stdout).toMatch(
    /^segfault .*1 call failed, the others went on +killed by SIGSEGV \(exit 139\)$/m,
  );
  expect(run.stdout).toMatch(/\(PORT_EXIT\) +no handler ran$/m);
  expect(run.stdout).toMatch(/^loop_forever .*1 call failed/m);
  expect(run.stdout).toMatch(/^restarts +2, and 1 replaced /m);
  expect(run.stdout).toMatch(/CallError: sign: argument `algorithm`/);
  expect(run.stdout).toMatch(/PortExitError: segfault: .*SIGSEGV/);
}, 60_000);

test("Ctrl-C ends everything", async () => {
  const run = start(600, 20);
  await expect.poll(() => run.stdout, { timeout: 30_000 }).toMatch(/port \d+\/s/);
  process.kill(-(run.child.pid ?? 0), "SIGINT");
  const [code] = await run.closed;
  expect(code).toBe(130);
  expect(run.stdout).toContain("stopping");
  expect(isAnyLeft(run)).toBe(false);
}, 60_000);

test("even kill -9 leaves nothing behind", async () => {
  const run = start(600, 20);
  await expect.poll(() => run.stdout, { timeout: 30_000 }).toMatch(/port \d+\/s/);
  run.child.kill("SIGKILL");
  await expect.poll(() => isAnyLeft(run), { timeout: 5000 }).toBe(false);
}, 60_000);

test("a handler of the second process would have been seen: it is, when the process ends by itself", async () => {
  const { Neighbour } = await import(join(root, "build/demo/neighbour.js"));
  const { makeKeys } = await import(join(root, "build/demo/service.js"));
  const neighbour = await Neighbour.start(built.addon, join(root, "demo/claims.json"), makeKeys());
  await neighbour.stop();
  expect(await neighbour.ended).toMatchObject({ exitCode: 0, signal: undefined, handlers: ["exit"] });
}, 30_000);
