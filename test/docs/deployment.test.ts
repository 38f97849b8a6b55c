/** The code of docs/deployment.md: the order of the end, systemd, and what a process that is frozen loses. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";
import { Output } from "./output.ts";
import { Project } from "./project.ts";
import { countBlocks, snippetsOf } from "./snippets.ts";

const PAGE = "docs/deployment.md";
const run = promisify(execFile);
const snippets = snippetsOf(PAGE);
let project: Project;

beforeAll(async () => {
  project = new Project(snippets);
  project.link(await computeProgram(), "compute");
  project.write("frozen.ts", FROZEN);
  await project.compile(["sigterm.ts", "watchdog.ts", "frozen.ts"]);
}, BUILD_TIMEOUT);

afterAll(() => project.remove());

test("no block of TypeScript is left out", () => {
  expect(countBlocks(PAGE, "ts")).toBe(snippets.filter(({ language }) => language === "ts").length);
});

/** Requests that are all under way. */
function requests(url: string, count: number): Promise<string>[] {
  return Array.from({ length: count }, async () => (await fetch(url)).text());
}

test.each([
  ["the host alone", 1],
  ["all processes", -1],
])("SIGTERM to %s in the middle of requests: each has its answer, then all is down", async (_to, sign) => {
  const host = project.start("sigterm.ts", { PORT: "0" });
  const output = new Output(host);
  const [, port] = await output.until(/ready on (\d+)/);
  const url = `http://127.0.0.1:${port}/`;
  expect((await fetch(`${url}health`)).status).toBe(200);

  const before = requests(url, 20);
  await Promise.race(before);
  const under = requests(url, 20);
  process.kill(sign * (host.pid ?? Number.NaN), "SIGTERM");
  const health = async () => (await fetch(`${url}health`)).status;
  await expect.poll(health, { interval: 20 }).toBe(503);
  const late = requests(url, 5); // the balancer has not noticed yet
  expect(new Set(await Promise.all([...before, ...under, ...late]))).toEqual(new Set(["done\n"]));
  expect(await output.end).toMatch(/all is down\n$/);
  expect(host.exitCode).toBe(0);
});

test("the watchdog says ready, gives signs of life, and says that it stops", async () => {
  project.write(
    "bin/systemd-notify",
    `#!/bin/sh\necho "$@" >> ${JSON.stringify(project.folder)}/said\n`,
    0o755,
  );
  const PATH = `${join(project.folder, "bin")}:${process.env.PATH}`;
  const host = project.start("watchdog.ts", { PATH, WATCHDOG_USEC: "300000" });
  const ended = once(host, "exit");
  const file = join(project.folder, "said");
  const said = () => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []);
  await expect.poll(() => said().length, { timeout: 20_000 }).toBeGreaterThan(3);
  host.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  expect(said()[0]).toBe("READY=1");
  expect(new Set(said().slice(1))).toEqual(new Set(["WATCHDOG=1", "STOPPING=1"]));
});

/** Whether this machine has a command. */
async function has(command: string): Promise<boolean> {
  return run(command, ["--version"]).then(
    () => true,
    () => false,
  );
}

test.skipIf(!(await has("systemd-analyze")))("systemd has nothing to say against the unit", async () => {
  const unit = snippets.find(({ name }) => name === "app.service")?.code ?? "";
  const verify = async (text: string) => {
    project.write("app.service", text.replace("/usr/bin/node", process.execPath));
    return run("systemd-analyze", ["verify", "--man=no", join(project.folder, "app.service")]);
  };
  expect(await verify(unit)).toEqual({ stdout: "", stderr: "" });
  expect((await verify(unit.replace("OOMPolicy", "OOMPolitics"))).stderr).toContain("OOMPolitics");
});

/** Its heartbeat is quicker than the time for which it is frozen, and leaves a busy machine time. */
const FROZEN = `
import { open } from "portreeve";

const port = await open("./compute", { workers: 2, heartbeat: { interval: 100, timeout: 800 } });
port.on("exit", ({ reason }) => console.log(reason));
const slow = port.call("sleep", [100]);
// Nothing else keeps Node alive once that is answered.
const alive = setInterval(() => {}, 1000);
process.once("SIGUSR1", async () => {
  console.log(await slow, await port.call("sum", [[1, 2]]), port.stats().restarts);
  await port.close();
  clearInterval(alive);
});
console.log("ready");
`;

test("host and workers that are frozen and continued together lose nothing", async () => {
  const host = project.start("frozen.ts");
  const output = new Output(host);
  await output.until(/ready/);
  const group = -(host.pid ?? Number.NaN);
  process.kill(group, "SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 1000)); // the time for which it is frozen
  process.kill(group, "SIGCONT");
  process.kill(host.pid ?? Number.NaN, "SIGUSR1");
  expect(await output.end).toBe("ready\nnull 3 0\nexited with code 0\nexited with code 0\n");
});
