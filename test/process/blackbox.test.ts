import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { BlackBox } from "../../src/process/blackbox.ts";
import { namedFile } from "../../src/process/blackbox-file.ts";
import { record } from "./recorder.ts";

/** 8 slots and 2 threads, with 64 KiB of replies for each thread. */
const threadsAt = 64 + 4 * 8;
const crashAt = threadsAt + 2 * 64;
const repliesAt = crashAt + 1024;
const total = repliesAt + 2 * 65_536;
const idOf = (generation: number, slot: number) => (generation << 16) | slot;

function makeBox(form: "fd" | "path" = "fd"): BlackBox {
  const box = BlackBox.create(8, 2, form);
  if (box === undefined) throw new Error("there is no place for a box");
  return box;
}

test("a file without a name, for this user alone, every byte of it written", () => {
  const box = makeBox();
  const stats = fstatSync(box.fd);
  expect({ size: stats.size, mode: stats.mode & 0o777, nlink: stats.nlink }).toEqual({
    size: total,
    mode: 0o600,
    nlink: 0,
  });
  expect(stats.blocks * 512).toBeGreaterThanOrEqual(total);
  expect(readdirSync("/dev/shm").filter((name) => name.startsWith(`portreeve-${process.pid}-`))).toEqual([]);
  expect(box.isAttached).toBe(false);
  expect(box.read()).toMatchObject({ running: [], crash: undefined, replies: [] });
  expect(box.stateOf(idOf(1, 0))).toBe("never");
  box.close();
});

test("a file with a name, for this user alone in a folder for this user alone, gone when it is closed", () => {
  const box = makeBox("path");
  const path = box.name.slice("path:".length);
  expect(box.inherited).toEqual([]);
  expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(statSync(path).size).toBe(total);
  box.close();
  expect(existsSync(dirname(path))).toBe(false);
});

test("what a dead host left is taken away, and nothing else", () => {
  const temporary = mkdtempSync(join(tmpdir(), "portreeve-sweep-"));
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  const names = [
    `portreeve-${dead}-${"0".repeat(16)}`,
    `portreeve-${process.pid}-${"0".repeat(16)}`,
    `other-${dead}`,
  ];
  for (const name of names) mkdirSync(join(temporary, name));
  namedFile(Buffer.from("x"), temporary)?.close();
  expect(readdirSync(temporary).sort()).toEqual(names.slice(1).sort());
  rmSync(temporary, { recursive: true });
});

test("slots are a power of two", () => {
  const box = BlackBox.create(5, 2);
  expect(fstatSync(box?.fd ?? -1).size).toBe(total);
  box?.close();
});

/** Writes as the program would, through the descriptor, and dies of SIGKILL. */
const WRITER = `
const fs = require("node:fs");
const [form, ...name] = process.env.PORTREEVE_BOX.split(":");
const fd = form === "path" ? fs.openSync(name.join(":"), "r+") : Number(name[0]);
if (form === "fd" && fs.fstatSync(fd).ino !== Number(name[1])) process.exit(2);
const bytes = Buffer.alloc(24);
fs.readSync(fd, bytes, 0, 24, 0);
if (bytes.toString("latin1", 0, 8) !== "PRBX0001" || bytes.readUInt32LE(8) !== 8 || bytes.readUInt32LE(12) !== 2 || bytes.readUInt32LE(16) !== 65536) process.exit(1);
const u32 = (at, value) => { const b = Buffer.alloc(4); b.writeUInt32LE(value); fs.writeSync(fd, b, 0, 4, at); };
const u64 = (at, value) => { const b = Buffer.alloc(8); b.writeBigUInt64LE(value); fs.writeSync(fd, b, 0, 8, at); };
u32(20, 1); u64(24, 41n); u64(32, 0x5000n);
u32(64 + 4 * 0, 7 << 2 | 1); u32(64 + 4 * 1, 7 << 2 | 2); u32(64 + 4 * 2, 6 << 2 | 2);
u32(${threadsAt} + 64, 7 << 16 | 0); u32(${threadsAt} + 64 + 8, 10); u32(${threadsAt} + 64 + 12, 4);
fs.writeSync(fd, "xxxxanswer", ${repliesAt} + 65536);
u32(${crashAt} + 4, 11); u32(${crashAt} + 8, 1); u32(${crashAt} + 12, 1); u64(${crashAt} + 16, 0x10n); u64(${crashAt} + 24, 0x5123n);
u32(${crashAt} + 32, 2); u64(${crashAt} + 40, 0x5200n); u64(${crashAt} + 48, 0x5040n); u32(${crashAt}, 1);
u32(${crashAt} + 552, 9); fs.writeSync(fd, "panicked!more", ${crashAt} + 556);
process.kill(process.pid, "SIGKILL");`;

