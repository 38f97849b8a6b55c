import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { atom, Codec, EtfError, MAX_FRAME_BYTES, tuple } from "../../codec/index.ts";
import { CallError, ProtocolError } from "../../src/errors.ts";
import { target } from "../../src/wire/envelope.ts";
import { Output } from "../../src/wire/output.ts";
import { Conversation, exact, framed, MemoryCall, turn } from "./memory.ts";

const hostHello = {
  maxFrameBytes: 1 << 20,
  log: "info",
  handlers: [],
  threads: 1,
  limits: undefined,
  spans: false,
  start: undefined,
};

/** A reply in the compressed form, which takes the slow way. */
function compressed(term: unknown): Buffer {
  const plain = Buffer.from(exact.encode(term)).subarray(1);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(plain.length);
  return Buffer.concat([Buffer.from([131, 80]), size, deflateSync(plain)]);
}

/** Calls of the messages so far. */
const calls = (talk: Conversation) =>
  (talk.io.messages as unknown[][]).filter(([word]) => word === atom("call"));

test("the first call is written at once, the others of the turn together", async () => {
  const talk = new Conversation();
  talk.call([1]);
  expect(talk.io.writes).toHaveLength(1);
  talk.call([2]);
  talk.call([3]);
  expect(talk.io.writes).toHaveLength(1);
  await turn();
  expect(talk.io.writes).toHaveLength(2);
  expect(calls(talk).map((call) => call[3])).toEqual([[1], [2], [3]]);
});

test("each call gets the answer of its Id, in any order, and only once", () => {
  const talk = new Conversation();
  const [a, b, c] = [talk.call(), talk.call(), talk.call()];
  talk.reply(c, "c");
  talk.reply(a, "a");
  talk.reply(a, "once more");
  talk.say(
    tuple(
      atom("error"),
      b.id,
      new Map<unknown, unknown>([
        [atom("kind"), atom("error")],
        [atom("message"), new TextEncoder().encode("no")],
      ]),
    ),
  );
  expect(a.outcomes).toEqual(["a"]);
  expect(c.outcomes).toEqual(["c"]);
  expect(b.outcomes).toEqual([new CallError("CALL_ERROR", "echo: no", { function: "echo" })]);
  expect(talk.channel.inbox.strays).toBe(1);
  expect(talk.channel.pending.size).toBe(0);
  expect(talk.told.names()).toEqual(["answered", "answered", "answered"]);
});

test("answers cut anywhere, one byte at a time", () => {
  const talk = new Conversation();
  const made = [talk.call(), talk.call()];
  const bytes = Buffer.concat(made.map((call, i) => framed(tuple(atom("reply"), call.id, `answer ${i}`))));
  for (const byte of bytes) talk.channel.receive(Buffer.of(byte));
  expect(made.map((call) => call.outcomes)).toEqual([["answer 0"], ["answer 1"]]);
});

test("a compressed answer is an answer", () => {
  const talk = new Conversation();
  const call = talk.call();
  talk.say(compressed(tuple(atom("reply"), call.id, "x".repeat(500))));
  expect(call.outcomes).toEqual(["x".repeat(500)]);
});

test("an answer that the view cannot show fails its call, and the conversation goes on", () => {
  const notText = Buffer.from([0xff, 0xfe]);
  const asBinary = new Codec({ exact: true });
  for (const wrap of [(term: unknown) => term, compressed]) {
    const talk = new Conversation();
    const [bad, error, good] = [talk.call(), talk.call(), talk.call()];
    talk.say(wrap(tuple(atom("reply"), bad.id, [notText])));
    const map = new Map<unknown, unknown>([
      [atom("kind"), atom("error")],
      [atom("data"), notText],
    ]);
    talk.say(wrap(exact.decode(asBinary.encode(tuple(atom("error"), error.id, map)))));
    talk.reply(good, "good");
    expect(bad.outcomes).toEqual([expect.objectContaining({ code: "ETF_UTF8", path: "[0]" })]);
    expect(error.outcomes).toEqual([expect.any(EtfError)]);
    expect(good.outcomes).toEqual(["good"]);
    expect(talk.told.error).toBeUndefined();
    expect(talk.channel.pending.size).toBe(0);
  }
});

test("an answer without its value fails its call and not the worker", () => {
  const talk = new Conversation();
  const call = talk.call();
  talk.say(tuple(atom("reply"), call.id));
  expect(call.outcomes).toEqual([expect.any(ProtocolError)]);
  expect(talk.told.error).toBeUndefined();
});

test("an answer whose term is broken fails its call and breaks the conversation", () => {
  const talk = new Conversation();
  const [broken, other] = [talk.call(), talk.call()];
  const bytes = exact.encode(tuple(atom("reply"), broken.id, 1));
  talk.say(Buffer.from([...bytes.subarray(0, -2), 200]));
  expect(broken.outcomes).toHaveLength(1);
  expect(talk.told.error).toBeInstanceOf(EtfError);
  expect(talk.channel.close()).toEqual([other]);
});

