import { expect, test } from "vitest";
import { atom, tuple } from "../../codec/index.ts";
import type { Handlers } from "../../src/wire/served.ts";
import { Conversation, exact, turn } from "./memory.ts";

const call = (id: unknown, name: string, args: unknown) => tuple(atom("call"), id, atom(name), args);

/** The answers so far: word, Id, and the value or the error's map. */
const answers = (talk: Conversation) => talk.io.messages as [unknown, unknown, Map<unknown, unknown>][];
const kinds = (talk: Conversation) => answers(talk).map(([, id, map]) => [id, map.get(atom("kind"))]);
const message = (talk: Conversation, i = 0) =>
  new TextDecoder().decode(answers(talk)[i]?.[2].get(atom("message")) as Uint8Array);

function serving(handlers: Handlers) {
  return new Conversation({ handlers });
}

test("a handler's value, or what it resolves to, is the answer; the Id is echoed as it came", async () => {
  const talk = serving({ add: ([a, b]) => Number(a) + Number(b), later: async ([x]) => x });
  talk.say(call(["any", 1.5], "add", [1, 2]), call(atom("id"), "later", [[1]]));
  await turn();
  expect(talk.io.messages).toEqual(
    [tuple(atom("reply"), ["any", 1.5], 3), tuple(atom("reply"), atom("id"), [1])].map((term) =>
      exact.decode(exact.encode(term)),
    ),
  );
});

test("a function of the host may be named by a binary", async () => {
  const talk = serving({ ping: () => 1 });
  talk.say(tuple(atom("call"), 1, Buffer.from("ping"), []));
  await turn();
  expect(talk.io.messages).toEqual([tuple(atom("reply"), 1, 1)]);
});

test("what a handler throws, at once or later, is the program's error", async () => {
  const talk = serving({
    now: () => {
      throw new Error("at once");
    },
    later: async () => {
      throw "a string";
    },
  });
  talk.say(call(1, "now", []), call(2, "later", []));
  await turn();
  expect(kinds(talk)).toEqual([
    [1, atom("error")],
    [2, atom("error")],
  ]);
  expect([message(talk, 0), message(talk, 1)]).toEqual(["at once", "a string"]);
});

test("an unknown function is undef, and says which there are; own properties only", async () => {
  const talk = serving({ lookup: () => 1 });
  talk.say(call(1, "lookpu", []), call(2, "toString", []), call(3, "__proto__", []));
  const none = new Conversation();
  none.say(call(1, "x", []));
  await turn();
  expect(kinds(talk)).toEqual([1, 2, 3].map((id) => [id, atom("undef")]));
  expect(message(talk)).toBe("the host has no function lookpu; it has lookup");
  expect(message(none)).toBe("the host has no function x (option handlers)");
});

test("a malformed call whose Id can be read is answered with badarg", async () => {
  const talk = serving({ f: () => 1 });
  talk.say(
    call(1, "f", 5),
    call(2, "f", [Uint8Array.from([0xff])]),
    tuple(atom("call"), 3),
    tuple(atom("call"), 4, atom("f")),
  );
  await turn();
  expect(kinds(talk)).toEqual([1, 2, 3, 4].map((id) => [id, atom("badarg")]));
  expect(message(talk)).toBe("the arguments of f are no list");
  expect(talk.told.error).toBeUndefined();
});

