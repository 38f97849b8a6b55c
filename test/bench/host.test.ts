import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Host } from "../../bench/compare/host/host.ts";
import { gone, stateOf } from "../process/recorder.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ENTRY = fileURLToPath(new URL("fixtures/host.mjs", import.meta.url));
const hosts: Host[] = [];

interface Pids {
  readonly host: number;
  readonly program: number;
}

/** Ticks of processor time. */
function spent(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function begin(): Host {
  const host = new Host("portreeve", { entry: ENTRY });
  hosts.push(host);
  return host;
}

/** The fixture answers every order alike. */
async function ask(host: Host): Promise<Pids> {
  return (await host.ask("start", { contender: "portreeve" })) as unknown as Pids;
}

/** fixtures/run.ts with what it imports, as JavaScript. */
function compiledRun(folder: string): string {
  const config = {
    extends: join(ROOT, "tsconfig.json"),
    compilerOptions: { rootDir: ROOT, outDir: folder, typeRoots: [join(ROOT, "node_modules/@types")] },
    include: [],
    files: [join(ROOT, "test/bench/fixtures/run.ts")],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  execFileSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder], { stdio: "inherit" });
  return join(folder, "test/bench/fixtures/run.js");
}

async function stopped({ host, program }: Pids): Promise<void> {
  await vi.waitFor(() => expect([stateOf(host), stateOf(program)]).toEqual(["T", "T"]));
}

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
});

describe.runIf(process.platform === "linux")("a host", () => {
  test("runs while it has an order: then it is stopped, with the program that it started", async () => {
    const host = begin();
    const pids = await ask(host);
    await stopped(pids);
    const before = spent(pids.program);
    expect(await ask(host)).toEqual(pids);
    await stopped(pids);
    const after = spent(pids.program);
    expect(after).toBeGreaterThanOrEqual(before);
    // Another host has its turn: the first one takes nothing from it.
    const other = begin();
    const others = await ask(other);
    await stopped(others);
    expect(spent(pids.program)).toBe(after);
    expect(stateOf(pids.program)).toBe("T");
  });

  test("ends although it is stopped, and its program with it", async () => {
    const host = begin();
    const pids = await ask(host);
    await stopped(pids);
    await host.stop();
    await Promise.all([gone(pids.host), gone(pids.program)]);
    await expect(ask(host)).rejects.toThrow("the host process ended");
  });

  test("does not outlive a run that is killed while it is stopped", async () => {
    const folder = mkdtempSync(join(tmpdir(), "portreeve-run-"));
    try {
      const node = spawn(process.execPath, [compiledRun(folder), ENTRY], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [line] = await once(createInterface(node.stdout), "line");
      const pids = JSON.parse(line) as Pids;
      await stopped(pids);
      node.kill("SIGKILL");
      await Promise.all([gone(pids.host), gone(pids.program)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