test("after a bad frame nothing is read or written any more, and every unanswered call comes out of close once", async () => {
  const talk = new Conversation();
  const call = talk.call();
  talk.channel.receive(
    Buffer.concat([framed(Buffer.from("Hello")), framed(tuple(atom("reply"), call.id, 1))]),
  );
  expect(talk.told.names()).toEqual(["broken"]);
  talk.reply(call, 2);
  talk.channel.receive(framed(Buffer.from("again")));
  talk.channel.outbox.ping();
  await turn();
  expect(talk.told.names()).toEqual(["broken"]);
  expect(calls(talk)).toHaveLength(1);
  expect(talk.channel.close()).toEqual([call]);
  expect(call.outcomes).toEqual([]);
  expect(talk.channel.close()).toEqual([]);
});

test("a full pipe: calls wait, what is under way is kept, drained goes on", async () => {
  const talk = new Conversation();
  talk.io.isFull = true;
  talk.call(["first"]);
  expect(talk.channel.outbox.hasRoom).toBe(false);
  talk.channel.outbox.cancel(77);
  await turn();
  expect(talk.io.messages).toEqual([]);
  talk.io.isFull = false;
  talk.io.send();
  talk.channel.drained();
  expect(talk.channel.outbox.hasRoom).toBe(true);
  expect(talk.told.names()).toEqual(["writable"]);
  expect(talk.io.messages).toEqual([
    tuple(atom("call"), 65_536 | 0, atom("echo"), [exact.decode(new Codec().encode("first"))]).map(
      (part, i) => (i === 1 ? expect.any(Number) : part),
    ),
    tuple(atom("cancel"), 77),
  ]);
  talk.channel.drained();
  expect(talk.told.names()).toEqual(["writable"]);
});

test("after a turn that filled the batch, room is told though the pipe was never full", async () => {
  const talk = new Conversation();
  // Control messages fill it: they are never refused.
  const large = "x".repeat(1000);
  for (let i = 0; i < 300; i += 1) talk.say(tuple(atom("ping"), large));
  expect(talk.channel.outbox.hasRoom).toBe(false);
  await turn();
  expect(talk.channel.outbox.hasRoom).toBe(true);
  expect(talk.told.names()).toEqual(["writable"]);
});

test("no room when as many calls are unanswered as there may be", () => {
  const talk = new Conversation({ maxInFlight: 2 });
  const call = talk.call();
  talk.call();
  expect(talk.channel.outbox.hasRoom).toBe(false);
  talk.reply(call, 1);
  expect(talk.channel.outbox.hasRoom).toBe(true);
});

test("a cancelled call keeps its Id until its answer", () => {
  const talk = new Conversation({ maxInFlight: 1 });
  const call = talk.call();
  talk.channel.outbox.cancel(call.id);
  call.outcomes.push("given up");
  expect(talk.channel.outbox.hasRoom).toBe(false);
  expect(talk.channel.hasAwaited()).toBe(false);
  talk.say(tuple(atom("error"), call.id, new Map([[atom("kind"), atom("cancelled")]])));
  expect(talk.channel.outbox.hasRoom).toBe(true);
});

test("greet, ping, stop", async () => {
  const talk = new Conversation();
  talk.channel.outbox.greet(hostHello);
  talk.channel.outbox.ping();
  talk.channel.outbox.stop();
  await turn();
  expect(
    (talk.io.messages as unknown[][]).map((message) => (Array.isArray(message) ? message[0] : message)),
  ).toEqual([atom("hello"), atom("ping"), atom("stop")]);
});

test("a hello that is larger than what a program takes throws, and leaves nothing half written", async () => {
  const talk = new Conversation();
  const start = Buffer.alloc(MAX_FRAME_BYTES);
  start.writeUInt8(109);
  start.writeUInt32BE(start.length - 5, 1);
  expect(() => talk.channel.outbox.greet({ ...hostHello, start })).toThrow(EtfError);
  talk.channel.outbox.ping();
  await turn();
  expect(talk.io.messages).toEqual([tuple(atom("ping"), null)]);
});

test("a call that lies elsewhere is forwarded with its own bytes", () => {
  const talk = new Conversation();
  const other = new Conversation();
  const store = new Output();
  const codec = new Codec();
  store.begin();
  codec.writeTerm(store, "something before");
  store.end();
  store.store();
  const call = new MemoryCall("echo", other.channel.outbox.encode(target("echo"), ["moved"], 0));
  talk.channel.outbox.forward(call);
  expect(calls(talk)).toEqual([
    tuple(atom("call"), call.id, atom("echo"), [new TextEncoder().encode("moved")]),
  ]);
  talk.reply(call, "done");
  expect(call.outcomes).toEqual(["done"]);
  expect(call.slab.live).toBe(0);
});

