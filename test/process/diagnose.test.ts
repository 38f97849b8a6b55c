/** Real files, one for each way in which a program does not start; the sentence must say which it was. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { machine, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takes } from "../../src/diagnose/binfmt.ts";
import { describeOpeningFailure, type OpeningFacts } from "../../src/diagnose/diagnose.ts";
import { parseExecutable } from "../../src/diagnose/executable.ts";
import { gatherFacts } from "../../src/diagnose/facts.ts";
import { SpawnError } from "../../src/errors.ts";
import { fixture } from "../fixtures/fixture.ts";
import { record } from "./recorder.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-diagnose-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Writes an executable file. */
function program(name: string, content: string | Uint8Array, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** The message with which a start is refused. */
async function refusal(path: string, options: Parameters<typeof record>[1] = {}): Promise<string> {
  const error = await record(path, options).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(SpawnError);
  expect(error).toMatchObject({ code: "PORT_SPAWN", path });
  return (error as SpawnError).message;
}

/** What is said of a program once `moment` has come: it ended, or it does not go on. */
async function opening(path: string, moment: string, more: Partial<OpeningFacts> = {}): Promise<string> {
  await using run = await record(path);
  if (more.sent !== undefined) run.child.write(more.sent);
  await run.recorder.until(moment);
  const { reason, stdoutBytes: stdout, stderrText: stderr, order } = run.recorder;
  const stdoutEnded = order.includes("stdoutEnded");
  const facts = await gatherFacts(path, {});
  return describeOpeningFailure({
    program: facts,
    reason,
    stdout,
    stdoutEnded,
    sent: HELLO,
    stderr,
    ...more,
  });
}

const HELLO = Buffer.from([0, 0, 0, 6, 131, 104, 2, 119, 0, 106]);

test("a program that does not exist: with what lies near it", async () => {
  mkdirSync(join(folder, "bin"));
  program("bin/compute", "");
  program("bin/compare", "");
  program("bin/zebra", "");
  const path = join(folder, "bin/compute_");
  expect(await refusal(path)).toBe(
    `cannot start ${path}: no such file; in ${folder}/bin there is: compute, compare, zebra`,
  );
  const far = join(folder, "bin/a/b");
  expect(await refusal(far)).toContain(`no such file; the nearest folder that exists is ${folder}/bin: `);
  mkdirSync(join(folder, "empty"));
  expect(await refusal(join(folder, "empty/x"))).toContain(`the folder ${folder}/empty is empty`);
});

test("a directory, or a path through a file", async () => {
  expect(await refusal(folder)).toBe(`cannot start ${folder}: it is a directory`);
  const file = program("file", "x");
  expect(await refusal(join(file, "more"))).toContain("a part of the path is a file, not a folder (ENOTDIR)");
});

test("not executable: with its mode", async () => {
  expect(await refusal(program("data", "#!/bin/sh\n", 0o640))).toMatch(
    /: it is not executable \(mode 0640\): chmod \+x it$/,
  );
});

test("an empty file is run by sh, which ends at once", async () => {
  expect(await opening(program("nothing", ""), "closed")).toContain(
    "exited with code 0 before it said hello: the file is empty",
  );
});

test.skipIf(process.platform !== "linux")("an ELF program for another machine", async () => {
  const other = machine() === "s390x" ? ([62, "x86_64"] as const) : ([22, "s390x"] as const);
  const bytes = readFileSync("/bin/true");
  new DataView(bytes.buffer, bytes.byteOffset).setUint16(18, other[0], bytes[5] === 1);
  expect(await refusal(program("foreign", bytes))).toContain(
    `it is an ELF program for ${other[1]}; this machine is Linux on ${machine()}. Build it for this one`,
  );
});

test("an emulator that is registered takes what begins as it says, and nothing else", () => {
  const handler =
    "enabled\ninterpreter /usr/bin/qemu-aarch64\nflags: POF\noffset 2\nmagic 4c4600b7\nmask ffff00fe\n";
  const head = Buffer.from("7f454c4699b6", "hex");
  expect(takes(handler, "/program", head)).toBe(true);
  expect(takes(handler, "/program", Buffer.from("7f454c46993e", "hex"))).toBe(false);
  expect(takes(handler, "/program", head.subarray(0, 5))).toBe(false);
  expect(takes(handler.replace("enabled", "disabled"), "/program", head)).toBe(false);
  expect(takes("enabled\ninterpreter /usr/bin/wine\nextension .exe\n", "/a.exe", head)).toBe(true);
  expect(takes("", "/program", head)).toBe(false);
});

test.skipIf(process.platform !== "linux")("a program for macOS or Windows", async () => {
  const mach = Buffer.alloc(64);
  mach.writeUInt32LE(0xfeedfacf, 0);
  mach.writeUInt32LE(0x0100000c, 4);
  expect(await refusal(program("mac", mach))).toContain(
    "it is a Mach-O program (macOS) for arm64; this machine is Linux on",
  );
  const pe = Buffer.alloc(256);
  pe.write("MZ");
  pe.writeUInt32LE(128, 60);
  pe.write("PE\0\0", 128);
  pe.writeUInt16LE(0x8664, 132);
  expect(await refusal(program("win.exe", pe))).toContain(
    "it is a PE program (Windows) for x86_64; this machine is Linux on",
  );
});

test.skipIf(process.platform !== "linux")("an ELF program whose loader is missing", async () => {
  const bytes = readFileSync("/bin/true");
  const kind = parseExecutable(bytes);
  if (kind.kind !== "elf" || kind.interpreter === undefined) throw new Error("/bin/true is a static program");
  const { offset, length } = kind.interpreter;
  bytes.fill(0, offset, offset + length).write("/lib/ld-musl-none.so.1", offset);
  expect(await refusal(program("musl", bytes))).toMatch(
    /it needs the loader \/lib\/ld-musl-none\.so\.1, which does not exist here \(it was linked against musl/,
  );
});

test.skipIf(process.platform !== "linux")("a program that lacks a shared library", async () => {
  writeFileSync(join(folder, "gone.c"), "int gone(void) { return 0; }");
  writeFileSync(join(folder, "main.c"), "int gone(void); int main(void) { return gone(); }");
  const library = join(folder, "libportreeve_gone.so");
  const path = join(folder, "linked");
  execFileSync("cc", ["-shared", "-fPIC", "-o", library, join(folder, "gone.c")]);
  execFileSync("cc", ["-o", path, join(folder, "main.c"), library]);
  rmSync(library);
  const message = await opening(path, "closed");
  expect(message).toContain(
    `${path} (mode 0755) exited with code 127 before it said hello: it lacks the shared library `,
  );
  expect(message).toContain("libportreeve_gone.so");
  expect(message).toContain("its stderr:\n    ");
});

test("a script whose interpreter is missing, or whose first line ends in CRLF", async () => {
  expect(await refusal(program("bad.sh", "#! /opt/none/bash -e\n"))).toContain(
    "its first line asks for the interpreter /opt/none/bash, which does not exist",
  );
  expect(await refusal(program("crlf.sh", "#!/bin/sh\r\nexit 0\r\n"))).toContain(
    "its first line ends in a carriage return (CRLF)",
  );
});

test("a script without a first line that names its interpreter", async () => {
  const message = await opening(program("plain", "exit 4\n"), "closed");
  expect(message).toContain(
    "exited with code 4 before it said hello: it is text without a #! line, so /bin/sh ran it as a script",
  );
});

test("bytes that no system knows", async () => {
  expect(await opening(program("noise", Buffer.from([1, 2, 3, 0, 10])), "closed")).toContain(
    "before it said hello: it is no program that the system knows",
  );
});

test("a program that is being written", async () => {
  const path = join(folder, "busy");
  copyFileSync("/bin/true", path);
  chmodSync(path, 0o755);
  const fd = openSync(path, "r+");
  expect(await refusal(path)).toContain(
    "the file is open for writing (is a build still running?) (ETXTBSY, mode 0755)",
  );
  closeSync(fd);
});

test("a working directory or a wrapping command that is not there", async () => {
  expect(await refusal("/bin/cat", { cwd: "/none" })).toBe(
    "cannot start /bin/cat: its working directory /none is not a directory that exists",
  );
  expect(await refusal("/bin/cat", { wrap: ["no-such-gdb", "--args"] })).toContain(
    "the command that should wrap it, no-such-gdb, cannot be run (ENOENT)",
  );
});

test("arguments that the system does not take: one that is too long, or all together", async () => {
  expect(await refusal("/bin/cat", { args: ["short", "x".repeat(131_072)] })).toContain(
    "argument 2 has 131072 bytes, and the system takes 131071 at most for one (E2BIG)",
  );
  expect(await refusal("/bin/cat", { env: { LONG: "x".repeat(1 << 18) } })).toContain(
    "the variable LONG has 262149 bytes, and the system takes 131071 at most for one (E2BIG)",
  );
  const many = Array.from({ length: 100 }, () => "x".repeat(131_071));
  expect(await refusal("/bin/cat", { args: many })).toContain(
    "its arguments and environment are too long together (E2BIG",
  );
});

test("it exits at once: with its code and its stderr, or without a word", async () => {
  const path = fixture("exits-at-once.sh");
  expect(await opening(path, "closed")).toBe(
    `${path} (mode 0755) exited with code 3 before it said hello; its stderr:\n    no configuration found`,
  );
  expect(await opening(fixture("exits-in-silence.sh"), "closed")).toContain(
    "exited with code 0 before it said hello: it is no port program, or its main does not call portreeve::run(); its stderr is empty",
  );
});

test("it is killed before its hello", async () => {
  expect(await opening(program("segv.sh", "#!/bin/sh\nkill -SEGV $$\n"), "closed")).toContain(
    "was killed by SIGSEGV before it said hello",
  );
});

test("it never says hello", async () => {
  const path = program("talks.sh", "#!/bin/sh\necho here >&2\nexec cat >/dev/null\n");
  expect(await opening(path, "stderr", { waited: 250 })).toContain(
    "did not say hello within 250 ms: it writes nothing to stdout. Is it a port program?; its stderr:\n    here",
  );
});

test("it closes its stdout and lives on", async () => {
  expect(await opening(fixture("closes-stdout.sh"), "stdoutEnded")).toContain(
    "closed its stdout before it said hello, and runs on",
  );
});

test("it prints text", async () => {
  expect(await opening(fixture("prints-text.sh"), "data")).toContain(
    'does not speak in frames: at byte 0 of its stdout came 53 74 61 72 74 69 6e 67 20 75 70 2c 20 70 6c 65 …, the text "Starting up, please wait\\n": something prints to stdout',
  );
});

test("it is cat", async () => {
  expect(await opening("/bin/cat", "data", { sent: HELLO })).toContain(
    "sends back what it is sent, as cat does: it is no port program",
  );
});

test("it ends in the middle of a frame", async () => {
  expect(await opening(fixture("half-frame.sh"), "closed")).toContain(
    "exited with code 0 before it said hello, after 6 bytes of an unfinished frame",
  );
});

test("it speaks something else than text or frames", async () => {
  const path = program("binary.sh", "#!/bin/sh\nprintf '\\377\\376\\000\\001'\nexec cat >/dev/null\n");
  const message = await opening(path, "data");
  expect(message).toContain("does not speak in frames: at byte 0 of its stdout came ff fe 00 01;");
  expect(message).not.toContain("the text");
});
