/**
 * The two limits, both against the raw echo program: frames without promises (what the pipe gives), and frames that are
 * built and read by hand with one promise a call (what Node gives on top).
 */

import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { type Contender, withPromises } from "./contender.ts";

/** `{call, Id, sum, [[1,2,3]]}` as {packet,4}; the Id's 32 bits begin at byte 14. */
const CALL = Buffer.from(
  "0000001f8368047704" + "63616c6c" + "6200000000" + "770373756d" + "6c000000016b00030102036a",
  "hex",
);
const ID_AT = 14;

interface Pipes {
  readonly child: ChildProcess;
  readonly stdin: Writable;
  readonly stdout: Readable;
}

function start(program: string): Pipes {
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  return { child, stdin: child.stdin, stdout: child.stdout };
}

function end({ child, stdin }: Pipes): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    stdin.end();
  });
}

/** Frames in, frames out, nobody waits for a particular one. */
export function rawEcho(program: string): Contender {
  const pipes = start(program);
  const run = (count: number, width: number) =>
    new Promise<void>((resolve) => {
      let sent = 0;
      let bytes = 0;
      const batch = Buffer.concat(Array.from({ length: width }, () => CALL));
      const send = (frames: number) => {
        sent += frames;
        pipes.stdin.write(batch.subarray(0, frames * CALL.length));
      };
      const onData = (chunk: Buffer) => {
        const before = Math.floor(bytes / CALL.length);
        bytes += chunk.length;
        const back = Math.floor(bytes / CALL.length);
        if (back === count) {
          pipes.stdout.off("data", onData);
          resolve();
        } else if (back > before && sent < count) send(Math.min(back - before, count - sent));
      };
      pipes.stdout.on("data", onData);
      send(Math.min(width, count));
    });
  return {
    name: "raw echo",
    oneAfterTheOther: (count) => run(count, 1),
    inFlight: run,
    close: () => end(pipes),
  };
}

/** The least that a call can be in Node: its frame, its Id, its promise, one write a tick. */
export function byHand(program: string): Contender {
  const pipes = start(program);
  const waiting: ((value: number) => void)[] = [];
  const free = Array.from({ length: 65_536 }, (_, i) => 65_535 - i);
  const output = Buffer.alloc(1 << 20);
  const view = new DataView(output.buffer, output.byteOffset);
  let position = 0;
  let rest: Buffer = Buffer.alloc(0);
  const flush = () => {
    pipes.stdin.write(Buffer.from(output.subarray(0, position)));
    position = 0;
  };
  pipes.stdout.on("data", (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (; at + CALL.length <= bytes.length; at += CALL.length) {
      const id = bytes.readInt32BE(at + ID_AT);
      free.push(id);
      waiting[id]?.(bytes[at + CALL.length - 2] ?? 0);
    }
    rest = bytes.subarray(at);
  });
  const call = () =>
    new Promise<number>((resolve) => {
      const id = free.pop() ?? 0;
      waiting[id] = resolve;
      if (position === 0) process.nextTick(flush);
      output.set(CALL, position);
      view.setInt32(position + ID_AT, id);
      position += CALL.length;
    });
  return withPromises("frames by hand", call, () => end(pipes));
}
