/** Ports under a supervisor, with real processes. */
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { PortClosedError, RestartLimitError, SpawnError } from "../../src/errors.ts";
import { prometheus } from "../../src/metrics/prometheus.ts";
import type { PortSpec, SuperviseOptions } from "../../src/supervise/spec.ts";
import { supervise } from "../../src/supervise/supervise.ts";
import type { Supervisor } from "../../src/supervise/supervisor.ts";
import { fixture } from "../fixtures/fixture.ts";
import { exists, gone } from "../process/recorder.ts";
import { died, kid, running } from "./suite/kid.ts";

/** The functions of test/fixtures/well-behaved.mjs that are used here. */
interface Program {
  echo(value: string): string;
  pid(): number;
  argv(): string[];
  sleep(ms: number): string;
  kill(signal: string): void;
}

const program = fixture("well-behaved.mjs");
const open: Supervisor[] = [];

/** A supervisor that is closed after the test, whatever comes. */
async function start(options: SuperviseOptions): Promise<Supervisor> {
  const supervisor = await supervise(options);
  open.push(supervisor.on("gaveUp", () => {}));
  return supervisor;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((supervisor) => supervisor.close()));
});

/** A port that gives up at the first death of its worker. */
function fragile(id: string, spec: Partial<PortSpec> = {}): PortSpec {
  return { id, start: program, ...spec, options: { maxRestarts: 0, stderr: "ignore", ...spec.options } };
}

function pidOf(supervisor: Supervisor, ...path: [string, ...string[]]): Promise<number> {
  return supervisor.port<Program>(...path).call("pid");
}

async function crash(supervisor: Supervisor, ...path: [string, ...string[]]): Promise<void> {
  await expect(supervisor.port<Program>(...path).call("kill", ["SIGKILL"])).rejects.toThrow();
}

/** Crashes a fragile port of this supervisor and waits until it runs again. */
async function crashAndWait(supervisor: Supervisor, id: string): Promise<void> {
  const restart = once(supervisor, "restart");
  await crash(supervisor, id);
  await restart;
}

