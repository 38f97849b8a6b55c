/** Fake timers touch the host's code, not its ports: a process does not wait with them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { CallTimeoutError, type Port, PortExitError } from "../../src/index.ts";
import { fixture } from "../fixtures/fixture.ts";
import { built, runHost } from "../process/host.ts";
import { openFixture, pidOf, rejection } from "./ports.ts";

const EVERYTHING = [
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "setImmediate",
  "clearImmediate",
  "queueMicrotask",
  "performance",
  "Date",
] as const;

let port: Port | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await port?.close();
  port = undefined;
});

async function opened(): Promise<Port> {
  port = await openFixture("well-behaved.mjs", { maxRestarts: 100, cancelGrace: 30, shutdown: 100 });
  return port;
}

/** What a port does by timers and immediates. */
async function worksAsEver(port: Port): Promise<void> {
  const calls = Array.from({ length: 200 }, (_, i) => port.call("echo", [i]));
  expect(await Promise.all(calls)).toEqual([...calls.keys()]);
  const late = await rejection(port.call("sleep", [60_000], { timeout: 20 }));
  expect(late).toBeInstanceOf(CallTimeoutError);
  expect(await rejection(port.call("kill", ["SIGKILL"]))).toBeInstanceOf(PortExitError);
  // The second death in a row is restarted after a wait.
  expect(await rejection(port.call("exit", [3]))).toMatchObject({ exitCode: 3 });
  expect(await port.call("echo", ["again"])).toBe("again");
  const before = pidOf(port);
  const replaced = new Promise((resolve) => port.once("retire", resolve));
  expect(await rejection(port.call("busy", [60_000], { timeout: 20 }))).toBeInstanceOf(CallTimeoutError);
  await replaced;
  expect(await port.call("pid")).not.toBe(before);
}

test.each([
  ["vitest's choice of them", undefined],
  ["all of them", EVERYTHING],
])("fake timers, %s: before a port is opened, during its life, and after", async (_name, toFake) => {
  const fakes = toFake === undefined ? {} : { toFake: [...toFake] };
  const early = await opened();
  const under = early.call("sleep", [30]);
  const late = rejection(early.call("sleep", [60_000], { timeout: 30 }));
  vi.useFakeTimers(fakes);
  expect(await under).toBe("slept");
  expect(await late).toBeInstanceOf(CallTimeoutError);
  await worksAsEver(early);
  vi.useRealTimers();
  await worksAsEver(early);
  vi.useFakeTimers(fakes);
  await early.close();
  const second = await opened();
  await worksAsEver(second);
});

/** vitest itself needs process.nextTick: a host of its own has it replaced, as jest and sinon do. */
const HOST = `
  import { open } from ${JSON.stringify(built("src/index.js"))};
  const program = ${JSON.stringify(fixture("well-behaved.mjs"))};
  const [keepAlive, nextTick] = [setInterval(() => {}, 1000), process.nextTick];
  const said = [];
  const say = (value) => said.push(value);
  const rejection = (promise) => promise.then(() => "resolved", (error) => error);
  const options = { stderr: "ignore", maxRestarts: 100, cancelGrace: 30, shutdown: 100 };
  const text = "x".repeat(300_000);
  async function play(port) {
    const calls = Array.from({ length: 200 }, (_, i) => port.call("echo", [i]));
    const large = Array.from({ length: 8 }, () => port.call("echo", [text]));
    say((await Promise.all(calls)).length);
    say((await Promise.all(large)).every((answer) => answer === text));
    say((await rejection(port.call("sleep", [60_000], { timeout: 20 }))).code);
    say((await rejection(port.call("kill", ["SIGKILL"]))).signal);
    say((await rejection(port.call("exit", [3]))).exitCode);
    say(await port.call("echo", ["again"]));
    say(await port.call("stderr", ["line\\n".repeat(50_000)]));
  }
`;
const PLAYED = [200, true, "CALL_TIMEOUT", "SIGKILL", 3, "again", true];

test("a replaced process.nextTick: during a port's life, and after", async () => {
  const run = await runHost(`${HOST}
    const port = await open(program, options);
    const under = port.call("sleep", [50]);
    process.nextTick = () => {};
    await play(port);
    say(await under);
    const rest = port.call("sleep", [50]);
    process.nextTick = nextTick;
    say(await rest);
    await play(port);
    await port.close();
    console.log(JSON.stringify(said));
    clearInterval(keepAlive);`);
  expect(run).toMatchObject({ stderr: "", end: 0 });
  expect(JSON.parse(run.stdout)).toEqual([...PLAYED, "slept", "slept", ...PLAYED]);
});

test("a replaced process.nextTick: a port that is opened and closed meanwhile", async () => {
  const run = await runHost(`${HOST}
    process.nextTick = () => {};
    const port = await open(program, options);
    await play(port);
    await port.close();
    say((await rejection(open(program + ".missing"))).code);
    process.nextTick = nextTick;
    console.log(JSON.stringify(said));
    clearInterval(keepAlive);`);
  expect(run).toMatchObject({ stderr: "", end: 0 });
  expect(JSON.parse(run.stdout)).toEqual([...PLAYED, "PORT_SPAWN"]);
});

/** Calls of a global timer or clock, unless the name is imported. */
const BARE =
  /(?<![\w.#])(setTimeout|setInterval|setImmediate|clearTimeout|clearInterval|clearImmediate|queueMicrotask)\(|process\.(nextTick)\b|performance\.(now)\b|Date\.(now)\b/g;

test("no file of src/ takes a timer or a clock from the globals", () => {
  const src = fixture("../../src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const offending = files.filter((file) => file !== "timers.ts" && usesGlobals(join(src, file)));
  expect(offending).toEqual([]);
});

function usesGlobals(file: string): boolean {
  const text = readFileSync(file, "utf8").replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, "");
  const imported = /import \{([^}]*)\} from "[./]*\/timers\.ts"/.exec(text)?.[1] ?? "";
  const names = imported.split(",").map((name) => name.trim());
  return [...text.matchAll(BARE)].some(([, timer]) => timer === undefined || !names.includes(timer));
}
