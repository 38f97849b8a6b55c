import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";
import { runHost, SPAWN_CHILD } from "./host.ts";
import { exists, gone, record, stop } from "./recorder.ts";

const CAT = "/bin/cat";

test("bytes go in and come out, and the end of the input ends the program", async () => {
  await using run = await record(CAT);
  expect(run.child.write(Buffer.from("one "))).toBe(true);
  expect(run.child.writev([Buffer.from("two "), Buffer.from("three")])).toBe(true);
  run.child.end();
  await run.recorder.until("closed");
  expect(run.recorder.stdout).toBe("one two three");
  expect(run.recorder.reason).toEqual({ exitCode: 0, signal: null });
  expect(run.recorder.order.at(-1)).toBe("closed");
  expect(run.recorder.order.filter((name) => name === "exit" || name === "stdoutEnded").sort()).toEqual([
    "exit",
    "stdoutEnded",
  ]);
});

test("the reason names the exit code, or the signal", async () => {
  await using exits = await record(fixture("exits-at-once.sh"));
  await exits.recorder.until("closed");
  expect(exits.recorder.reason).toEqual({ exitCode: 3, signal: null });
  expect(exits.recorder.stderrText).toBe("no configuration found\n");

  await using killed = await record(CAT);
  expect(killed.child.kill("SIGSEGV")).toBe(true);
  await killed.recorder.until("closed");
  expect(killed.recorder.reason).toEqual({ exitCode: null, signal: "SIGSEGV" });
});

test("a full pipe says so, and drain comes when everything was taken", async () => {
  await using run = await record(CAT);
  await stop(run.child);
  const chunk = Buffer.alloc(1 << 20, "x");
  expect(run.child.write(chunk)).toBe(false);
  expect(run.child.writev([chunk, chunk])).toBe(false);
  expect(run.child.stdinBuffered).toBeGreaterThan(2 << 20);
  expect(run.recorder.order).toEqual([]);
  run.child.kill("SIGCONT");
  await run.recorder.until("drain");
  expect(run.child.stdinBuffered).toBe(0);
  run.child.end();
  await run.recorder.until("closed");
  expect(run.recorder.stdout.length).toBe(3 << 20);
});

test("a program that closes its stdin is reported once, and lives on", async () => {
  await using run = await record(fixture("closes-stdin.sh"));
  // The first write that is refused comes after sh has closed its end: write until then.
  const writing = setInterval(() => run.child.write(Buffer.from("x")), 1);
  await run.recorder.until("stdinClosed");
  clearInterval(writing);
  expect(run.recorder.error).toMatchObject({ code: "EPIPE" });
  run.child.write(Buffer.from("nobody reads this"));
  expect(exists(run.child.pid)).toBe(true);
  expect(run.recorder.order).toEqual(["stdinClosed"]);
});

test("a program that dies with bytes under way gives one error of its stdin and then its exit", async () => {
  await using run = await record(CAT);
  await stop(run.child);
  run.child.write(Buffer.alloc(1 << 22));
  run.child.kill("SIGKILL");
  await run.recorder.until("closed");
  expect(run.recorder.order.filter((name) => name === "stdinClosed").length).toBeLessThanOrEqual(1);
  expect(run.recorder.reason).toEqual({ exitCode: null, signal: "SIGKILL" });
});

test("a program that closes its stdout is reported, and lives on", async () => {
  await using run = await record(fixture("closes-stdout.sh"));
  await run.recorder.until("stdoutEnded");
  expect(exists(run.child.pid)).toBe(true);
  run.child.end();
  await run.recorder.until("closed");
  expect(run.recorder.order).toEqual(["stdoutEnded", "exit", "closed"]);
});

test("closed does not wait longer than drainTimeout for a grandchild that holds the pipes", async () => {
  await using run = await record(fixture("leaves-grandchild.sh"), { args: ["20"], drainTimeout: 150 });
  await run.recorder.until("exit");
  const exited = performance.now();
  await run.recorder.until("closed");
  expect(performance.now() - exited).toBeGreaterThanOrEqual(100);
  expect(run.recorder.order).not.toContain("stdoutEnded");
  expect(run.recorder.reason).toEqual({ exitCode: 7, signal: null });
  process.kill(Number(run.recorder.stderrText), "SIGKILL");
});

test("all bytes that were written before the exit arrive, though the host was busy past drainTimeout", async () => {
  const text = "y".repeat(150_000);
  await using run = await record("/bin/sh", {
    args: ["-c", `head -c ${text.length} /dev/zero | tr '\\000' y`],
    drainTimeout: 1,
  });
  await run.recorder.until("exit");
  const end = performance.now() + 100;
  while (performance.now() < end);
  await run.recorder.until("closed");
  expect(run.recorder.stdout.length).toBe(text.length);
});

test("a stopped program is only moved by SIGKILL", async () => {
  await using run = await record(CAT);
  await stop(run.child);
  run.child.kill("SIGTERM");
  expect(exists(run.child.pid)).toBe(true);
  run.child.kill("SIGKILL");
  await run.recorder.until("exit");
  expect(run.recorder.reason?.signal).toBe("SIGKILL");
  expect(exists(run.child.pid)).toBe(false);
  expect(run.child.kill("SIGKILL")).toBe(false);
});

