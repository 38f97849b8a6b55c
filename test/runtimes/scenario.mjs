/**
 * What a port does for its host, in plain JavaScript: run by Node, Bun and Deno against dist/ (runtimes.test.ts). Each step
 * prints its name when it holds; the last line is `done`.
 * Arguments: the URL of the package's entry, the path of a well-behaved program, and of the compute program.
 */
import assert from "node:assert/strict";
import { once } from "node:events";

const [entry, program, compute] = process.argv.slice(2);
const { CallTimeoutError, open, PortClosedError, PortExitError } = await import(entry);

/** An event alone keeps no host alive. */
async function step(name, act) {
  const keepAlive = setInterval(() => {}, 1000);
  await act();
  clearInterval(keepAlive);
  console.log(name);
}

/** What a promise rejects with. */
async function rejection(promise) {
  return promise.then(
    (value) => assert.fail(`it resolved with ${value}`),
    (error) => error,
  );
}

const lines = [];
const port = await open(program, { stderr: (line) => lines.push(line), cancelGrace: 100, shutdown: 2000 });

await step("opens", () => {
  assert.equal(port.name, "fixture");
  assert.ok(port.functions.some(({ name }) => name === "sum"));
});

await step("calls", async () => {
  assert.equal(await port.call("sum", [[1, 2, 3.5]]), 6.5);
  assert.deepEqual(await port.call("echo", [{ a: [1, "ü", null] }]), { a: [1, "ü", null] });
  const many = Array.from({ length: 2000 }, (_, i) => port.call("echo", [i]));
  assert.deepEqual(await Promise.all(many), [...many.keys()]);
  assert.match((await rejection(port.call("fail", ["because"]))).message, /because/);
});

await step("1 MB", async () => {
  const text = "x".repeat(1 << 20);
  assert.equal(await port.call("echo", [text]), text);
  const several = await Promise.all(Array.from({ length: 8 }, () => port.call("echo", [text])));
  assert.ok(several.every((answer) => answer === text));
});

await step("stderr", async () => {
  await port.call("stderr", ["one\ntwo\n"]);
  while (lines.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(lines, ["one", "two"]);
});

await step("crash and recovery", async () => {
  const exited = once(port, "exit");
  const error = await rejection(port.call("kill", ["SIGKILL"]));
  assert.ok(error instanceof PortExitError, String(error));
  assert.equal(error.signal, "SIGKILL");
  assert.equal((await exited)[0].signal, "SIGKILL");
  assert.equal(await port.call("echo", ["again"]), "again");
  const ended = await rejection(port.call("exit", [7]));
  assert.equal(ended.exitCode, 7);
  assert.equal(await port.call("echo", ["and again"]), "and again");
});

await step("timeout and replacement", async () => {
  const before = await port.call("pid");
  const retired = once(port, "retire");
  const error = await rejection(port.call("busy", [60_000], { timeout: 50 }));
  assert.ok(error instanceof CallTimeoutError, String(error));
  await retired;
  assert.notEqual(await port.call("pid"), before);
});

await step("abort", async () => {
  const reason = new Error("not wanted any more");
  const controller = new AbortController();
  const call = rejection(port.call("sleep", [60_000], { signal: controller.signal }));
  controller.abort(reason);
  assert.equal(await call, reason);
});

await step("cannot start", async () => {
  const error = await rejection(open(`${program}.missing`));
  assert.equal(error.code, "PORT_SPAWN");
  assert.match(error.message, /no such file/);
});

await step("close", async () => {
  const running = port.call("sleep", [100]);
  await port.close();
  assert.equal(await running, "slept");
  assert.ok((await rejection(port.call("echo", [1]))) instanceof PortClosedError);
});

await step("a Rust program", async () => {
  const rust = await open(compute, { stderr: "ignore" });
  assert.equal(rust.stats().workers[0].hasBox, true);
  const lost = rejection(rust.call("segfault"));
  const error = await lost;
  assert.equal(error.culprit.function, "segfault");
  assert.match(error.culprit.backtrace.join(), /segfault/);
  assert.equal(await rust.call("add", [40, 2]), 42);
  await rust.close();
});

await step("ends by itself with an open port", async () => {
  const idle = await open(program, { stderr: "ignore" });
  assert.equal(await idle.call("echo", [1]), 1);
});

console.log("done");
