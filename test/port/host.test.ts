import { expect, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";
import { built, runHost } from "../process/host.ts";
import { gone } from "../process/recorder.ts";

const program = JSON.stringify(fixture("well-behaved.mjs"));
const OPEN = `
  import { open } from ${JSON.stringify(built("src/index.js"))};
  const port = await open(${program}, { stderr: "ignore" });
  const say = (text) => process.stdout.write(text + "\\n");
`;

/** Runs a host; its program must be gone after it. The first line of its stdout is the program's pid. */
async function host(script: string) {
  const end = await runHost(`${OPEN} say(String(await port.call("pid"))); ${script}`);
  const [pid = "", ...lines] = end.stdout.trim().split("\n");
  await gone(Number(pid));
  return { ...end, lines };
}

test("a host with an idle open port ends by itself, and its program with it", async () => {
  expect(await host("")).toMatchObject({ end: 0, stderr: "", lines: [] });
});

test("it stays alive while anybody waits for an answer, and no longer", async () => {
  const script = `port.call("sleep", [400]).then(say);`;
  expect(await host(script)).toMatchObject({ end: 0, stderr: "", lines: ["slept"] });
});

test("also while a call waits for a worker that is being started again", async () => {
  const script = `
    port.call("exit", [1]).catch((error) => {
      say(error.code);
      port.call("echo", ["restarted"]).then(say);
    });`;
  expect(await host(script)).toMatchObject({ end: 0, stderr: "", lines: ["PORT_EXIT", "restarted"] });
});

test("a call that timed out keeps nothing alive, though its function goes on", async () => {
  const script = `port.call("busy", [1500], { timeout: 50 }).catch((error) => say(error.code));`;
  const begin = performance.now();
  expect(await host(script)).toMatchObject({ end: 0, lines: ["CALL_TIMEOUT"] });
  // The fixture itself reads the end of its input only when its loop is free again.
  expect(performance.now() - begin).toBeLessThan(15_000);
});

test("it stays alive until a restart or a reload is done", async () => {
  const script = `
    await port.restart();
    say("restarted");
    await port.reload(${program});
    say("reloaded");`;
  expect(await host(script)).toMatchObject({ end: 0, stderr: "", lines: ["restarted", "reloaded"] });
});

test("workers that are started later get the options as they were at open, and the folder", async () => {
  const script = `
    import { mkdirSync, mkdtempSync } from "node:fs";
    const folder = mkdtempSync("/tmp/portreeve-host-");
    mkdirSync(folder + "/sub");
    process.chdir(folder);
    const options = { args: ["one"], env: { PLACE: "here" }, stderr: "ignore" };
    const ports = [await open(${program}, { ...options, cwd: "sub" }), await open(${program}, options)];
    options.args.push("two");
    options.env.PLACE = "there";
    process.chdir("/");
    for (const each of ports) {
      await each.restart();
      say(JSON.stringify([await each.call("argv"), await each.call("env", ["PLACE"]), (await each.call("cwd")).replace(folder, "")]));
    }
    process.exit(0);`;
  expect(await host(script)).toMatchObject({
    end: 0,
    stderr: "",
    lines: ['[["one"],"here","/sub"]', '[["one"],"here",""]'],
  });
});

test("it stays alive until close() is done", async () => {
  const script = `
    process.on("exit", () => say("ended"));
    void port.close().then(() => say("closed"));`;
  expect(await host(script)).toMatchObject({ end: 0, stderr: "", lines: ["closed", "ended"] });
});

test("process.exit, an uncaught exception and kill -9 of the host end the program, too", async () => {
  expect(await host("void port.call('sleep', [60000]); process.exit(3);")).toMatchObject({ end: 3 });
  expect(await host("throw new Error('oops');")).toMatchObject({
    end: 1,
    stderr: expect.stringMatching(/oops/),
  });
  const killed = `void port.call("sleep", [60000]); setTimeout(() => process.kill(process.pid, "SIGKILL"), 50);`;
  expect(await host(killed)).toMatchObject({ end: "SIGKILL" });
});

test("a rejection that nobody handles ends the host with the error and the caller's line", async () => {
  const { end, stderr } = await host(
    `async function caller() { await port.call("fail", ["no luck"]); } void caller();`,
  );
  expect(end).toBe(1);
  expect(stderr).toMatch(/CallError: fail: no luck\n(\s+at process.*\n)?\s+at async caller/);
  expect(stderr).toMatch(/code: 'CALL_ERROR'/);
});

test("a port in a worker thread works, keeps the thread alive while it waits, and ends with it", async () => {
  const inThread = `${OPEN}
    import { parentPort } from "node:worker_threads";
    parentPort.postMessage(await port.call("pid"));
    port.call("sleep", [200]).then((value) => parentPort.postMessage(value));`;
  const end = await runHost(`
    import { Worker } from "node:worker_threads";
    const url = new URL("data:text/javascript," + encodeURIComponent(${JSON.stringify(inThread)}));
    const worker = new Worker(url);
    worker.on("message", (message) => process.stdout.write(message + "\\n"));
    worker.on("exit", (code) => process.stdout.write("exit " + code + "\\n"));
  `);
  expect(end).toMatchObject({ end: 0, stderr: "" });
  const [pid, ...lines] = end.stdout.trim().split("\n");
  expect(lines).toEqual(["slept", "exit 0"]);
  await gone(Number(pid));
});

test("a thread that is terminated in the middle of a call takes its program along", async () => {
  const inThread = `${OPEN}
    import { parentPort } from "node:worker_threads";
    const pid = await port.call("pid");
    void port.call("sleep", [60000]);
    parentPort.postMessage(pid);`;
  const end = await runHost(`
    import { Worker } from "node:worker_threads";
    const url = new URL("data:text/javascript," + encodeURIComponent(${JSON.stringify(inThread)}));
    const worker = new Worker(url);
    worker.on("message", async (pid) => {
      process.stdout.write(String(pid));
      await worker.terminate();
    });
  `);
  expect(end).toMatchObject({ end: 0, stderr: "" });
  await gone(Number(end.stdout));
});
