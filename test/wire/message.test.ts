import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { atom, Codec, tuple } from "../../codec/index.ts";
import { ProtocolError } from "../../src/errors.ts";
import {
  answerId,
  REPLY_TERM_AT,
  readAtom,
  readId,
  readMapEntries,
  readMessage,
  replyId,
} from "../../src/wire/message.ts";

const codec = new Codec();
const encode = (term: unknown) => Buffer.from(codec.encode(term));

/** The forms of erl_ext_dist in which an atom can come: SMALL_ATOM_UTF8, ATOM_UTF8, SMALL_ATOM, ATOM. */
const atomForms = (name: string): Buffer[] => {
  const utf8 = Buffer.from(name);
  const latin1 = Buffer.from(name, "latin1");
  return [
    Buffer.concat([Buffer.from([119, utf8.length]), utf8]),
    Buffer.concat([Buffer.from([118, 0, utf8.length]), utf8]),
    Buffer.concat([Buffer.from([115, latin1.length]), latin1]),
    Buffer.concat([Buffer.from([100, 0, latin1.length]), latin1]),
  ];
};

/** `{Word, 1, 2}` with the word in a given form. */
const message = (word: Buffer) =>
  Buffer.concat([Buffer.from([131, 104, 3]), word, Buffer.from([97, 1, 97, 2])]);

const compressed = (term: unknown) => {
  const plain = encode(term).subarray(1);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(plain.length);
  return Buffer.concat([Buffer.from([131, 80]), size, deflateSync(plain)]);
};

test("the word may be an atom of any of the four forms", () => {
  for (const form of atomForms("größe")) {
    expect(readAtom(form, 0, form.length)).toBe("größe");
    const bytes = message(form);
    const { word, at } = readMessage(bytes, 0, bytes.length);
    expect(word).toBe("größe");
    expect(at).toHaveLength(3);
  }
  expect(readAtom(encode("binary"), 1, 12)).toBeUndefined();
});

test("elements are found where they lie, in the middle of a chunk too", () => {
  const bytes = Buffer.concat([
    Buffer.from("before"),
    encode(tuple(atom("event"), "topic", [1, { a: 2 }])),
    Buffer.from([1, 2]),
  ]);
  const { word, at, bytes: same } = readMessage(bytes, 6, bytes.length - 2);
  expect(word).toBe("event");
  expect(same).toBe(bytes);
  const [topic = 0, term = 0, end = 0] = at;
  expect(codec.readTerm(bytes, topic, term)).toBe("topic");
  expect(codec.readTerm(bytes, term, end)).toEqual([1, { a: 2 }]);
  expect(end).toBe(bytes.length - 2);
});

test("a bare atom is a word without elements", () => {
  const bytes = encode(atom("stop"));
  expect(readMessage(bytes, 0, bytes.length)).toMatchObject({ word: "stop", at: [bytes.length] });
});

test("a compressed message is read", () => {
  const bytes = compressed(tuple(atom("log"), "x".repeat(1000)));
  const read = readMessage(bytes, 0, bytes.length);
  expect(read.word).toBe("log");
  expect(codec.readTerm(read.bytes, read.at[0] ?? 0, read.at[1] ?? 0)).toBe("x".repeat(1000));
});

test("what is no message is refused, with its first bytes", () => {
  const bad: [Buffer, RegExp][] = [
    [
      Buffer.from("Hello"),
      /no term \(131 is missing\), at byte 0 of 5: 48 65 6c 6c 6f; it reads as text: "Hello"/,
    ],
    [Buffer.concat([encode(atom("stop")), Buffer.from([0])]), /longer than its term, at byte \d+ of 8/],
    [encode(tuple("binary", 1)), /a tuple without a word in front/],
    [encode([atom("list")]), /a tuple without a word in front/],
    [encode(7), /a tuple without a word in front/],
    [encode(tuple()), /a tuple without a word in front/],
  ];
  for (const [bytes, said] of bad) {
    expect(() => readMessage(bytes, 0, bytes.length)).toThrow(ProtocolError);
    expect(() => readMessage(bytes, 0, bytes.length)).toThrow(said);
  }
});

test("every way to cut a message short is refused, and nothing behind its end is read", () => {
  const bytes = encode(tuple(atom("reply"), 70_000, { key: ["value", 1.5] }));
  for (let end = 0; end < bytes.length; end += 1) {
    expect(() => readMessage(bytes, 0, end)).toThrow(Error);
  }
});

test("hostile bytes end in an error of ours, never in another", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 60 }), fc.boolean(), (tail, isTuple) => {
      const bytes = Buffer.concat([Buffer.from(isTuple ? [131, 104] : [131]), tail]);
      try {
        readMessage(bytes, 0, bytes.length);
      } catch (error) {
        expect(["ProtocolError", "EtfError"]).toContain((error as Error).name);
      }
    }),
    { numRuns: 2000 },
  );
});

test("the usual reply is known by its first bytes, all others are not", () => {
  const id = (0x7fff << 16) | 5;
  const bytes = encode(tuple(atom("reply"), id, "value"));
  expect(replyId(bytes, 0, bytes.length)).toBe(id);
  expect(codec.readTerm(bytes, REPLY_TERM_AT, bytes.length)).toBe("value");
  const others = [
    encode(tuple(atom("reply"), 5, "small Id")),
    encode(tuple(atom("reply"), id, "value", 1)),
    encode(tuple(atom("error"), id, "value")),
    compressed(tuple(atom("reply"), id, "value")),
    bytes.subarray(0, REPLY_TERM_AT),
  ];
  for (const other of others) expect(replyId(other, 0, other.length)).toBe(-1);
});

test("the Id of any answer, written in any way", () => {
  for (const id of [0, 255, 65_536, (3 << 16) | 9]) {
    for (const bytes of [
      encode(tuple(atom("reply"), id, 1)),
      encode(tuple(atom("error"), id, {})),
      compressed(tuple(atom("reply"), id, "x".repeat(99))),
    ])
      expect(answerId(bytes, 0, bytes.length)).toBe(id);
  }
  const progress = encode(tuple(atom("progress"), 65_536, 1));
  expect(answerId(progress, 0, progress.length)).toBe(-1);
  const big = encode(2 ** 40);
  expect(readId(big, 1)).toBe(-1);
});

test("entries of a map with atoms as keys; other keys are passed over", () => {
  const bytes = encode(
    new Map<unknown, unknown>([
      [atom("kind"), atom("badarg")],
      ["text", 1],
      [atom("data"), [1]],
    ]),
  ).subarray(1);
  const entries = readMapEntries(bytes, 0, bytes.length);
  expect([...entries.keys()]).toEqual(["kind", "data"]);
  const [start = 0, end = 0] = entries.get("data") ?? [];
  expect(codec.readTerm(bytes, start, end)).toEqual([1]);
  expect(readMapEntries(encode([1]).subarray(1), 0, 5).size).toBe(0);
});
