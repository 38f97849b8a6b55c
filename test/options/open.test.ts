/** What options of `open` do, at their limits, where no other test shows it: with real programs. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { type OpenOptions, open, type Port, supervise } from "../../src/index.ts";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";
import { fixture } from "../fixtures/fixture.ts";
import { event, pidOf, rejection, until } from "../port/ports.ts";

const ports: Port[] = [];
afterEach(async () => {
  await Promise.all(ports.splice(0).map((port) => port.kill()));
});

/** A port that is ended after its test. */
async function opened(options: OpenOptions = {}, program = fixture("well-behaved.mjs")): Promise<Port> {
  const port = await open(program, { stderr: "ignore", ...options });
  ports.push(port);
  return port;
}

test("wrap: the program runs under another command", async () => {
  const port = await opened({ wrap: ["env", "WRAPPED=yes"] });
  expect(await port.call("env", ["WRAPPED"])).toBe("yes");
});

test(
  "extendEnv: false: the program has what `env` names and its black box, and nothing of the host's environment",
  async () => {
    process.env.HOST_TOKEN = "secret";
    try {
      const program = await computeProgram();
      const env = { ONLY: "this", HOST_TOKEN: undefined };
      const alone = await opened({ env, extendEnv: false }, program);
      expect(await alone.call("environment")).toEqual(["ONLY", "PORTREEVE_BOX"]);
      // The same at every start.
      await rejection(alone.call("segfault"));
      expect(await alone.call("environment")).toEqual(["ONLY", "PORTREEVE_BOX"]);
      const heir = await opened({ env: { ONLY: "this" } }, program);
      expect(await heir.call("environment")).toEqual(expect.arrayContaining(["HOST_TOKEN", "ONLY", "PATH"]));
      const reeve = await supervise({
        children: [{ id: "alone", start: program, options: { extendEnv: false } }],
      });
      expect(await reeve.port("alone").call("environment")).toEqual(["PORTREEVE_BOX"]);
      await reeve.close();
    } finally {
      delete process.env.HOST_TOKEN;
    }
  },
  BUILD_TIMEOUT,
);

test("extendEnv: false: what is too long for the system is looked for in what the program was given", async () => {
  process.env.HOST_LONG = "x".repeat(250_000);
  try {
    const alone = await rejection(opened({ extendEnv: false, args: ["x".repeat(200_000)] }));
    expect((alone as Error).message).toContain("argument 1 has 200000 bytes");
  } finally {
    delete process.env.HOST_LONG;
  }
});

test(
  "limits.openFiles: the program has so many descriptors at most",
  async () => {
    const port = await opened({ limits: { openFiles: 40 } }, await computeProgram());
    const limits = readFileSync(`/proc/${pidOf(port)}/limits`, "utf8");
    expect(limits).toMatch(/^Max open files +40 +40 /m);
    expect(await port.call("add", [1, 2])).toBe(3);
  },
  BUILD_TIMEOUT,
);

test.each([
  ["inherit", /^\[named\] a line\n$/],
  ["ignore", /^$/],
] as const)("stderr: inherited with the port's name before each line, or ignored (%s)", (stderr, said) => {
  const script = `
    import { open } from ${JSON.stringify(fixture("../../dist/src/index.js"))};
    const port = await open(${JSON.stringify(fixture("well-behaved.mjs"))}, { name: "named", stderr: ${JSON.stringify(stderr)} });
    await port.call("stderr", ["a line\\n"]);
    await port.close();`;
  const shell = 'exec "$0" --input-type=module -e "$1" 2>&1 >/dev/null';
  expect(execFileSync("sh", ["-c", shell, process.execPath, script], { encoding: "utf8" })).toMatch(said);
});

test("workers: so many processes", async () => {
  const port = await opened({ workers: 3 });
  expect(new Set(await port.broadcast("pid")).size).toBe(3);
});

test("maxInFlight: a worker has so many calls, the others wait", async () => {
  const port = await opened({ maxInFlight: 2 });
  const calls = Array.from({ length: 5 }, () => port.call("sleep", [60_000]));
  for (const call of calls) call.catch(() => {});
  expect(port.stats()).toMatchObject({ queued: 3, workers: [{ inFlight: 2 }] });
});

test("period: deaths that are further apart do not count together", async () => {
  const port = await opened({ maxRestarts: 1, period: 1, backoff: { initial: 0 } });
  for (let death = 0; death < 4; death += 1) {
    await rejection(port.call("exit", [1]));
    // The next life is older than the period when it ends.
    await until(() => (port.stats().workers[0]?.uptime ?? 0) > 2);
  }
  expect(await port.call("echo", ["well"])).toBe("well");
});

test("backoff: initial is the wait before the second restart, factor makes it grow, max bounds it", async () => {
  const backoff = { initial: 10, factor: 3, max: 50, jitter: 0 };
  const port = await opened({ maxRestarts: 10, period: 60_000, backoff });
  const delays: unknown[] = [];
  for (let death = 0; death < 5; death += 1) {
    const restart = event(port, "restart");
    await rejection(port.call("exit", [1]));
    const [{ delay }] = (await restart) as [{ delay: number }];
    delays.push(delay);
    await port.call("echo", [1]);
  }
  expect(delays).toEqual([0, 10, 30, 50, 50]);
});

test("startTimeout: Infinity waits as long as it takes", async () => {
  const slow = { args: ["300"] };
  await expect(opened({ ...slow, startTimeout: 20 }, fixture("slow-start.mjs"))).rejects.toThrow(/20 ms/);
  const port = await opened({ ...slow, startTimeout: Number.POSITIVE_INFINITY }, fixture("slow-start.mjs"));
  expect(await port.call("echo", [1])).toBe(1);
});

test("cancelGrace: for so long a function may ignore its cancel, Infinity for ever", async () => {
  const short = await opened({ cancelGrace: 20, shutdown: 0 });
  const retired = event(short, "retire");
  await rejection(short.call("busy", [60_000], { timeout: 1 }));
  expect(((await retired) as [{ reason: string }])[0].reason).toMatch(/ignored for 20 ms/);
  const patient = await opened({ cancelGrace: Number.POSITIVE_INFINITY });
  const pid = await patient.call("pid");
  await rejection(patient.call("busy", [300], { timeout: 1 }));
  expect(await patient.call("pid"), "the same worker, when it is done").toBe(pid);
});

test("shutdown: Infinity lets accepted calls take as long as they do", async () => {
  const port = await opened({ shutdown: Number.POSITIVE_INFINITY });
  const slept = port.call("sleep", [300]);
  await port.close();
  expect(await slept).toBe("slept");
});

test("signal: once the port is open it means nothing", async () => {
  const controller = new AbortController();
  const port = await opened({ signal: controller.signal });
  const pid = await port.call("pid");
  controller.abort();
  expect(await port.call("pid")).toBe(pid);
  // Nor for those that are started later.
  await port.restart();
  expect(await port.call("pid")).not.toBe(pid);
});
