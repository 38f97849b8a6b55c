import { expect, test } from "vitest";
import { atom, Codec } from "../../codec/index.ts";
import { HandshakeError } from "../../src/errors.ts";
import { encodeStart, type HostHello, readHello, writeHello } from "../../src/wire/hello.ts";
import { Output } from "../../src/wire/output.ts";
import { frames } from "./memory.ts";

const plain = new Codec();
const seen = (term: unknown) => plain.decode(plain.encode(term));

/** The host's hello as the program reads it. */
function said(hello: HostHello): unknown {
  const output = new Output();
  output.begin();
  writeHello(output, plain, hello);
  output.end();
  return frames(Buffer.concat(output.take())).map((frame) => plain.decode(frame))[0];
}

const host = {
  maxFrameBytes: 1024,
  log: "info",
  handlers: ["lookup"],
  threads: 2,
  limits: undefined,
  spans: false,
  start: undefined,
};

test("the host's hello names what it understands", () => {
  expect(said(host)).toEqual([
    "hello",
    {
      protocol: 1,
      accepts: ["event", "log", "progress", "part", "call", "bytes"],
      log: "info",
      max_frame: 1024,
      functions: ["lookup"],
      threads: 2,
    },
  ]);
});

test("spans are asked for only when somebody listens", () => {
  const [, map] = said({ ...host, spans: true }) as [string, { accepts: string[] }];
  expect(map.accepts).toEqual(["event", "log", "progress", "part", "call", "bytes", "span"]);
});

test("limits and start are told where there are some", () => {
  const limits = { memory: 1 << 30, cpuSeconds: 5, openFiles: 64 };
  const [, map] = said({ ...host, limits, start: encodeStart(plain, { db: "x" }) }) as [string, object];
  expect(map).toMatchObject({
    limits: { memory: 1 << 30, cpu_seconds: 5, open_files: 64 },
    start: { db: "x" },
  });
  const [, other] = said({
    ...host,
    limits: { memory: 9 },
    start: encodeStart(plain, null),
  }) as [string, object];
  expect(other).toMatchObject({ limits: { memory: 9 }, start: null });
});

test("the program's hello: functions, types, limits", () => {
  const hello = readHello({
    protocol: 1,
    name: "compute",
    version: "1.2.3",
    functions: [
      {
        name: "sum",
        doc: "Adds.",
        args: [["values", ["list", "f64"]]],
        result: "f64",
        error: "nil",
        idempotent: true,
      },
      { name: "bare" },
    ],
    types: { Claims: { doc: "c", type: ["struct", []] } },
    hash: "abc",
    max_frame: 4096,
    later: "keys of a later version are ignored",
  });
  expect(hello).toMatchObject({ name: "compute", version: "1.2.3", hash: "abc", maxFrameBytes: 4096 });
  expect(hello.functions).toEqual([
    {
      name: "sum",
      doc: "Adds.",
      args: [{ name: "values", type: ["list", "f64"] }],
      result: "f64",
      error: "nil",
      idempotent: true,
    },
    { name: "bare", doc: "", args: [], result: "term", error: "term", idempotent: false },
  ]);
  expect(hello.types.Claims).toEqual({ doc: "c", type: ["struct", []] });
});

test("the type nil stays a name, inside of others too", () => {
  const [fn] = readHello(
    seen({
      protocol: 1,
      functions: [
        {
          name: "f",
          args: [["x", [atom("option"), atom("nil")]]],
          result: atom("nil"),
          error: atom("string"),
        },
      ],
    }),
  ).functions;
  expect(fn).toMatchObject({
    args: [{ name: "x", type: ["option", "nil"] }],
    result: "nil",
    error: "string",
  });
});

test("a plain port says little: what is missing has a default", () => {
  expect(readHello({ protocol: 1 })).toEqual({
    name: "",
    version: "",
    functions: [],
    types: Object.create(null),
    hash: "",
    maxFrameBytes: 64 * 1024 * 1024,
  });
});

test("what does not fit says so", () => {
  const said = (term: unknown) => {
    try {
      readHello(term);
    } catch (error) {
      expect(error).toBeInstanceOf(HandshakeError);
      return (error as Error).message;
    }
    throw new Error("it was taken for a hello");
  };
  expect(said({ protocol: 2, name: "x" })).toMatch(
    /speaks protocol version 2, this portreeve speaks version 1/,
  );
  expect(said({ name: "x" })).toMatch(/version undefined/);
  for (const term of [[], "x", null, 5]) expect(said(term)).toMatch(/holds no map/);
  expect(said(seen(new Map([[atom("accepts"), []]])))).toMatch(/as cat does/);
});

test("a hello whose lists hold nonsense is no crash", () => {
  const hello = readHello({
    protocol: 1,
    functions: [5, null, { name: 7, args: [3, []] }],
    types: { T: 5 },
    max_frame: "x",
  });
  expect(hello.functions.map(({ name }) => name)).toEqual(["", "", ""]);
  expect(hello.maxFrameBytes).toBe(64 * 1024 * 1024);
});
