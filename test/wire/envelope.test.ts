import { expect, test } from "vitest";
import { atom, Codec, EtfError, tuple } from "../../codec/index.ts";
import { CallError } from "../../src/errors.ts";
import {
  patchId,
  patchTimeout,
  target,
  writeAnswer,
  writeCall,
  writeCancel,
  writeCast,
} from "../../src/wire/envelope.ts";
import { Output } from "../../src/wire/output.ts";
import { exact, frames } from "./memory.ts";

const codec = new Codec();
const NO_LIMIT = Number.POSITIVE_INFINITY;

/** What was written, as the program's terms. */
const written = (output: Output) => frames(Buffer.concat(output.take())).map((frame) => exact.decode(frame));
const text = (value: string) => new TextEncoder().encode(value);

test("a call is {call, Id, Function, Args}, its Id filled in afterwards", () => {
  const output = new Output();
  for (const id of [1 << 16, 0x7fff0000 | 1023, 0]) {
    const frame = writeCall(output, codec, target("sum"), [[1, 2, 300]], 0, NO_LIMIT);
    patchId(frame.slab, frame.start, id);
    expect(written(output)).toEqual([tuple(atom("call"), id, atom("sum"), [[1, 2, 300]])]);
  }
});

test("a timeout is an option, in whole ms and at least 1, filled in again before it is sent", () => {
  const output = new Output();
  const write = (timeout: number) => writeCall(output, codec, target("f"), [], timeout, NO_LIMIT);
  const options = (ms: number) => [
    tuple(atom("call"), 0, atom("f"), [], exact.decode(codec.encode(new Map([[atom("timeout"), ms]])))),
  ];
  write(250);
  expect(written(output)).toEqual(options(250));
  write(0.2);
  expect(written(output)).toEqual(options(1));
  const frame = write(5000);
  patchTimeout(frame.slab, frame.end, 1234.5);
  expect(written(output)).toEqual(options(1235));
  patchTimeout(write(5000).slab, output.position, -7);
  expect(written(output)).toEqual(options(1));
  write(2 ** 31 + 5);
  expect(written(output)).toEqual(options(2 ** 31 - 1));
});

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

test("without timeout and trace a call has no options: byte for byte what it was", () => {
  const output = new Output();
  writeCall(output, codec, target("add"), [1, 2], 0, NO_LIMIT, undefined);
  expect(Buffer.concat(output.take()).toString("hex")).toBe(
    ["00000018", "83", "6804", "770463616c6c", "6200000000", "7703616464", "6b00020102"].join(""),
  );
});

test("a trace is an option beside the timeout, which stays the last", () => {
  const output = new Output();
  writeCall(output, codec, target("f"), [], 0, NO_LIMIT, TRACE);
  const timed = writeCall(output, codec, target("f"), [], 500, NO_LIMIT, TRACE);
  patchTimeout(timed.slab, timed.end, 77);
  const trace = [atom("trace"), text(TRACE)] as const;
  const call = (...options: (readonly [unknown, unknown])[]) =>
    tuple(atom("call"), 0, atom("f"), [], exact.decode(exact.encode(new Map(options))));
  expect(written(output)).toEqual([call(trace), call(trace, [atom("timeout"), 77])]);
});

test("a timeout stands behind large bytes, too", () => {
  const output = new Output();
  const large = new Uint8Array(40_000).fill(1);
  const frame = writeCall(output, codec, target("f"), [large], 500, NO_LIMIT);
  patchTimeout(frame.slab, frame.end, 77);
  patchId(frame.slab, frame.start, 99);
  const [call] = written(output) as [unknown[]];
  expect(call.slice(0, 3)).toEqual(tuple(atom("call"), 99, atom("f")));
  expect((call[3] as Uint8Array[])[0]).toHaveLength(40_000);
  expect((call[4] as Map<unknown, unknown>).get(atom("timeout"))).toBe(77);
});

