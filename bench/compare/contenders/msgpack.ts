/**
 * MessagePack by msgpackr over stdin and stdout: frames behind their length, all of a turn of the event loop in one write.
 * Records, an extension of msgpackr's own, are off: other programs do not know it.
 */

import type { Packr as PackrType } from "msgpackr";
import { programPath } from "../programs.ts";
import { accidentsByCall, type BytesAs, jobsByCall } from "./by-call.ts";
import type { Running } from "./contender.ts";
import { frameReader } from "./frames.ts";
import { load } from "./packages.ts";
import { Pending } from "./pending.ts";
import { Spawned } from "./spawned.ts";

const BYTES: BytesAs = { toWire: (bytes) => bytes, fromWire: (value) => value as Uint8Array };

interface Answer {
  readonly id: number;
  readonly ok?: unknown;
  readonly error?: string;
}

export async function startMsgpack(): Promise<Running> {
  const { Packr } = await load<typeof import("msgpackr")>("msgpackr");
  const frames = new MsgpackFrames(new Packr({ useRecords: false }));
  const jobs = jobsByCall(frames.ask, BYTES);
  const accidents = accidentsByCall(frames.ask);
  await frames.ask("empty");
  return {
    job: (id) => jobs[id],
    accident: (id) => accidents[id],
    pids: () => frames.program.pids,
    stop: () => frames.program.stop(),
  };
}

class MsgpackFrames {
  readonly #packr: PackrType;
  readonly #pending = new Pending();
  readonly program: Spawned;
  #unsent: Buffer[] = [];

  constructor(packr: PackrType) {
    this.#packr = packr;
    this.program = new Spawned(
      programPath("msgpack"),
      () => [],
      ({ stdout }) => stdout.on("data", frameReader(this.#read)),
      (why) => this.#pending.rejectAll(why),
    );
  }

  readonly ask = (call: unknown) => this.#pending.call((id) => this.#send({ id, call }));

  #send(message: unknown): void {
    const body = this.#packr.pack(message);
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(body.length);
    if (this.#unsent.length === 0) process.nextTick(this.#flush);
    this.#unsent.push(length, body);
  }

  readonly #flush = () => {
    this.program.stdin.write(Buffer.concat(this.#unsent));
    this.#unsent = [];
  };

  readonly #read = (frame: Buffer) => {
    const { id, ok, error } = this.#packr.unpack(frame) as Answer;
    if (error === undefined) this.#pending.resolve(id, ok);
    else this.#pending.reject(id, error);
  };
}
