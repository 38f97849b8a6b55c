/** A program in memory: what a channel writes can be read here, and what the program would say is said by the test. */
import { atom, Codec, type CodecOptions, tuple } from "../../codec/index.ts";
import { Channel, type ChannelListener } from "../../src/wire/channel.ts";
import { type Target, target } from "../../src/wire/envelope.ts";
import type { Failure } from "../../src/wire/failure.ts";
import { FrameReader } from "../../src/wire/frame.ts";
import type { Outgoing } from "../../src/wire/outbox.ts";
import { type Frame, NO_SLAB } from "../../src/wire/output.ts";
import type { ChannelIo } from "../../src/wire/pipe-writer.ts";
import type { Handlers } from "../../src/wire/served.ts";

/** Sees atoms as atoms, and tuples as tuples: what was written is compared with what it says. */
export const exact = new Codec({ exact: true });

/** `{packet,4}` around one term, or around bytes that may be none. */
export function framed(term: unknown): Buffer {
  const body = term instanceof Uint8Array ? term : exact.encode(term);
  const frame = Buffer.alloc(4 + body.length);
  frame.writeUInt32BE(body.length);
  frame.set(body, 4);
  return frame;
}

/** The frames that bytes hold, each a copy. */
export function frames(bytes: Uint8Array): Buffer[] {
  const found: Buffer[] = [];
  const reader = new FrameReader(2 ** 31, (chunk, start, end) => {
    found.push(Buffer.from(chunk.subarray(start, end)));
  });
  reader.push(bytes);
  if (reader.isPartial) throw new Error("half a frame is left");
  return found;
}

/** A pipe without a process. */
export class MemoryIo implements ChannelIo {
  /** One entry a write. */
  readonly writes: Buffer[] = [];
  buffered = 0;
  /** Says that it is full, and keeps all that is written as unsent. */
  isFull = false;

  write(chunks: readonly Uint8Array[]): boolean {
    // Not copied before it is sent: what the channel overwrites too early would be seen.
    this.#unsent.push(...chunks);
    this.buffered = this.#unsent.reduce((sum, chunk) => sum + chunk.length, 0);
    if (this.isFull) return false;
    this.send();
    return true;
  }

  /** Whether the channel wants to read; told each time that it changes. */
  readonly reads: boolean[] = [];
  read(isWanted: boolean): void {
    this.reads.push(isWanted);
  }

  readonly #unsent: Uint8Array[] = [];

  /** Hands over to the kernel what waited. */
  send(): void {
    this.writes.push(Buffer.concat(this.#unsent.splice(0)));
    this.buffered = 0;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.writes);
  }

  /** All messages so far, in the exact view. */
  get messages(): unknown[] {
    return frames(this.bytes).map((frame) => exact.decode(frame));
  }
}

/** A listener that remembers. */
export class Told implements ChannelListener {
  readonly events: unknown[][] = [];
  error: Error | undefined;
  hello(hello: unknown): void {
    this.events.push(["hello", hello]);
  }
  ready(): void {
    this.events.push(["ready"]);
  }
  failed(message: string): void {
    this.events.push(["failed", message]);
  }
  event(topic: string, term: unknown): void {
    this.events.push(["event", topic, term]);
  }
  log(record: unknown): void {
    this.events.push(["log", record]);
  }
  span(span: unknown): void {
    this.events.push(["span", span]);
  }
  writable(): void {
    this.events.push(["writable"]);
  }
  answered(calls: number): void {
    this.events.push(["answered", calls]);
  }
  broken(error: Error): void {
    this.error = error;
    this.events.push(["broken"]);
  }
  names(): unknown[] {
    return this.events.map(([name]) => name);
  }
}

/** A call that remembers how it was settled, and how often. */
export class MemoryCall implements Outgoing {
  readonly name: string;
  slab = NO_SLAB;
  start = 0;
  end = 0;
  bytes = 0;
  id = 0;
  readonly outcomes: unknown[] = [];
  readonly steps: unknown[] = [];
  constructor(name: string, frame: Frame) {
    this.name = name;
    Object.assign(this, frame);
    frame.slab.live += 1;
  }
  get isSettled(): boolean {
    return this.outcomes.length > 0;
  }
  succeed(value: unknown): void {
    this.outcomes.push(value);
  }
  fail(failure: Failure): void {
    this.outcomes.push(failure.toError());
  }
  progress(term: unknown): void {
    this.steps.push(term);
  }
}

const ECHO = target("echo");

/** A channel between a test and a program that the test plays. */
export class Conversation {
  readonly io = new MemoryIo();
  readonly told: Told;
  readonly channel: Channel;

  constructor(
    options: {
      handlers?: Handlers;
      maxFrameBytes?: number;
      maxHeldBytes?: number;
      maxInFlight?: number;
      told?: Told;
      codec?: CodecOptions;
    } = {},
  ) {
    const { handlers = {}, maxFrameBytes = 1 << 20, maxInFlight = 16, told = new Told() } = options;
    const { maxHeldBytes = 4 * maxFrameBytes } = options;
    this.told = told;
    const limits = { maxFrameBytes, maxHeldBytes, maxInFlight };
    this.channel = new Channel(this.io, told, new Codec(options.codec ?? {}), handlers, limits);
  }

  call(args: readonly unknown[] = [], timeout = 0, to: Target = ECHO): MemoryCall {
    const call = new MemoryCall(to.name, this.channel.outbox.encode(to, args, timeout));
    this.channel.outbox.send(call);
    return call;
  }

  /** The program says this. */
  say(...terms: unknown[]): void {
    this.channel.receive(Buffer.concat(terms.map(framed)));
  }

  reply(call: MemoryCall, term: unknown): void {
    this.say(tuple(atom("reply"), call.id, term));
  }
}

/** All that was scheduled for the end of this turn is done. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
