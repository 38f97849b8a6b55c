/** What becomes of a spec after it was given, and of options of calls that wait for a start. */
import { once } from "node:events";
import { expect, test } from "vitest";
import { supervise } from "../../src/supervise/supervise.ts";
import { fixture } from "../fixtures/fixture.ts";
import { rejection } from "../port/ports.ts";
import { built, runHost } from "../process/host.ts";

test("restarts go by the spec as it was given: folder, program, options and those of a supervisor", async () => {
  const end = await runHost(`
    import { once } from "node:events";
    import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
    import { supervise } from ${JSON.stringify(built("src/index.js"))};
    const folder = mkdtempSync("/tmp/portreeve-spec-");
    symlinkSync(${JSON.stringify(fixture("."))}, folder + "/bin");
    process.chdir(folder);
    const options = { maxRestarts: 0, stderr: "ignore", args: ["one"], env: { PLACE: "here" }, start: ["first"] };
    const inner = { strategy: "one_for_all", children: [{ id: "low", start: "./bin/well-behaved.mjs", options }] };
    const reeve = await supervise({
      backoff: { initial: 0 },
      children: [{ id: "top", start: "./bin/well-behaved.mjs", options }, { id: "inner", start: inner }],
    });
    options.args.push("two");
    options.env.PLACE = "there";
    options.start.push("second");
    inner.children.length = 0;
    process.chdir("/");
    for (const path of [["top"], ["inner", "low"]]) {
      const port = reeve.port(...path);
      await port.call("exit", [1]).catch(() => {});
      // The first restart of a child is at once; a call behind it waits for its start.
      while (await port.call("echo", [1], { timeout: Infinity }).catch(() => 0) !== 1) await null;
      const told = [await port.call("argv"), await port.call("env", ["PLACE"]), await port.call("started")];
      process.stdout.write(JSON.stringify([...told, (await port.call("cwd")) === folder]) + "\\n");
    }
    await reeve.close();
    rmSync(folder, { recursive: true });`);
  const told = '[["one"],"here",["first"],true]';
  expect(end).toMatchObject({ end: 0, stderr: "", stdout: `${told}\n${told}\n` });
});

test("a call that waits for a start has its options checked, and a timeout of Infinity is none", async () => {
  const reeve = await supervise({
    children: [
      {
        id: "slow",
        start: fixture("slow-start.mjs"),
        options: { args: ["200"], maxRestarts: 0, stderr: "ignore", callTimeout: Number.POSITIVE_INFINITY },
      },
    ],
  });
  const port = reeve.port("slow");
  const exit = once(reeve, "exit");
  process.kill(port.stats().workers[0]?.pid ?? 0, "SIGKILL");
  await exit;
  expect(() => port.stats()).toThrow("the port is being started");
  const calls = [port.call("echo", [1]), port.call("echo", [2], { timeout: Number.POSITIVE_INFINITY })];
  const wrong = await rejection(port.call("echo", [1], { timout: 5 } as object));
  expect(wrong.message).toMatch(/^call\(\) has no option timout/);
  expect(await Promise.all(calls)).toEqual([1, 2]);
  await reeve.close();
});