test("a value that cannot be sent is an error of the call", async () => {
  const talk = new Conversation({
    handlers: { bad: () => ({ deep: [() => 1] }), large: () => "x".repeat(5000) },
  });
  talk.say(
    tuple(
      atom("hello"),
      new Map<unknown, unknown>([
        [atom("protocol"), 1],
        [atom("max_frame"), 1000],
      ]),
    ),
  );
  talk.say(call(1, "bad", []), call(2, "large", []));
  await turn();
  expect(kinds(talk)).toEqual([
    [1, atom("error")],
    [2, atom("error")],
  ]);
  expect(message(talk, 0)).toMatch(/deep\[0\]/);
  expect(message(talk, 1)).toMatch(/over the program's limit of 1000/);
});

test("a program whose limit lets no answer through breaks the conversation, and nothing else", async () => {
  const talk = serving({ f: () => "x".repeat(500) });
  talk.say(
    tuple(
      atom("hello"),
      new Map<unknown, unknown>([
        [atom("protocol"), 1],
        [atom("max_frame"), 20],
      ]),
    ),
  );
  talk.say(call(1, "f", []));
  await turn();
  expect(talk.told.names()).toEqual(["hello", "broken"]);
});

test("cancel aborts the handler's signal: its end is `cancelled`, its value if it was faster", async () => {
  const talk = serving({
    wait: (_, { signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped")))),
    deaf: async (_, { signal }) => {
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      return "done all the same";
    },
  });
  talk.say(call(1, "wait", []), call(2, "deaf", []), tuple(atom("cancel"), 9));
  talk.say(tuple(atom("cancel"), 1), tuple(atom("cancel"), 2));
  await turn();
  const byId = new Map(answers(talk).map((answer) => [answer[1], answer]));
  expect(byId.size).toBe(2);
  expect(byId.get(1)?.[2].get(atom("kind"))).toBe(atom("cancelled"));
  expect(byId.get(2)?.[0]).toBe(atom("reply"));
});

test("the end of the conversation aborts its handlers, and nothing is answered", async () => {
  let signal: AbortSignal | undefined;
  const talk = serving({
    wait: (_, context) => {
      signal = context.signal;
      return new Promise((resolve) => signal?.addEventListener("abort", () => resolve(1)));
    },
  });
  talk.say(call(1, "wait", []));
  expect(signal?.aborted).toBe(false);
  talk.channel.close();
  expect(signal?.aborted).toBe(true);
  await turn();
  expect(talk.io.messages).toEqual([]);
});

test("an Id that is in use and comes again is badarg; the call that has it goes on, and can be cancelled", async () => {
  const signals: AbortSignal[] = [];
  const talk = serving({
    wait: (_, { signal }) => {
      signals.push(signal);
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject("stopped")));
    },
  });
  talk.say(call(1, "wait", []), call(1, "wait", []));
  await turn();
  expect(kinds(talk)).toEqual([[1, atom("badarg")]]);
  expect(signals).toHaveLength(1);
  talk.say(tuple(atom("cancel"), 1));
  await turn();
  expect(signals[0]?.aborted).toBe(true);
  expect(kinds(talk)[1]).toEqual([1, atom("cancelled")]);
  // It is answered: the Id is free.
  talk.say(call(1, "wait", []));
  await turn();
  expect(signals).toHaveLength(2);
});

/** Not written out: an object that has it is taken for a promise, which is what is tried here. */
const THEN = "then";

/** What nobody expects to be thrown, and the text that the program gets. */
const ODD: readonly [() => unknown, RegExp][] = [
  [() => Object.create(null), /^a thrown object that cannot be shown$/],
  [
    () => ({
      toString() {
        throw new Error("no");
      },
    }),
    /^a thrown object/,
  ],
  [
    () =>
      Object.defineProperty(new Error(), "message", {
        get() {
          throw new Error("no");
        },
      }),
    /^a thrown object/,
  ],
  [
    () =>
      new Proxy(
        {},
        {
          get() {
            throw new Error("no");
          },
          has() {
            throw new Error("no");
          },
        },
      ),
    /^a thrown object/,
  ],
  [() => "half \ud83d", /^half \ufffd$/],
  [() => new Error("half \ud83d"), /^half \ufffd$/],
  [() => undefined, /^undefined$/],
  [() => Symbol("x"), /^Symbol\(x\)$/],
];

test("whatever a handler throws, at once or later, or gives, the program gets its answer", async () => {
  const talk = serving({
    now: ([i]) => {
      throw ODD[Number(i)]?.[0]();
    },
    later: async ([i]) => {
      throw ODD[Number(i)]?.[0]();
    },
    thenable: () =>
      Object.defineProperty({}, THEN, {
        get() {
          throw Object.create(null);
        },
      }),
    given: () => ({
      get x() {
        throw Object.create(null);
      },
    }),
  });
  const terms = ODD.flatMap((_, i) => [call(i, "now", [i]), call(100 + i, "later", [i])]);
  talk.say(...terms, call(200, "thenable", []), call(201, "given", []));
  await turn();
  const said = new Map(answers(talk).map(([, id], i) => [id, message(talk, i)]));
  expect(said.size).toBe(2 * ODD.length + 2);
  for (const [i, [, text]] of ODD.entries()) {
    expect(said.get(i)).toMatch(text);
    expect(said.get(100 + i)).toMatch(text);
  }
  expect(kinds(talk).every(([, kind]) => kind === atom("error"))).toBe(true);
  expect(talk.told.error).toBeUndefined();
});
