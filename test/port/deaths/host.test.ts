/** What becomes of the compute program when its host goes, and of the host's things when ports come and go. */
import { expect, test } from "vitest";
import { built, runHost } from "../../process/host.ts";
import { gone } from "../../process/recorder.ts";
import { children, descriptors, until } from "../ports.ts";
import { compute, outcome } from "./compute-port.ts";

const program = compute();

/** Runs a host that opens the program, prints its pids and goes on as the script says. */
async function host(script: string) {
  const opened = `
    import { open } from ${JSON.stringify(built("src/index.js"))};
    const port = await open(${JSON.stringify(program.program)}, { stderr: "ignore", workers: 2 });
    process.stdout.write(port.stats().workers.map(({ pid }) => pid).join(" ") + "\\n");`;
  const end = await runHost(`${opened} ${script}`);
  const [pids = ""] = end.stdout.split("\n");
  return { ...end, pids: pids.split(" ").map(Number) };
}

/** All threads of both workers compute and never look up. */
const COMPUTE = `for (let i = 0; i < 64; i += 1) void port.call("loop_forever").catch(() => {});`;

test("kill -9 of the host while all threads compute: no orphan is left a second later", async () => {
  const { end, pids } = await host(`${COMPUTE} setTimeout(() => process.kill(process.pid, "SIGKILL"), 300);`);
  const begin = performance.now();
  expect(end).toBe("SIGKILL");
  await Promise.all(pids.map(gone));
  expect(performance.now() - begin).toBeLessThan(1000);
});

test("a host with an idle open port ends by itself, and the program with it", async () => {
  const { end, pids, stderr } = await host("");
  expect({ end, stderr }).toEqual({ end: 0, stderr: "" });
  await Promise.all(pids.map(gone));
});

test("a worker thread that is terminated while its program computes takes it along", async () => {
  const inThread = `
    import { open } from ${JSON.stringify(built("src/index.js"))};
    import { parentPort } from "node:worker_threads";
    const port = await open(${JSON.stringify(program.program)}, { stderr: "ignore" });
    ${COMPUTE}
    parentPort.postMessage(port.stats().workers[0].pid);`;
  const { end, stdout, stderr } = await runHost(`
    import { Worker } from "node:worker_threads";
    const url = new URL("data:text/javascript," + encodeURIComponent(${JSON.stringify(inThread)}));
    const thread = new Worker(url);
    thread.once("message", async (pid) => {
      process.stdout.write(String(pid));
      await new Promise((resolve) => setTimeout(resolve, 200));
      await thread.terminate();
    });`);
  expect({ end, stderr }).toEqual({ end: 0, stderr: "" });
  await gone(Number(stdout));
});

test("80 opens and closes, each with a box and a death: no descriptor and no process is left", {
  timeout: 120_000,
}, async () => {
  const once = async (n: number) => {
    const port = await program.open();
    await outcome(port.call(n % 2 === 0 ? "segfault" : "exit", n % 2 === 0 ? [] : [1]));
    expect(await port.call("add", [n, 1])).toBe(n + 1);
    await port.close();
  };
  await once(1);
  const before = descriptors();
  for (let i = 0; i < 10; i += 1) await Promise.all(Array.from({ length: 8 }, (_, n) => once(n)));
  expect(children()).toEqual([]);
  await until(() => descriptors() <= before);
});