test("a message that is sent while another is encoded: a call is refused, a cancel goes behind it", async () => {
  const talk = new Conversation();
  let refused: unknown;
  const nested = {
    toTerm() {
      talk.channel.outbox.cancel(5);
      try {
        talk.call(["inner"]);
      } catch (error) {
        refused = error;
      }
      return "outer";
    },
  };
  talk.call([nested]);
  await turn();
  expect(refused).toMatchObject({ code: "ETF_REENTRANT" });
  expect((talk.io.messages as unknown[][]).map(([word]) => word)).toEqual([atom("call"), atom("cancel")]);
  // Also on the way to an error, where the arguments are walked once more to name the path.
  const bad = {
    toTerm: () => {
      talk.channel.outbox.cancel(6);
      return [nested.toTerm(), Number.NaN];
    },
  };
  expect(() => talk.call([bad])).toThrow(expect.objectContaining({ code: "ETF_UNSUPPORTED" }));
  await turn();
  const words = (talk.io.messages as unknown[][]).map(([word]) => word);
  expect(new Set(words.slice(1))).toEqual(new Set([atom("cancel")]));
});

test("messages that a listener sends while frames come in are written whole", async () => {
  const talk = new Conversation();
  // As a listener of "event" that casts: more than a slab holds, none of it held by a call.
  talk.told.event = () => {
    for (let i = 0; i < 200; i += 1) talk.channel.outbox.cast(target("log"), ["x".repeat(999), i]);
  };
  talk.say(tuple(atom("event"), "go", 1));
  const other = new Conversation();
  for (let i = 0; i < 100; i += 1) other.channel.outbox.cast(target("other"), ["y".repeat(2000)]);
  await turn();
  const casts = talk.io.messages as [unknown, unknown, [Uint8Array, number]][];
  expect(casts.map(([, , [, i]]) => i)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  expect(casts.every(([, , [text]]) => text.every((byte) => byte === 0x78))).toBe(true);
});

test("memory of casts is reused though the program never says a word", async () => {
  const talk = new Conversation();
  const slabs = new Set<object>();
  for (let i = 0; i < 400; i += 1) {
    for (let j = 0; j < 10; j += 1) talk.channel.outbox.cast(target("log"), ["x".repeat(1000)]);
    slabs.add(talk.channel.outbox.output.slab);
    await turn();
  }
  expect(slabs.size).toBeLessThan(20);
});

test("answers that a dead program had ready are taken, those that it had not finished are not", () => {
  const talk = new Conversation();
  const [done, running, unreadable] = [talk.call(), talk.call(), talk.call()];
  const replies = [
    framed(tuple(atom("reply"), done.id, "done")),
    framed(tuple(atom("reply"), running.id, "half?")),
    framed(tuple(atom("event"), "topic", 1)),
    Buffer.from([0, 0, 1, 0, 131]),
  ];
  talk.channel.recover(Buffer.concat(replies), (id) => id === done.id);
  expect(done.outcomes).toEqual(["done"]);
  expect(talk.channel.close()).toEqual(expect.arrayContaining([running, unreadable]));
  expect(talk.told.error).toBeUndefined();
});

test("casts that had not left when the program ended are counted as lost, and no others", async () => {
  const talk = new Conversation();
  talk.channel.outbox.cast(target("note"), [1]);
  await turn();
  talk.io.isFull = true;
  talk.channel.outbox.cast(target("note"), [2]);
  await turn();
  talk.channel.outbox.cast(target("note"), [3]);
  expect(talk.channel.outbox.lostCasts).toBe(0);
  talk.channel.close();
  expect(talk.channel.outbox.lostCasts).toBe(2);
});

test("what the program takes from its ready on is what it is sent", () => {
  const talk = new Conversation();
  const hello = (max: number) =>
    new Map<unknown, unknown>([
      [atom("protocol"), 1],
      [atom("max_frame"), max],
    ]);
  talk.say(tuple(atom("hello"), hello(1000)));
  expect(() => talk.call(["x".repeat(2000)])).toThrow(/over the program's limit of 1000/);
  talk.say(tuple(atom("ready"), new Map([[atom("max_frame"), 5000]])));
  talk.call(["x".repeat(2000)]);
  expect(() => talk.call(["x".repeat(6000)])).toThrow(/over the program's limit of 5000/);
  expect(
    talk.told.events.map(([name, told]) => [name, (told as { maxFrameBytes?: number })?.maxFrameBytes]),
  ).toEqual([
    ["hello", 1000],
    ["hello", 5000],
    ["ready", undefined],
  ]);
});

test("a pipe that throws breaks the channel, and nobody's turn", async () => {
  const talk = new Conversation();
  const call = talk.call([1]);
  talk.io.write = () => {
    throw new TypeError("no such buffer");
  };
  talk.call([2]);
  await turn();
  expect(talk.told.error?.message).toBe("no such buffer");
  talk.call([3]);
  await turn();
  expect(talk.channel.close()).toContain(call);
});