test("a cast has no Id, and large bytes of casts and answers are copied", () => {
  const output = new Output();
  const large = new Uint8Array(40_000).fill(1);
  writeCast(output, codec, target("warm_up"), [large], NO_LIMIT);
  large.fill(2);
  const [cast] = written(output) as [unknown[]];
  expect(cast.slice(0, 2)).toEqual(tuple(atom("cast"), atom("warm_up")));
  expect(new Set((cast[2] as Uint8Array[])[0])).toEqual(new Set([1]));
  writeAnswer(output, codec, "reply", Uint8Array.of(97, 1), large, NO_LIMIT);
  large.fill(3);
  const [answer] = written(output) as [unknown[]];
  expect(answer.slice(0, 2)).toEqual(tuple(atom("reply"), 1));
  expect(new Set(answer[2] as Uint8Array)).toEqual(new Set([2]));
});

test("answers echo the Id as it came", () => {
  const output = new Output();
  const id = codec.encode(tuple("any", ["term"])).subarray(1);
  writeAnswer(output, codec, "reply", id, { a: 1 }, NO_LIMIT);
  writeAnswer(output, codec, "error", id, new Map([[atom("kind"), atom("undef")]]), NO_LIMIT);
  const said = exact.decode(codec.encode(tuple("any", ["term"])));
  expect(written(output)).toEqual([
    tuple(atom("reply"), said, exact.decode(codec.encode({ a: 1 }))),
    tuple(atom("error"), said, exact.decode(codec.encode(new Map([[atom("kind"), atom("undef")]])))),
  ]);
});

test("cancel", () => {
  const output = new Output();
  output.begin();
  writeCancel(output, 65_537);
  output.end();
  expect(written(output)).toEqual([tuple(atom("cancel"), 65_537)]);
});

test("names of functions may be any atom, and nothing else", () => {
  const output = new Output();
  for (const name of ["", "sum", "größe", "é".repeat(200), "漢".repeat(255)]) {
    writeCast(output, codec, target(name), [], NO_LIMIT);
    expect(written(output)).toEqual([tuple(atom("cast"), atom(name), [])]);
  }
  expect(() => target("x".repeat(256))).toThrow(EtfError);
  expect(() => target("\ud800")).toThrow(EtfError);
});

test("arguments that cannot be sent leave the output as it was, and say where they are", () => {
  const output = new Output();
  writeCast(output, codec, target("before"), [], NO_LIMIT);
  const bad = { claims: [1, { exp: Number.NaN }] };
  expect(() => writeCall(output, codec, target("sign"), [bad], 0, NO_LIMIT)).toThrow(
    expect.objectContaining({ code: "ETF_UNSUPPORTED", path: "[0].claims[1].exp" }),
  );
  writeCast(output, codec, target("behind"), [], NO_LIMIT);
  expect(written(output)).toEqual([
    tuple(atom("cast"), atom("before"), []),
    tuple(atom("cast"), atom("behind"), []),
  ]);
});

test("a message over the peer's limit is an error with size and limit; one of just that size is sent", () => {
  const output = new Output();
  const size = writeCall(output, codec, target("f"), ["x".repeat(100)], 0, NO_LIMIT).bytes - 4;
  output.take();
  writeCall(output, codec, target("f"), ["x".repeat(100)], 0, size);
  expect(written(output)).toHaveLength(1);
  const tooLarge = () => writeCall(output, codec, target("f"), ["x".repeat(101)], 0, size);
  const message = `f: the message takes ${size + 1} bytes, over the program's limit of ${size} (max_frame)`;
  expect(tooLarge).toThrow(CallError);
  expect(tooLarge).toThrow(expect.objectContaining({ code: "CALL_BADARG", function: "f", message }));
  expect(() => writeCall(output, codec, target("f"), [new Uint8Array(100_000)], 0, 1000)).toThrow(/over the/);
  expect(output.pendingBytes).toBe(0);
});