describe("a port as a child", () => {
  test("the death of a worker is the port's affair", async () => {
    const supervisor = await start({
      children: [{ id: "p", start: program, options: { stderr: "ignore" } }],
    });
    supervisor.on("exit", () => expect.unreachable());
    const before = await pidOf(supervisor, "p");
    await crash(supervisor, "p");
    expect(await pidOf(supervisor, "p")).not.toBe(before);
    expect(supervisor.port("p").stats().restarts).toBe(1);
  });

  test("when the port gives up, that is an exit with its history, and the child is started again", async () => {
    const supervisor = await start({ children: [fragile("p")] });
    const port = supervisor.port<Program>("p");
    const before = await port.call("pid");
    const exit = once(supervisor, "exit");
    const restart = once(supervisor, "restart");
    await crash(supervisor, "p");
    const [{ id, reason }] = await exit;
    expect(id).toBe("p");
    expect(reason.error).toBeInstanceOf(RestartLimitError);
    expect(reason.error.history).toMatchObject([{ reason: "was killed by SIGKILL" }]);
    await restart;
    expect(supervisor.port("p")).toBe(port);
    expect(await port.call("pid")).not.toBe(before);
    expect(exists(before)).toBe(false);
  });

  test("a call that comes while the port is being started waits for it", async () => {
    const supervisor = await start({ children: [fragile("p")] });
    const exit = once(supervisor, "exit");
    await crash(supervisor, "p");
    await exit;
    expect(supervisor.children()).toMatchObject([{ status: "restarting" }]);
    const view = supervisor.port<Program>("p").as();
    expect(await Promise.all([view.echo("a"), view.echo("b")])).toEqual(["a", "b"]);
  });

  test("it waits no longer than its timeout, and not after its signal", async () => {
    const options = { args: ["400"], callTimeout: 60 };
    const supervisor = await start({
      children: [fragile("q", { start: fixture("slow-start.mjs"), options })],
    });
    const exit = once(supervisor, "exit");
    process.kill(supervisor.port("q").stats().workers[0]?.pid ?? 0, "SIGKILL");
    await exit;
    const controller = new AbortController();
    const aborted = supervisor.port("q").call("echo", ["x"], { signal: controller.signal, timeout: 5000 });
    controller.abort(new Error("no longer of interest"));
    await expect(aborted).rejects.toThrow("no longer of interest");
    const message = "echo: no answer within 60 ms; the port is being started";
    await expect(supervisor.port("q").call("echo", ["x"])).rejects.toMatchObject({ message, began: false });
    expect(() => supervisor.port("q").cast("echo", ["x"])).toThrow("the port is being started");
    expect(await supervisor.port("q").call("echo", ["x"], { timeout: 5000 })).toBe("x");
  });

  test("when the supervisor gives up, calls are rejected at once, with the history", async () => {
    const supervisor = await start({ maxRestarts: 1, children: [fragile("p"), fragile("q")] });
    const q = await pidOf(supervisor, "q");
    const gaveUp = once(supervisor, "gaveUp");
    const port = supervisor.port<Program>("p");
    await crashAndWait(supervisor, "p");
    await crash(supervisor, "p");
    const [{ id, history }] = await gaveUp;
    expect(id).toBe("p");
    expect(history).toHaveLength(2);
    expect(await supervisor.exited).toBe("shutdown");
    const error = await port.call("echo", ["x"]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RestartLimitError);
    expect(error).toMatchObject({ code: "PORT_RESTART_LIMIT", history });
    expect(exists(q)).toBe(false);
  });

  test("while a restart is put off, calls are rejected at once, with the history", async () => {
    const backoff = { initial: 300, jitter: 0 };
    const supervisor = await start({ maxRestarts: 5, backoff, children: [fragile("p")] });
    const port = supervisor.port<Program>("p");
    await crashAndWait(supervisor, "p");
    const exit = once(supervisor, "exit");
    await crash(supervisor, "p");
    await exit;
    const error = await port.call("echo", ["x"]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RestartLimitError);
    expect((error as RestartLimitError).history).toHaveLength(2);
    await once(supervisor, "restart");
    expect(await port.call("echo", ["x"])).toBe("x");
  });

  test("stopChild lets accepted calls finish; then there is no port, until restartChild", async () => {
    const supervisor = await start({ children: [fragile("p")] });
    const port = supervisor.port<Program>("p");
    const answer = port.call("sleep", [100]);
    await supervisor.stopChild("p");
    expect(await answer).toBe("slept");
    await expect(port.call("echo", ["x"])).rejects.toBeInstanceOf(PortClosedError);
    expect(() => port.cast("echo", ["x"])).toThrow('child "p" does not run');
    expect(port.functions.map(({ name }) => name)).toContain("echo");
    await supervisor.restartChild("p");
    expect(await port.call("echo", ["x"])).toBe("x");
    await supervisor.stopChild("p");
    await supervisor.deleteChild("p");
    await expect(port.call("echo", ["x"])).rejects.toMatchObject({ code: "SUPERVISOR_NOT_FOUND" });
  });

  test.each([
    ["shutdown: ms", { shutdown: 50 }],
    ["brutal_kill", { shutdown: "brutal_kill" }],
  ] as const)("%s ends a port that is busy for longer", async (_name, spec) => {
    const supervisor = await start({ children: [fragile("p", spec)] });
    const pid = await pidOf(supervisor, "p");
    const failure = expect(supervisor.port<Program>("p").call("sleep", [60_000])).rejects.toThrow();
    await supervisor.stopChild("p");
    expect(exists(pid)).toBe(false);
    await failure;
  });

  test("kill of the whole tree is at once, also where nothing else would end it", async () => {
    const inner = { children: [fragile("p", { shutdown: "infinity" })] };
    const top = await start({ children: [{ id: "inner", shutdown: "brutal_kill", start: inner }] });
    const pid = await pidOf(top, "inner", "p");
    const failure = expect(top.port<Program>("inner", "p").call("sleep", [60_000])).rejects.toThrow();
    await top.stopChild("inner");
    expect(exists(pid)).toBe(false);
    await failure;
  });

  test("a program that cannot be started fails the start with path and reason, and leaves nothing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "portreeve-"));
    const pidFile = join(folder, "pid");
    const wrap = ["sh", "-c", `echo $$ > ${pidFile}; exec "$@"`, "sh"];
    const children = [fragile("first", { options: { wrap } }), { id: "p", start: "./no-such-program" }];
    const failure = supervise({ children });
    const error = await failure.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "SUPERVISOR_START", child: "p", cause: expect.any(SpawnError) });
    expect((error as Error).message).toMatch(/^child "p" could not be started: .*no-such-program/);
    expect(exists(Number(readFileSync(pidFile, "utf8")))).toBe(false);
    rmSync(folder, { recursive: true });
  });

  test("a program that is still starting when the supervisor is closed does not outlive it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "portreeve-"));
    const pidFile = join(folder, "pid");
    const options = { args: ["1500"], wrap: ["sh", "-c", `echo $$ > ${pidFile}; exec "$@"`, "sh"] };
    const supervisor = await start({});
    const slow = fragile("p", { start: fixture("slow-start.mjs"), shutdown: 30, options });
    const failure = supervisor.startChild(slow).catch((error: unknown) => error);
    await expect.poll(() => existsSync(pidFile) && readFileSync(pidFile, "utf8")).toMatch(/\n$/);
    const pid = Number(readFileSync(pidFile, "utf8"));
    await supervisor.close();
    expect(await failure).toMatchObject({ code: "SUPERVISOR_START", child: "p" });
    await gone(pid);
    rmSync(folder, { recursive: true });
  });

  test("a start that fails again and again is retried by count and with waits, and heals when the program does", async () => {
    const folder = mkdtempSync(join(tmpdir(), "portreeve-"));
    const path = join(folder, "program");
    const good = `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(program)}\n`;
    const write = (script: string) => {
      writeFileSync(path, script);
      chmodSync(path, 0o755);
    };
    try {
      write(good);
      const supervisor = await start({
        maxRestarts: 20,
        backoff: { initial: 20, factor: 1 },
        children: [fragile("p", { start: path })],
      });
      write("#!/bin/sh\nexit 3\n");
      const failures: number[] = [];
      supervisor.on("startError", () => failures.push(performance.now()));
      await crash(supervisor, "p");
      await expect.poll(() => failures.length).toBeGreaterThanOrEqual(3);
      write(good);
      await once(supervisor, "restart");
      expect(await supervisor.port<Program>("p").call("echo", ["x"])).toBe("x");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("ports in groups", () => {
  test("rest_for_one: what was started after a child that crashed is started again, what came before stays", async () => {
    const children = [fragile("before"), kid("middle"), fragile("after")];
    const supervisor = await start({ strategy: "rest_for_one", children });
    const [before, after] = [await pidOf(supervisor, "before"), await pidOf(supervisor, "after")];
    const restarted = new Promise<void>((resolve) => {
      supervisor.on("restart", ({ id }) => id === "after" && resolve());
    });
    running(supervisor, "middle").end(died);
    await restarted;
    expect(await pidOf(supervisor, "before")).toBe(before);
    expect(await pidOf(supervisor, "after")).not.toBe(after);
    expect(exists(after)).toBe(false);
  });

  test("dynamic ports: arguments go to the program, and stay with it across restarts", async () => {
    const model = fragile("tenant", { options: { args: ["--verbose"] } });
    const supervisor = await start({ strategy: "simple_one_for_one", children: [model] });
    const { id } = await supervisor.startChild(["--tenant", "a"]);
    expect(id).toBe("tenant:1");
    await supervisor.startChild(["--tenant", "b"]);
    const port = supervisor.port<Program>("tenant:1");
    expect(await port.call("argv")).toEqual(["--verbose", "--tenant", "a"]);
    await crashAndWait(supervisor, "tenant:1");
    expect(await port.call("argv")).toEqual(["--verbose", "--tenant", "a"]);
    expect(await supervisor.port<Program>("tenant:2").call("argv")).toEqual(["--verbose", "--tenant", "b"]);
    await supervisor.stopChild("tenant:1");
    await expect(port.call("argv")).rejects.toMatchObject({ code: "SUPERVISOR_NOT_FOUND" });
    await expect(supervisor.startChild([5])).rejects.toThrow(
      "an argument of a program must be a string, and is number",
    );
  });

  test("a handle of a port below another supervisor outlives that supervisor", async () => {
    const inner = { maxRestarts: 0, children: [fragile("p")] };
    const top = await start({ children: [{ id: "inner", start: inner }] });
    const port = top.port<Program>("inner", "p");
    const before = await port.call("pid");
    const restart = once(top, "restart");
    await crash(top, "inner", "p");
    await restart;
    expect(top.port("inner", "p")).toBe(port);
    expect(await port.call("pid")).not.toBe(before);
  });
});

describe("a handle", () => {
  test("is refused where there is no port", async () => {
    const supervisor = await start({ children: [kid("k"), fragile("p")] });
    expect(() => supervisor.port("q")).toThrow('child "q" does not exist');
    expect(() => supervisor.port("k")).toThrow('child "k" is no port');
    expect(() => supervisor.port("p", "q")).toThrow('child "p" is no supervisor');
  });

  test("keeps its listeners across restarts", async () => {
    const supervisor = await start({ children: [fragile("p")] });
    const port = supervisor.port("p");
    const exits: string[] = [];
    port.on("exit", ({ reason }) => exits.push(reason));
    const gaveUp = once(port, "gaveUp");
    for (let count = 0; count < 2; count += 1) {
      await crashAndWait(supervisor, "p");
    }
    await gaveUp;
    expect(exits).toEqual(["was killed by SIGKILL", "was killed by SIGKILL"]);
  });

  test("broadcast, restart and reload reach the port; what was reloaded is what is started again", async () => {
    const options = { workers: 2, args: ["first"], stderr: "ignore", maxRestarts: 0 } as const;
    const supervisor = await start({
      children: [
        fragile("p", { start: fixture("slow-start.mjs"), options: { args: ["1"] } }),
        fragile("q", { options }),
      ],
    });
    supervisor.on("exit", ({ id }) => expect(id).toBe("p"));
    const q = supervisor.port<Program>("q");
    const pids = await q.broadcast("pid");
    expect(new Set(pids).size).toBe(2);
    await q.restart();
    expect((await q.broadcast("pid")).filter((pid) => pids.includes(pid))).toEqual([]);
    const p = supervisor.port("p");
    expect(p.functions.map(({ name }) => name)).toEqual(["echo"]);
    await p.reload(program);
    expect(p.functions.map(({ name }) => name)).toContain("pid");
    await crashAndWait(supervisor, "p");
    expect(p.functions.map(({ name }) => name)).toContain("pid");
    expect([p.name, p.needsDrain]).toEqual(["p", false]);
    await supervisor.stopChild("p");
    await expect(p.broadcast("pid")).rejects.toBeInstanceOf(PortClosedError);
    await expect(p.reload(program)).rejects.toBeInstanceOf(PortClosedError);
  });

  test("an error's stack leads to the caller", async () => {
    const supervisor = await start({ children: [fragile("p")] });
    const whoCalls = async () => {
      await supervisor.port("p").call("fail", ["no"]);
    };
    const error: unknown = await whoCalls().catch((reason: unknown) => reason);
    expect((error as Error).stack).toContain("whoCalls");
  });

  test("supervisors of ports come and go without leaving processes", async () => {
    const pids: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      await using supervisor = await supervise({
        strategy: "one_for_all",
        children: [fragile("a"), fragile("b")],
      });
      pids.push(await pidOf(supervisor, "a"), await pidOf(supervisor, "b"));
    }
    await setTimeout(0);
    expect(new Set(pids).size).toBe(10);
    expect(pids.filter(exists)).toEqual([]);
  });
});

test("a port is called by the id of its child, whatever program it runs: its numbers keep their label", async () => {
  const supervisor = await start({
    children: [{ id: "jwt", start: program, options: { stderr: "ignore" } }],
  });
  const port = supervisor.port("jwt");
  expect(port.name).toBe("jwt");
  expect(prometheus(port)).toContain('portreeve_workers_ready{port="jwt"} 1');
  await port.reload(fixture("talkative.mjs"));
  expect(prometheus(port)).toContain('portreeve_workers_ready{port="jwt"} 1');
});
