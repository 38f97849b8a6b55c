import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { HandshakeError, type OpenOptions, open, SpawnError } from "../../src/index.ts";
import { fixture } from "../fixtures/fixture.ts";
import { children, openFixture, rejection } from "./ports.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-open-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

afterEach(() => {
  expect(children(), "a process was left running").toEqual([]);
});

function program(name: string, content: string | Uint8Array, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const refused = (path: string, options: OpenOptions = {}) =>
  rejection(open(path, { stderr: "ignore", startTimeout: 20_000, ...options }));

test("a program that cannot be started: a SpawnError with its path and what is wrong with it", async () => {
  const notExecutable = program("not-executable", "x", 0o640);
  const foreign = Buffer.alloc(64);
  foreign.writeUInt32LE(0xfeedfacf, 0);
  const cases: [string, RegExp][] = [
    [join(folder, "missing"), /cannot start .*missing: no such file/],
    [folder, /it is a directory/],
    [notExecutable, /it is not executable \(mode 0640\): chmod \+x it/],
    [
      program("no-interpreter", "#! /opt/none/sh\n"),
      /asks for the interpreter \/opt\/none\/sh, which does not exist/,
    ],
    [program("for-macos", foreign), /it is a Mach-O program \(macOS\)/],
  ];
  for (const [path, said] of cases) {
    const error = await refused(path);
    expect(error).toBeInstanceOf(SpawnError);
    expect(error).toMatchObject({ code: "PORT_SPAWN", path });
    expect(error.message).toMatch(said);
  }
});

test("a program that ends before its hello: at once, with how it ended and its stderr", async () => {
  const path = fixture("exits-at-once.sh");
  const error = await refused(path);
  expect(error).toBeInstanceOf(HandshakeError);
  expect(error).toMatchObject({ code: "PORT_HANDSHAKE", stderr: "no configuration found\n" });
  expect(error.message).toMatch(/\(mode 0755\) exited with code 3 before it said hello/);
  expect(error.message).toContain(`${path} (mode`);
  expect(error.message).toContain("no configuration found");
  expect((await refused(fixture("exits-in-silence.sh"))).message).toMatch(
    /exited with code 0 before it said hello.*its main does not call portreeve::run\(\); its stderr is empty/,
  );
  expect((await refused("/bin/false")).message).toMatch(/exited with code 1/);
});

test("a program that says nothing is given up after startTimeout", async () => {
  const error = await refused(fixture("says-nothing.sh"), { startTimeout: 150 });
  expect(error).toBeInstanceOf(HandshakeError);
  expect(error.message).toMatch(
    /did not say hello within 150 ms: it writes nothing to stdout. Is it a port program\?/,
  );
});

test("a program that is slow to say hello, or slow in its on_start, is waited for", async () => {
  await using slow = await openFixture("slow-start.mjs", { args: ["300"] });
  expect(await slow.call("echo", [1])).toBe(1);
  const late = await refused(fixture("slow-ready.mjs"), { args: ["60000"], startTimeout: 1500 });
  expect(late.message).toMatch(
    /said hello, but was not ready within 1500 ms \(startTimeout\); its on_start takes too long/,
  );
  await slow.close();
});

test("another protocol version, cat, text, half a frame, a closed stdout: it says which", async () => {
  const said = async (path: string) => {
    const error = await refused(path);
    expect(error).toBeInstanceOf(HandshakeError);
    expect(error.message).toContain(path);
    return error.message;
  };
  expect(await said(fixture("wrong-protocol.mjs"))).toMatch(
    /speaks protocol version 99, this portreeve speaks version 1/,
  );
  expect(await said("/bin/cat")).toMatch(/sends back what it is sent, as cat does/);
  expect(await said(fixture("prints-text.sh"))).toMatch(
    /does not speak in frames: .*"Starting up, please wait/,
  );
  expect(await said(fixture("half-frame.sh"))).toMatch(
    /exited with code 0 before it said hello, after 6 bytes of an unfinished frame/,
  );
  expect(await said(fixture("closes-stdout.sh"))).toMatch(
    /closed its stdout before it said hello, and runs on/,
  );
});

test("on_start that fails: the program's own words", async () => {
  const error = await refused(fixture("fails-on-start.mjs"));
  expect(error).toBeInstanceOf(HandshakeError);
  expect(error.message).toMatch(/fails-on-start.mjs could not start: no database at db.example/);
});

test("a program that says ready and is dead: it does not count as started", async () => {
  const head = "printf '\\000\\000\\000\\033\\203h\\002w\\005hellot\\000\\000\\000\\001w\\010protocola\\001'";
  const ready = "printf '\\000\\000\\000\\017\\203h\\002w\\005readyt\\000\\000\\000\\000'";
  const path = program("ready-and-dead.sh", `#!/bin/sh\n${head}\n${ready}\nexit 9\n`);
  for (let i = 0; i < 20; i += 1) {
    // Either it is seen dead in time, or the port opens and learns of the death: it never hangs.
    const port = await open(path, { stderr: "ignore", maxRestarts: 0 }).catch((error: unknown) => error);
    if (port instanceof HandshakeError) expect(port.message).toMatch(/exited with code 9/);
    else await (port as Awaited<ReturnType<typeof open>>).close();
  }
});

test("a start that cannot be encoded is refused with its path", async () => {
  const error = await refused(fixture("well-behaved.mjs"), { start: { db: { port: Number.NaN } } });
  expect(error).toMatchObject({ code: "ETF_UNSUPPORTED" });
  expect(error.message).toMatch(/^start: db\.port: /);
});

test("one of several workers that cannot start: none is left running", async () => {
  const lock = join(folder, "lock");
  const path = program(
    "only-one.sh",
    `#!/bin/sh\nmkdir ${lock} 2>/dev/null || exit 5\nexec ${fixture("well-behaved.mjs")}\n`,
  );
  const error = await refused(path, { workers: 3 });
  expect(error.message).toMatch(/exited with code 5/);
});

test("wrong options are refused before anything is started", async () => {
  await expect(open(fixture("well-behaved.mjs"), { workers: 0 })).rejects.toThrow(/^workers must be/);
  await expect(open("", {})).rejects.toThrow(TypeError);
});

test("args, env, cwd, name, start and a file: URL", async () => {
  const port = await open(new URL("../fixtures/well-behaved.mjs", import.meta.url), {
    stderr: "ignore",
    args: ["--flag", "two words"],
    env: { PORTREEVE_TEST: "set" },
    cwd: "/usr",
    name: "mine",
    start: ["a term", [1, 2]],
    shutdown: 1000,
  });
  expect(await port.call("argv")).toEqual(["--flag", "two words"]);
  expect(await port.call("env", ["PORTREEVE_TEST"])).toBe("set");
  expect(await port.call("cwd")).toBe("/usr");
  expect(port.name).toBe("mine");
  expect(await port.call("started")).toEqual(["a term", [1, 2]]);
  expect(port.functions.find(({ name }) => name === "sum")).toMatchObject({
    name: "sum",
    doc: "Adds up a list.",
    args: [{ name: "values", type: ["list", "f64"] }],
    result: "f64",
    idempotent: true,
  });
  await port.close();
});
