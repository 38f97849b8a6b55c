/** What docs/deployment.md says of containers, in namespaces and a root of its own (container.sh). */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";
import { Output } from "./output.ts";
import { Project } from "./project.ts";
import { root, snippetsOf } from "./snippets.ts";

/** What a host sees in there, as JSON. */
const PROBE = `
import { statfsSync, writeFileSync } from "node:fs";
import { open } from "portreeve";

const workers = Number(process.argv[2]);
const free = () => statfsSync("/dev/shm").bavail * statfsSync("/dev/shm").bsize;
const before = free();
const port = await open("./compute", { workers, stderr: "ignore" });
const shm = (before - free()) / 1024;
const boxes = port.stats().workers.filter(({ hasBox }) => hasBox).length;
const error = await port.call("segfault").catch((error) => error);
const written = (() => {
  try {
    writeFileSync("/app/file", "");
  } catch (error) {
    return error.code;
  }
})();
const sum = await port.call("sum", [[1, 2]]);
await port.close();
const { pid } = process;
console.log(JSON.stringify({ pid, uid: process.getuid(), written, boxes, shm, signal: error.signal, culprit: error.culprit?.function, sum }));
`;

interface Place {
  readonly shm: string;
  readonly tmp?: "with" | "without";
}

let project: Project;
const empty = mkdtempSync(join(tmpdir(), "portreeve-root-"));

/** Root, and allowed to make namespaces: a container of an engine without privileges is not. */
function mayUnshare(): boolean {
  try {
    execFileSync("unshare", ["--mount", "--pid", "--fork", "true"], { stdio: "ignore" });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

function start(file: string, { shm, tmp = "without" }: Place, env: NodeJS.ProcessEnv = {}) {
  const script = join(root, "test", "docs", "container.sh");
  const place = [empty, project.folder, root, realpathSync(process.execPath), shm, tmp, "none"];
  const command = ["--mount", "--pid", "--fork", "--kill-child", script, ...place, ...file.split(" ")];
  return spawn("unshare", command, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
}

async function probe(workers: number, place: Place): Promise<unknown> {
  return JSON.parse(await new Output(start(`probe.js ${workers}`, place)).end);
}

beforeAll(async () => {
  project = new Project(snippetsOf("docs/deployment.md"));
  project.link(await computeProgram(), "compute");
  project.write("probe.js", PROBE);
  await project.compile(["sigterm.ts"]);
}, BUILD_TIMEOUT);

afterAll(() => {
  project.remove();
  rmSync(empty, { recursive: true });
});

const inside = { pid: 1, uid: 65_534, written: "EROFS", signal: "SIGSEGV", sum: 3 };

describe.skipIf(!mayUnshare())("in a container", () => {
  test("read-only, without rights, as process 1, with 64 MiB of /dev/shm and no /tmp: all works", async () => {
    // Of /dev/shm, in KiB: what the page says a black box takes.
    const shm = expect.toSatisfy((kib) => Math.abs(kib - 64 * availableParallelism() - 400) < 20);
    expect(await probe(1, { shm: "64m" })).toEqual({ ...inside, boxes: 1, shm, culprit: "segfault" });
  });

  test("a full /dev/shm: the other workers go without a black box", async () => {
    expect(await probe(8, { shm: "2m" })).toMatchObject({
      ...inside,
      boxes: expect.toSatisfy((n) => n > 0 && n < 8),
    });
  });

  test("no /dev/shm: the temporary folder is taken", async () => {
    const taken = { ...inside, boxes: 2, shm: 0, culprit: "segfault" };
    expect(await probe(2, { shm: "none", tmp: "with" })).toEqual(taken);
  });

  test("neither: no black box, and nobody knows the culprit", async () => {
    expect(await probe(2, { shm: "none" })).toEqual({ ...inside, boxes: 0, shm: 0 });
  });

  test("SIGTERM to process 1 in the middle of requests: each has its answer, then all is down", async () => {
    const engine = start("sigterm.js", { shm: "64m" }, { PORT: "0" });
    const output = new Output(engine);
    const [, port] = await output.until(/ready on (\d+)/);
    const answers = Array.from({ length: 10 }, async () => (await fetch(`http://127.0.0.1:${port}/`)).text());
    await Promise.race(answers);
    const children = readFileSync(`/proc/${engine.pid}/task/${engine.pid}/children`, "utf8");
    process.kill(Number(children.trim()), "SIGTERM");
    expect(new Set(await Promise.all(answers))).toEqual(new Set(["done\n"]));
    expect(await output.end).toMatch(/all is down\n$/);
    expect(engine.exitCode).toBe(0);
  });
});