test("100 MB on stderr in one line neither end the host nor pile up", {
  timeout: 60_000,
}, async () => {
  await using run = await record(fixture("floods-stderr.sh"), { args: ["100"] });
  run.recorder.stderr = () => true;
  const before = process.memoryUsage().rss;
  await run.recorder.until("closed");
  expect(process.memoryUsage().rss - before).toBeLessThan(80 << 20);
  expect(run.recorder.reason).toEqual({ exitCode: 0, signal: null });
});

test("env is added to the host's, undefined takes a variable away, args and cwd arrive as they are", async () => {
  process.env.PORTREEVE_TEST_KEPT = "kept";
  process.env.PORTREEVE_TEST_GONE = "gone";
  const script = 'printf "%s|" "$PORTREEVE_TEST_KEPT" "$PORTREEVE_TEST_GONE" "$ADDED" "$PWD" "$@"';
  await using run = await record("/bin/sh", {
    args: ["-c", script, "sh", "a b", "$HOME", "'\"", ""],
    env: { ADDED: "added", PORTREEVE_TEST_GONE: undefined },
    cwd: "/usr",
  });
  await run.recorder.until("closed");
  expect(run.recorder.stdout).toBe(`kept||added|/usr|a b|$HOME|'"||`);
  delete process.env.PORTREEVE_TEST_KEPT;
  delete process.env.PORTREEVE_TEST_GONE;
});

test("extra descriptors arrive as 3, 4, …", async () => {
  const folder = mkdtempSync(join(tmpdir(), "portreeve-"));
  const opened = Array.from({ length: 12 }, (_, i) => openSync(join(folder, `f${i}`), "w+"));
  const fds = opened.slice(-2);
  await using run = await record("/bin/sh", {
    args: ["-c", "echo three >&3; echo four >&4; ls -l /proc/self/fd"],
    fds,
  });
  await run.recorder.until("closed");
  expect(readFileSync(join(folder, "f10"), "utf8") + readFileSync(join(folder, "f11"), "utf8")).toBe(
    "three\nfour\n",
  );
  expect(run.recorder.stdout).not.toMatch(/portreeve-.*\/f[0-9]$/m);
  for (const fd of opened) closeSync(fd);
  rmSync(folder, { recursive: true });
});

test("wrap runs the program under another one, which is searched in PATH", async () => {
  await using run = await record("/bin/echo", { wrap: ["env", "-u", "NOTHING"], args: ["wrapped"] });
  await run.recorder.until("closed");
  expect(run.recorder.stdout).toBe("wrapped\n");
});

test("an idle child that is unref'd does not keep Node alive, and ends with it", async () => {
  const host = await runHost(`${SPAWN_CHILD}
    const child = await spawnChild({ path: "/bin/cat", args: [], env: {} }, quiet);
    child.unref();
    process.stdout.write(String(child.pid));`);
  expect(host).toMatchObject({ end: 0, stderr: "" });
  await gone(Number(host.stdout));
});

test("a child that is ref'd again keeps Node alive until it ends", async () => {
  const host = await runHost(`${SPAWN_CHILD}
    const told = { ...quiet, closed: (reason) => process.stdout.write(JSON.stringify(reason)) };
    const child = await spawnChild({ path: "/bin/sh", args: ["-c", "sleep 0.2; exit 5"], env: {} }, told);
    child.unref();
    child.ref();`);
  expect(host).toEqual({ end: 0, stderr: "", stdout: '{"exitCode":5,"signal":null}' });
});

test("a host that dies at once, by SIGKILL, takes its children with it", async () => {
  const host = await runHost(`${SPAWN_CHILD}
    const child = await spawnChild({ path: "/bin/cat", args: [], env: {} }, quiet);
    process.stdout.write(String(child.pid), () => process.kill(process.pid, "SIGKILL"));`);
  expect(host.end).toBe("SIGKILL");
  await gone(Number(host.stdout));
});

test("a worker thread spawns as the main thread does, and its end is the end of its children", async () => {
  const inThread = `${SPAWN_CHILD}
    import { parentPort } from "node:worker_threads";
    const data = (chunk) => parentPort.postMessage({ pid: child.pid, text: Buffer.from(chunk).toString() });
    const child = await spawnChild({ path: "/bin/cat", args: [], env: {} }, { ...quiet, data });
    child.write(Buffer.from("hello"));`;
  const host = await runHost(`
    import { Worker } from "node:worker_threads";
    const worker = new Worker(new URL("data:text/javascript," + encodeURIComponent(${JSON.stringify(inThread)})));
    worker.on("message", async ({ pid, text }) => {
      process.stdout.write(pid + " " + text);
      await worker.terminate();
    });`);
  expect(host).toMatchObject({ end: 0, stderr: "" });
  expect(host.stdout).toMatch(/^\d+ hello$/);
  await gone(Number.parseInt(host.stdout, 10));
});

test.each([
  ["process.exit()", "process.exit(3)", 3],
  ["an exception", "throw new Error('oops')", 1],
  ["SIGTERM", "process.kill(process.pid, 'SIGTERM')", "SIGTERM"],
  ["an abort", "process.abort()", "SIGABRT"],
])("a host that ends by %s leaves no program behind", async (_name, how, end) => {
  const host = await runHost(`${SPAWN_CHILD}
    const child = await spawnChild({ path: ${JSON.stringify(fixture("well-behaved.mjs"))}, args: [], env: {} }, {
      ...quiet, data: () => process.stdout.write(String(child.pid), () => { ${how}; })
    });`);
  expect(host.end).toBe(end);
  await gone(Number(host.stdout));
});
