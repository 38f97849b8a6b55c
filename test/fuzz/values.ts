/**
 * Values with behaviour against the writer: getters, Proxies, `toTerm()`, subclasses, detached and resizable buffers, other
 * realms, a second copy of the codec. Either an error with a path comes out and the writer is as it was, or bytes that are
 * whole: one term, nothing of what lay in the buffer before, the same as for a plain value that means the same. And the
 * codec writes the next plain value as a fresh one does.
 */
import * as own from "../../codec/index.ts";
import { target, writeCall } from "../../src/wire/envelope.ts";
import { Output } from "../../src/wire/output.ts";
import { Thrown } from "./acts.ts";
import { foreignRealm, secondCopy, thisRealm } from "./elsewhere.ts";
import type { Block, FuzzKind } from "./kind.ts";
import { Maker, type Sources } from "./makers.ts";
import type { Random } from "./random.ts";

const { Codec, EtfError, Writer } = own;

let sources: Promise<Sources> | undefined;

export const values: FuzzKind = {
  name: "values",
  about: "values with behaviour against the writer: an error with a path, or one whole term and nothing else",
  bounded: 30_000,
  blockSize: 200,
  async begin(random) {
    sources ??= allSources();
    return new Values(await sources, random);
  },
};

async function allSources(): Promise<Sources> {
  return { here: thisRealm(), there: foreignRealm(), own, other: await secondCopy() };
}

/** What is in a buffer before: no value has two of them in a row, though a length can be one. */
const STALE = 0xee;
const TWO_STALE = Buffer.of(STALE, STALE);
const OPTIONS: readonly own.CodecOptions[] = [
  {},
  { exact: true },
  { deterministic: true },
  { codegen: false },
  { keys: "atom" },
  { bytes: "binary", deterministic: true },
];
const exact = new Codec({ exact: true });
const TO = target("f");
const PROBES: readonly unknown[] = [
  { a: 1 },
  { a: [1, "x"], b: { a: null } },
  [new Map([["a", 1]]), own.tuple(own.atom("ok"), Uint8Array.of(1, 2))],
  [[1, 2, 3], { k1: 1, k2: 2.5, k3: true, k4: "text" }],
];

/** Codecs that every block may use: they have written nothing but probes and twins. */
const judges = OPTIONS.map((options) => new Codec({ ...options, codegen: false }));
const expected = judges.map((judge) => PROBES.map((probe) => hex(judge.encode(probe))));

/** The cases that share a codec, a writer and an output. */
class Values implements Block {
  readonly #sources: Sources;
  readonly #which: number;
  readonly #codec: own.Codec;
  readonly #writer: own.Writer;
  readonly #output = new Output();
  #active: own.Writer;

  constructor(sources: Sources, random: Random) {
    this.#sources = sources;
    this.#which = random.below(OPTIONS.length);
    this.#codec = new Codec(OPTIONS[this.#which]) as own.Codec;
    this.#writer = new Writer(random.pick([0, 64, 4096]));
    this.#active = this.#writer;
  }

  run(random: Random): void {
    const maker = new Maker(random, this.#sources, this.#codec, () => this.#misuse());
    const { value, twin } = maker.any(3);
    const bytes = random.oneIn(4) ? this.#frame(value, random) : this.#term(value, random);
    if (bytes === undefined) {
      if (!maker.isRefused && !maker.isActive) throw new Error("a value that can be written was refused");
    } else {
      if (maker.isRefused && !maker.isActive)
        throw new Error(`a value that cannot be written was: ${hex(bytes)}`);
      checkTerm(bytes);
      if (!maker.isActive) this.#compare(bytes, twin);
    }
    this.#probe(random.below(PROBES.length));
  }

  /** By the codec's own writer. Undefined: it was refused, as it has to be. */
  #term(value: unknown, random: Random): Uint8Array | undefined {
    const writer = this.#writer;
    this.#active = writer;
    writer.position = random.below(5);
    writer.maxBytes = random.oneIn(20) ? 200 : 2 ** 32;
    writer.buffer.fill(STALE, writer.position);
    const { position } = writer;
    try {
      this.#codec.writeTerm(writer, value);
    } catch (error) {
      checkError(error);
      if (writer.position !== position || writer.busy) throw new Error("the writer is not as it was before");
      // Over its limit, a value is refused that could be written.
      return writer.maxBytes === 200 ? this.#unlimited(value) : undefined;
    }
    return writer.buffer.slice(position, writer.position);
  }

  #unlimited(value: unknown): Uint8Array | undefined {
    try {
      return this.#codec.encode(value).subarray(1);
    } catch (error) {
      checkError(error);
      return undefined;
    }
  }

  /** As a call's argument in a frame. */
  #frame(value: unknown, random: Random): Uint8Array | undefined {
    const output = this.#output;
    this.#active = output;
    output.buffer.fill(STALE, output.position);
    const timeout = random.below(2) * 500;
    try {
      writeCall(output, this.#codec, TO, [value], timeout, 1e6);
    } catch (error) {
      checkError(error);
      if (output.isOpen || output.pendingBytes > 0)
        throw new Error("an output that was given up is not as before");
      return undefined;
    }
    const frame = Buffer.concat(output.take());
    output.reclaim();
    if (frame.readUInt32BE(0) !== frame.length - 4)
      throw new Error(`a frame's length is wrong: ${hex(frame)}`);
    const end = own.skipTerm(frame, 5, frame.length);
    if (end !== frame.length) throw new Error(`a frame with more than a call in it: ${hex(frame)}`);
    return argument(frame);
  }

  /** What user code could do to a writer that is being written. */
  #misuse(): void {
    this.#codec.writeTerm(this.#active, ["misused"]);
  }

  #compare(bytes: Uint8Array, twin: unknown): void {
    const right = (judges[this.#which] as own.Codec).encode(twin).subarray(1);
    if (Buffer.compare(bytes, right) === 0) return;
    // A list of small integers that toTerm() gives is no STRING_EXT, and the same list.
    const [found, wanted] = [bytes, right].map((one) =>
      own.inspect(exact.readTerm(one, 0, one.length), "~w"),
    );
    if (found !== wanted) throw new Error(`written as\n${found}\nand not\n${wanted}`);
  }

  #probe(which: number): void {
    const found = hex(this.#codec.encode(PROBES[which]));
    const right = expected[this.#which]?.[which];
    if (found !== right)
      throw new Error(`afterwards a plain value is written as\n${found}\nand not\n${right}`);
  }
}

/** The one argument of a call: `{call, Id, f, [Argument]}`, with options behind it. */
function argument(frame: Uint8Array): Uint8Array | undefined {
  let at = 7;
  for (let i = 0; i < 3; i++) at = own.skipTerm(frame, at, frame.length);
  const end = own.skipTerm(frame, at, frame.length);
  // A list of one byte is a string, which has no element of its own to compare.
  if (frame[at] === 107) return Uint8Array.of(97, frame[at + 3] ?? 0);
  return frame.subarray(at + 5, end - 1);
}

function checkError(error: unknown): void {
  if (error instanceof Thrown) return;
  if (error instanceof EtfError && typeof error.path === "string") return;
  if (error instanceof Error && "code" in error && error.code === "CALL_BADARG") return;
  throw new Error("neither an error of the codec with a path nor what the value threw", { cause: error });
}

function checkTerm(bytes: Uint8Array): void {
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(TWO_STALE))
    throw new Error(`bytes that were in the buffer before: ${hex(bytes)}`);
  try {
    exact.readTerm(bytes, 0, bytes.length);
  } catch (cause) {
    throw new Error(`what was written is no term: ${hex(bytes)}`, { cause });
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}
