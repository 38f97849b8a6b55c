import { expect, test } from "vitest";
import { atom, Codec, tuple } from "../../codec/index.ts";
import { HandshakeError, ProtocolError } from "../../src/errors.ts";
import { Conversation, exact, framed, turn } from "./memory.ts";

const atoms = (object: Record<string, unknown>) =>
  new Map(Object.entries(object).map(([key, value]) => [atom(key), value]));
const NOT_TEXT = Uint8Array.from([0xff]);

test("hello, ready and failed", () => {
  const talk = new Conversation();
  talk.say(tuple(atom("hello"), atoms({ protocol: 1, name: Buffer.from("x"), max_frame: 4096 })));
  talk.say(tuple(atom("ready"), atoms({})));
  talk.say(
    tuple(atom("failed"), atoms({ message: Buffer.from("no database") })),
    tuple(atom("failed"), atoms({})),
  );
  expect(talk.told.events).toEqual([
    ["hello", expect.objectContaining({ name: "x", maxFrameBytes: 4096 })],
    ["ready"],
    ["failed", "no database"],
    ["failed", "no reason given"],
  ]);
  expect(() => talk.call(["x".repeat(5000)])).toThrow(/over the program's limit of 4096/);
});

test("a hello that does not fit, or holds nonsense, breaks the conversation at once", () => {
  const say = (...terms: unknown[]) => {
    const talk = new Conversation();
    talk.say(...terms);
    return talk.told.error;
  };
  expect(say(tuple(atom("hello"), atoms({ protocol: 9 })))).toBeInstanceOf(HandshakeError);
  expect(say(tuple(atom("hello")))).toBeInstanceOf(ProtocolError);
  expect(say(tuple(atom("hello"), atoms({ protocol: 1, name: NOT_TEXT })))).toMatchObject({
    code: "ETF_UTF8",
  });
});

test("event, log and progress", () => {
  const talk = new Conversation();
  const call = talk.call();
  talk.say(
    tuple(atom("event"), Buffer.from("topic"), [1, atom("nil")]),
    tuple(atom("event"), atom("topic"), 2),
    tuple(atom("log"), atom("warn"), Buffer.from("target"), Buffer.from("text"), atoms({ call: 5 })),
    tuple(atom("progress"), call.id, 50),
    tuple(atom("progress"), 99, 51),
  );
  expect(talk.told.events).toEqual([
    ["event", "topic", [1, null]],
    ["event", "topic", 2],
    ["log", { level: "warn", target: "target", message: "text", fields: { call: 5 } }],
  ]);
  expect(call.steps).toEqual([50]);
  expect(call.outcomes).toEqual([]);
});

test("a span", () => {
  const talk = new Conversation();
  const trace = Buffer.from("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  const [id, parent] = ["00000000000000aa", "b7ad6b7169203331"].map((text) => Buffer.from(text));
  const name = Buffer.from("sum");
  const times = { start: 1_790_000_000_000_000_001n, end: 1_790_000_000_000_000_002n };
  const span = {
    trace,
    id,
    parent,
    name,
    target: name,
    level: atom("info"),
    ...times,
    fields: atoms({ size: 3 }),
  };
  talk.say(tuple(atom("span"), atoms(span)), tuple(atom("span"), atoms({ ...span, end: 0.5 })));
  expect(talk.told.events).toEqual([
    ["span", expect.objectContaining({ name: "sum", level: "info", ...times, fields: { size: 3 } })],
    ["log", expect.objectContaining({ message: expect.stringContaining("{span, …}") })],
  ]);
});

test("a ping is answered with its own term; a pong, an unknown word and more elements than known are ignored", async () => {
  const talk = new Conversation();
  const term = ["any", atom("term"), 2 ** 40];
  talk.say(
    tuple(atom("ping"), term),
    tuple(atom("pong"), 1),
    tuple(atom("teleport"), 1, 2, 3),
    atom("fnord"),
    tuple(atom("event"), Buffer.from("later"), 1, "an element of a later version"),
  );
  await turn();
  expect(talk.io.messages).toEqual([tuple(atom("pong"), exact.decode(exact.encode(term)))]);
  expect(talk.told.events).toEqual([["event", "later", 1]]);
});

test("words come in any of the four forms of an atom", () => {
  for (const head of [
    [119, 5],
    [118, 0, 5],
    [115, 5],
    [100, 0, 5],
  ]) {
    const talk = new Conversation();
    talk.say(Buffer.concat([Buffer.from([131, 104, 2, ...head]), Buffer.from("ready"), Buffer.from([106])]));
    expect(talk.told.events).toEqual([["ready"]]);
  }
});

test("malformed messages are dropped, with one warning, and the calls go on", () => {
  const talk = new Conversation();
  const call = talk.call();
  talk.say(
    tuple(atom("log"), atom("info")),
    tuple(atom("event"), Buffer.from("raw bytes"), NOT_TEXT),
    tuple(atom("event")),
    tuple(atom("progress"), call.id, NOT_TEXT),
    tuple(atom("ping")),
    tuple(atom("cancel")),
    tuple(atom("call")),
  );
  talk.reply(call, "fine");
  expect(call.outcomes).toEqual(["fine"]);
  expect(talk.told.error).toBeUndefined();
  expect(talk.channel.inbox.malformed).toBe(7);
  const logs = talk.told.events.filter(([name]) => name === "log");
  expect(logs).toEqual([
    [
      "log",
      expect.objectContaining({
        level: "warn",
        target: "portreeve",
        message: expect.stringMatching(/^dropped a malformed message \{log, …\} of the program/),
      }),
    ],
  ]);
});

test("a message in parts, with others between", () => {
  const talk = new Conversation();
  const call = talk.call();
  const bytes = Buffer.from(exact.encode(tuple(atom("reply"), call.id, "x".repeat(100))));
  const part = (at: number, end: number, ...last: unknown[]) =>
    talk.say(tuple(atom("part"), 1, bytes.subarray(at, end), ...last));
  part(0, 10);
  talk.say(tuple(atom("event"), Buffer.from("between"), 1));
  part(10, 20);
  expect(call.outcomes).toEqual([]);
  part(20, bytes.length, atom("last"));
  expect(call.outcomes).toEqual(["x".repeat(100)]);
  expect(talk.told.events[0]).toEqual(["event", "between", 1]);
});

test("parts over the limit, of something else than bytes, without a key, or in another part, break it", () => {
  const inner = exact.encode(tuple(atom("part"), 2, Buffer.from(exact.encode(atom("stop"))), atom("last")));
  const bad: unknown[][] = [
    [tuple(atom("part"), 1, Buffer.alloc(900)), tuple(atom("part"), 1, Buffer.alloc(900), atom("last"))],
    [tuple(atom("part"), 1, [1], atom("last"))],
    [tuple(atom("part"), 1)],
    [tuple(atom("part"), 1, Buffer.from(inner), atom("last"))],
    [tuple(atom("part"), 1, Buffer.from("no term"), atom("last"))],
  ];
  for (const terms of bad) {
    const talk = new Conversation({ maxFrameBytes: 1024 });
    talk.say(...terms);
    expect(talk.told.error).toBeInstanceOf(ProtocolError);
  }
});

test("what the program sees of a failure keeps the caller's view for data, and only for that", () => {
  const talk = new Conversation();
  const call = talk.call();
  const argument = atoms({
    index: 0,
    name: Buffer.from("values"),
    path: Buffer.from("[3]"),
    expected: Buffer.from("i64"),
    got: Buffer.from("a string"),
    later: 1,
  });
  const map = atoms({
    kind: atom("badarg"),
    message: Buffer.from("no"),
    argument,
    data: [1, atom("nil")],
    location: Buffer.from("src/x.rs:7"),
  });
  talk.say(tuple(atom("error"), call.id, map));
  expect(call.outcomes).toEqual([
    expect.objectContaining({
      code: "CALL_BADARG",
      message: "echo: no",
      function: "echo",
      argument: { index: 0, name: "values", path: "[3]", expected: "i64", got: "a string" },
      data: [1, null],
      location: "src/x.rs:7",
    }),
  ]);
});

test("every kind of error has its class and code", () => {
  const expected: Record<string, unknown> = {
    undef: { code: "CALL_UNDEF" },
    badarg: { code: "CALL_BADARG" },
    error: { code: "CALL_ERROR" },
    panic: { code: "CALL_PANIC" },
    stale: { code: "CALL_STALE" },
    timeout: { code: "CALL_TIMEOUT", name: "CallTimeoutError" },
    overloaded: { code: "CALL_OVERLOADED", name: "OverloadedError" },
    stopping: { code: "PORT_CLOSED", name: "PortClosedError" },
    cancelled: { name: "AbortError" },
    protocol: { code: "PORT_PROTOCOL", name: "ProtocolError" },
    teapot: { code: "PORT_PROTOCOL" },
  };
  for (const [kind, shape] of Object.entries(expected)) {
    const talk = new Conversation();
    const call = talk.call();
    talk.say(tuple(atom("error"), call.id, atoms({ kind: atom(kind), message: Buffer.from("why") })));
    expect(call.outcomes).toEqual([expect.objectContaining(shape as object)]);
    expect((call.outcomes[0] as Error).message).toBe("echo: why");
  }
  for (const map of [atoms({}), [1], atom("x")]) {
    const talk = new Conversation();
    const call = talk.call();
    talk.say(tuple(atom("error"), call.id, map));
    expect(call.outcomes).toEqual([expect.objectContaining({ code: "CALL_ERROR", message: "echo: error" })]);
  }
});

test("frames that are no terms break the conversation with offset and bytes", () => {
  const talk = new Conversation();
  talk.channel.receive(framed(Buffer.from("Starting up\n")));
  expect(talk.told.error?.message).toMatch(
    /no term \(131 is missing\), .*53 74 61 72 74 69 6e 67 20 75 70 0a; it reads as text: "Starting up\\n"/,
  );
  const other = new Conversation();
  other.say(Buffer.from(new Codec().encode([1, 2])));
  expect(other.told.error).toBeInstanceOf(ProtocolError);
});

/** Terms that are well-formed and over one of the limits. */
const OVER: readonly [string, Buffer][] = [
  ["a term nested 600 deep", nested(600)],
  ["a term nested a million deep", nested(1_000_000)],
  ["a large integer", Buffer.concat([Buffer.from([111, 0, 1, 0, 1, 0]), Buffer.alloc(65_537, 1)])],
  ["a long atom", Buffer.concat([Buffer.from([118, 4, 0]), Buffer.alloc(1024, 97)])],
];

function nested(depth: number): Buffer {
  return Buffer.concat([
    Buffer.from(new Uint8Array(depth * 5).map((_, i) => [108, 0, 0, 0, 1][i % 5] ?? 0)),
    Buffer.alloc(depth + 1, 106),
  ]);
}

/** A message of this word and these terms. */
function message(word: string, ...terms: readonly Buffer[]): Buffer {
  const name = Buffer.from(word);
  return Buffer.concat([Buffer.from([131, 104, 1 + terms.length, 119, name.length]), name, ...terms]);
}

function integer(id: number): Buffer {
  const bytes = Buffer.alloc(5, 98);
  bytes.writeInt32BE(id, 1);
  return bytes;
}

test.each(OVER)("%s costs only its own message", async (_, term) => {
  const talk = new Conversation({ maxFrameBytes: 16 << 20, handlers: { ask: () => 1 } });
  const [a, b, c] = [talk.call(), talk.call(), talk.call()];
  const list = Buffer.concat([Buffer.from([108, 0, 0, 0, 1]), term, Buffer.of(106)]);
  const atomOf = (name: string) => Buffer.concat([Buffer.from([119, name.length]), Buffer.from(name)]);
  const data = Buffer.concat([Buffer.from([116, 0, 0, 0, 1]), atomOf("data"), term]);
  talk.say(message("reply", integer(a.id), term));
  talk.say(message("error", integer(b.id), data));
  talk.say(message("event", atomOf("topic"), term));
  talk.say(message("call", integer(7), atomOf("ask"), list));
  talk.reply(c, "fine");
  await turn();
  expect(a.outcomes).toEqual([expect.objectContaining({ code: "ETF_LIMIT" })]);
  expect(b.outcomes).toEqual([expect.objectContaining({ code: "ETF_LIMIT" })]);
  expect(c.outcomes).toEqual(["fine"]);
  expect(talk.channel.inbox.malformed).toBe(1);
  expect(talk.told.error).toBeUndefined();
  const answer = (talk.io.messages as [unknown, unknown, Map<unknown, unknown>][]).find(
    ([word]) => word === atom("error"),
  );
  expect(answer?.[2].get(atom("kind"))).toBe(atom("badarg"));
});

test.each(["__proto__", "constructor"])("a program that says %s gets no more than its words", (word) => {
  const talk = new Conversation();
  const [odd, kind] = [talk.call(), talk.call()];
  const map = new Map<unknown, unknown>([
    [atom(word), atoms({ kind: atom("panic"), message: Buffer.from("in") })],
  ]);
  talk.say(tuple(atom("error"), odd.id, map));
  talk.say(tuple(atom("error"), kind.id, atoms({ kind: atom(word), message: Buffer.from("what") })));
  expect(odd.outcomes).toEqual([expect.objectContaining({ code: "CALL_ERROR" })]);
  expect(kind.outcomes).toEqual([expect.objectContaining({ name: "ProtocolError" })]);
  const hello = {
    protocol: 1,
    name: Buffer.from("x"),
    types: new Map([[word, atoms({ doc: Buffer.from("d") })]]),
  };
  talk.say(tuple(atom("hello"), atoms(hello)));
  expect(Object.keys(talk.channel.inbox.hello?.types ?? {})).toEqual([word]);
});
