/** What the user says of reading holds for the protocol's own terms as for his: a port has one set of options. */
import { deflateSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { atom, type CodecOptions, tuple } from "../../codec/index.ts";
import { Conversation, exact, framed } from "./memory.ts";

const logged = (n: number) =>
  tuple(atom("log"), atom("warn"), Buffer.from("t"), Buffer.from("x"), { call: n, of: "a" });

/** Whether a function was made while a program logged again and again. */
function makesCode(codec: CodecOptions): boolean {
  const frames = Array.from({ length: 100 }, (_, n) => framed(logged(n)));
  const made = vi.spyOn(globalThis, "Function");
  try {
    const talk = new Conversation({ codec });
    for (const frame of frames) talk.channel.receive(frame);
    expect(talk.told.events.length).toBe(100);
    return made.mock.calls.length > 0;
  } finally {
    made.mockRestore();
  }
}

test("without generated code the messages of the protocol make none either", () => {
  expect(makesCode({ codegen: false })).toBe(false);
  expect(makesCode({ exact: true, codegen: false })).toBe(false);
  expect(makesCode({})).toBe(true);
});

test("an answer over maxDecodedBytes is its call's error, and the next one is answered", () => {
  const talk = new Conversation({ codec: { maxDecodedBytes: 100_000 } });
  const [first, second] = [talk.call(), talk.call()];
  talk.reply(
    first,
    Array.from({ length: 5000 }, () => []),
  );
  talk.reply(second, 1);
  expect(first.outcomes).toEqual([
    expect.objectContaining({ code: "ETF_LIMIT", message: expect.stringContaining("maxDecodedBytes") }),
  ]);
  expect(second.outcomes).toEqual([1]);
  expect(talk.told.error).toBeUndefined();
});

test("a log message over maxDecodedBytes is dropped, and told once", () => {
  const talk = new Conversation({ codec: { maxDecodedBytes: 100_000 } });
  const many = Array.from({ length: 5000 }, () => []);
  talk.say(tuple(atom("log"), atom("warn"), Buffer.from("t"), Buffer.from("x"), { many }), logged(1));
  expect(talk.channel.inbox.malformed).toBe(1);
  expect(talk.told.events.at(-1)).toEqual(["log", expect.objectContaining({ fields: { call: 1, of: "a" } })]);
});

test("a compressed message over maxInflatedBytes is not inflated", () => {
  const packed = (text: string) => {
    const term = Buffer.from(exact.encode(tuple(atom("event"), atom("t"), Buffer.from(text)))).subarray(1);
    const frame = Buffer.concat([Buffer.alloc(10), deflateSync(term)]);
    frame.writeUInt32BE(frame.length - 4);
    frame.set([131, 80], 4);
    frame.writeUInt32BE(term.length, 6);
    return frame;
  };
  const talk = new Conversation({ codec: { maxInflatedBytes: 1000 } });
  talk.channel.receive(packed("short"));
  expect(talk.told.events).toEqual([["event", "t", "short"]]);
  talk.channel.receive(packed("x".repeat(2000)));
  expect(talk.told.error).toMatchObject({ code: "ETF_LIMIT" });
});
