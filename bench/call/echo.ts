/**
 * The two limits: frames without promises against the raw echo program (what the pipe gives), and calls that are made by
 * hand on both sides, with one promise each (what Node and the work itself give on top).
 */

import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { HandMade } from "../compare/contenders/hand.ts";
import { type Contender, withPromises } from "./contender.ts";

/** `{call, Id, sum, [[1,2,3]]}` as {packet,4}. */
const CALL = Buffer.from(
  "0000001f8368047704" + "63616c6c" + "6200000000" + "770373756d" + "6c000000016b00030102036a",
  "hex",
);

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

/** The least that a call can be, see there. */
export function byHand(program: string): Contender {
  const hand = new HandMade(program);
  const call = async () => {
    const sum = await hand.sum([1, 2, 3]);
    if (sum !== 6) throw new Error(`sum gave ${String(sum)}`);
  };
  return withPromises("call by hand", call, () => hand.program.stop());
}