test.each(["fd", "path"] as const)("what a program wrote is there after SIGKILL (%s)", async (form) => {
  const box = makeBox(form);
  await using run = await record(process.execPath, {
    args: ["-e", WRITER],
    fds: box.inherited,
    env: { PORTREEVE_BOX: box.name },
  });
  await run.recorder.until("closed");
  expect(run.recorder.reason).toEqual({ exitCode: null, signal: "SIGKILL" });
  expect({ tick: box.tick, attached: box.isAttached }).toEqual({ tick: 41n, attached: true });
  const reading = box.read();
  for (const place of [box, reading]) {
    expect([0, 1, 2, 3].map((slot) => place.stateOf(idOf(7, slot)))).toEqual([
      "begun",
      "finished",
      "never",
      "never",
    ]);
  }
  expect(reading.running).toEqual([idOf(7, 0)]);
  expect(reading.replies.map((bytes) => Buffer.from(bytes).toString())).toEqual(["answer"]);
  expect(reading.crash).toEqual({
    signal: 11,
    code: 1,
    isStuck: false,
    isStackOverflow: false,
    address: 0x10n,
    pc: 0x123n,
    backtrace: [0x200n, 0x40n],
    id: idOf(7, 0),
    words: "panicked!",
  });
  box.close();
});

test("while the program lives: which calls run, and the question after one of them", () => {
  const box = makeBox();
  const word = Buffer.alloc(4);
  word.writeInt32LE(idOf(3, 5));
  writeSync(box.fd, word, 0, 4, threadsAt + 64);
  expect(box.running).toEqual([idOf(3, 5)]);
  const header = Buffer.alloc(64);
  readSync(box.fd, header, 0, 64, 0);
  box.ask(idOf(0x7fff, 5));
  header.writeUInt32LE(idOf(0x7fff, 5), 44);
  const after = Buffer.alloc(64);
  readSync(box.fd, after, 0, 64, 0);
  expect(after).toEqual(header);
  writeSync(box.fd, Buffer.from([2, 0, 0, 0]), 0, 4, crashAt);
  expect(box.read().crash).toMatchObject({ isStuck: true });
  box.close();
});

test("the descriptor of a box goes to its own program alone", async () => {
  const box = makeBox();
  const link = readlinkSync(`/proc/self/fd/${box.fd}`);
  await using other = await record("/bin/ls", { args: ["-l", "/proc/self/fd"] });
  await other.recorder.until("closed");
  expect(other.recorder.stdout).not.toContain(link);
  closeSync(box.fd);
});

test.each([
  [65_537, 0],
  [0xffffffff, 0xfffffff0],
  [3, 9],
  [5, 5],
])("replies from %i to %i make no sense, and are none", async (published, flushed) => {
  const box = makeBox();
  const words = Buffer.alloc(8);
  words.writeUInt32LE(published, 0);
  words.writeUInt32LE(flushed, 4);
  writeSync(box.fd, words, 0, 8, threadsAt + 8);
  const crash = Buffer.alloc(36);
  crash.writeUInt32LE(1, 0);
  crash.writeUInt32LE(0xffffffff, 12);
  crash.writeUInt32LE(0xffffffff, 32);
  writeSync(box.fd, crash, 0, 36, crashAt);
  const reading = box.read();
  expect(reading.replies).toEqual([]);
  expect(reading.crash).toMatchObject({ id: 0 });
  expect(reading.crash?.backtrace.length).toBe(64);
  box.close();
});
