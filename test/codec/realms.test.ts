/** Values of other realms, terms of a second copy of the codec, and built-ins: what a value is, is not a matter of whose it is. */

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as v8 from "node:v8";
import { runInNewContext, runInThisContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as codec from "../../codec/index.ts";

const { atom, Codec, decode, encode, EtfError, inspect, TermMap } = codec;
const exact = new Codec({ exact: true });
const deterministic = new Codec({ deterministic: true });

function refuses(value: unknown, path: string, text = "ETF cannot hold"): void {
  for (const one of [new Codec(), deterministic, new Codec({ codegen: false })]) {
    const wrapped = { in: [value] };
    // Also when code was made for such objects.
    for (let i = 0; i < 20; i++) one.encode({ in: [{ a: 1 }] });
    expect(() => one.encode(wrapped)).toThrow(
      expect.objectContaining({
        code: "ETF_UNSUPPORTED",
        path: `in[0]${path}`,
        message: expect.stringContaining(text),
      }),
    );
  }
}

describe("another realm", () => {
  const there = (code: string) => runInNewContext(code, { Buffer, URL });

  it.each<[string, unknown]>([
    [
      "new Map([['a', 1], ['b', new Map()]])",
      new Map<string, unknown>([
        ["a", 1],
        ["b", new Map()],
      ]),
    ],
    ["Uint8Array.of(1, 2, 3)", Uint8Array.of(1, 2, 3)],
    ["new Uint8Array(new SharedArrayBuffer(3))", new Uint8Array(3)],
    ["Buffer.from('abc')", Buffer.from("abc")],
    ["[1, 'two', [3.5]]", [1, "two", [3.5]]],
    ["({ a: { b: [{ c: 1 }, { c: 2 }] } })", { a: { b: [{ c: 1 }, { c: 2 }] } }],
    ["new (class { x = 1 })()", { x: 1 }],
    ["new (class extends Map {})([['k', 'v']])", new Map([["k", "v"]])],
    ["new (class extends Uint8Array {})(2)", new Uint8Array(2)],
    ["({ toTerm: () => [1n, null, undefined] })", [1n, null, undefined]],
    ["Object.create(null)", {}],
  ])("writes %s as one of this realm", (code, here) => {
    expect(encode(there(code))).toEqual(encode(here));
    expect(deterministic.encode(there(code))).toEqual(deterministic.encode(here));
    expect(exact.encode(new TermMap([[there(code), 1]]))).toEqual(exact.encode(new TermMap([[here, 1]])));
    expect(inspect(there(code))).toBe(inspect(here));
  });

  it.each([
    "new Date()",
    "new Set([1])",
    "new Error('x')",
    "Object.assign(new TypeError('x'), { code: 1 })",
    "new (class extends Error {})('x')",
    "/x/",
    "Promise.resolve()",
    "new ArrayBuffer(8)",
    "new SharedArrayBuffer(8)",
    "new DataView(new ArrayBuffer(8))",
    "new Float64Array(2)",
    "new Uint8ClampedArray(2)",
    "new String('x')",
    "new Number(1)",
    "new Boolean(true)",
    "Object(1n)",
    "Object(Symbol())",
    "new WeakMap()",
    "new WeakSet()",
    "new WeakRef({})",
    "[1][Symbol.iterator]()",
    "(function* () { yield 1 })()",
    "(async function* () { yield 1 })()",
    "new Map().entries()",
    "Math",
    "Reflect",
    "Intl",
    "(function () { return arguments })()",
    "(function () { return arguments })(1, 2)",
    "new Intl.NumberFormat()",
  ])("refuses %s, with its path, as it does one of this realm", (code) => {
    refuses(there(code), "");
    refuses({ deep: there(code) }, ".deep");
    refuses(runInThisContext(code), "");
    expect(() => inspect(there(code))).toThrow(EtfError);
  });

  it("reads what another realm's Uint8Array or one of Node's own holds", () => {
    const bytes = encode({ a: [1, "x"] });
    const foreign = there("Uint8Array").from(bytes);
    expect(decode(foreign)).toEqual({ a: [1, "x"] });
    expect(codec.skipTerm(foreign, 1, foreign.length)).toBe(foreign.length);
  });

  it("takes what structuredClone and v8 give for what it is", () => {
    const map = new Map([["a", Uint8Array.of(1)]]);
    expect(encode(structuredClone(map))).toEqual(encode(map));
    expect(encode(v8.deserialize(v8.serialize(map)))).toEqual(encode(map));
    refuses(structuredClone(new Error("x")), "");
  });
});

describe("built-ins without properties of their own", () => {
  it.each<[string, object]>([
    ["URL", new URL("http://localhost/")],
    ["URLSearchParams", new URLSearchParams("a=1")],
    ["Headers", new Headers({ a: "1" })],
    ["FormData", new FormData()],
    ["Blob", new Blob(["x"])],
    ["Request", new Request("http://localhost/")],
    ["Response", new Response("x")],
    ["SharedArrayBuffer", new SharedArrayBuffer(8)],
    ["a generator", (function* () {})()],
    ["an iterator of a Set", new Set([1]).values()],
    ["AbortSignal", new AbortController().signal],
    ["AbortController", new AbortController()],
    ["Event", new Event("x")],
    ["EventTarget", new EventTarget()],
    ["TextEncoder", new TextEncoder()],
    ["ReadableStream", new ReadableStream()],
    ["TransformStream", new TransformStream()],
    ["an async iterator of a stream", Readable.from([])[Symbol.asyncIterator]()],
    ["Intl.DateTimeFormat", new Intl.DateTimeFormat()],
    ["Intl.Collator", new Intl.Collator()],
    ["WebAssembly.Memory", runInThisContext("new WebAssembly.Memory({ initial: 1 })")],
    ["DOMException", new DOMException("x")],
    ["FinalizationRegistry", new FinalizationRegistry(() => {})],
    ["JSON", JSON],
  ])("%s is refused with its path", (_, value) => {
    refuses(value, "");
    refuses({ at: value }, ".at");
  });

  it("has a subclass refused too, and one with a toTerm() is written", () => {
    class Link extends URL {
      extra = 1;
    }
    refuses(new Link("http://localhost/"), "", "a Link");
    class Named extends URL {
      toTerm() {
        return this.href;
      }
    }
    expect(decode(encode({ url: new Named("http://localhost/a") }))).toEqual({ url: "http://localhost/a" });
  });

  it("are told from classes of users, whatever these are called", () => {
    class Tagged {
      x = 1;
      get [Symbol.toStringTag]() {
        return "Map";
      }
    }
    class Fielded {
      [Symbol.toStringTag] = "Uint8Array";
      x = 1;
    }
    class Late {
      x = 1;
    }
    (Late.prototype as unknown as Record<symbol, string>)[Symbol.toStringTag] = "Date";
    for (const value of [new Tagged(), new Fielded(), new Late(), { [Symbol.toStringTag]: "Set", x: 1 }])
      expect(decode(encode([value]))).toEqual([{ x: 1 }]);
    expect(decode(encode({ [Symbol.toStringTag]: "Set" }))).toEqual({});
  });

  it("are judged alike whatever was written before", () => {
    const fresh = new Codec();
    class Odd {}
    const lost = Object.setPrototypeOf(new Date(), Odd.prototype);
    expect(fresh.encode(lost)).toEqual(fresh.encode(new Odd()));
    refuses(Object.create(Date.prototype), "");
    refuses(new Date(), "");
    refuses(Object.create(Uint8Array.prototype), "", "only looks like");
    expect(fresh.encode(Uint8Array.of(1))).toEqual(encode(Uint8Array.of(1)));
    refuses(Object.create(Map.prototype), "", "only looks like");
    expect(fresh.encode(new Map([[1, 2]]))).toEqual(encode(new Map([[1, 2]])));
    refuses(Object.create(codec.Atom.prototype), "");
    expect(() => encode([Object.create(codec.Pid.prototype)])).toThrow(
      expect.objectContaining({ code: "ETF_UNSUPPORTED", path: "[0]" }),
    );
  });
});

describe("a second copy of the codec", () => {
  let other: typeof codec;
  let folder = "";

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "portreeve-copy-"));
    const root = fileURLToPath(new URL("../..", import.meta.url));
    cpSync(join(root, "dist", "codec"), join(folder, "codec"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    other = (await import(pathToFileURL(join(folder, "codec", "index.js")).href)) as typeof codec;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function terms({ ...of }: typeof codec): unknown[] {
    const pid = of.pid("a@host", 1, 2, 3);
    const fun = {
      module: "m",
      arity: 1,
      uniq: new Uint8Array(16).fill(1),
      index: 1,
      oldIndex: 2,
      oldUniq: 3,
      pid,
      free: [of.tuple(of.atom("x"))],
    };
    return [
      of.atom("ok"),
      of.atom("true"),
      of.tuple(of.atom("ok"), [of.float(1)]),
      of.tuple(),
      of.float(1),
      of.improperList([1, of.atom("a")], of.tuple(2)),
      of.bitString(Uint8Array.of(1, 160), 3),
      pid,
      of.port("a@host", 5n, 6),
      of.reference("a@host", 1, [2, 3]),
      of.exported("lists", "map", 2),
      of.fun(fun),
      new of.TermMap<unknown>([[of.tuple(1), of.atom("v")]]),
    ];
  }

  it("is really another", () => {
    expect(other.atom).not.toBe(atom);
    expect(other.atom("ok")).not.toBeInstanceOf(codec.Atom);
  });

  it("has its terms written as what they are, at every place and with every option", () => {
    const [theirs, ours] = [terms(other), terms(codec)];
    for (const [i, term] of theirs.entries()) {
      const own = ours[i];
      for (const one of [new Codec(), exact, deterministic]) {
        expect(one.encode(term)).toEqual(one.encode(own));
        expect(one.encode({ a: [term] })).toEqual(one.encode({ a: [own] }));
        expect(one.encode(new Map([[term, term]]))).toEqual(one.encode(new Map([[own, own]])));
      }
      expect(inspect(term)).toBe(inspect(own));
      expect(inspect(term, "~w")).toBe(inspect(own, "~w"));
      expect(new TermMap([[own, 1]]).get(term)).toBe(1);
      expect(new TermMap([[term, 1]]).get(own)).toBe(1);
    }
    expect(encode(theirs)).toEqual(encode(ours));
  });

  it("has the same terms as keys of a Map found to be the same", () => {
    for (const [i, term] of terms(other).entries())
      expect(() =>
        encode(
          new Map([
            [term, 1],
            [terms(codec)[i], 2],
          ]),
        ),
      ).toThrow(expect.objectContaining({ code: "ETF_DUPLICATE_KEY" }));
  });

  it("shows where a fault lies inside its terms", () => {
    expect(() => encode([other.tuple(1, new Date())])).toThrow(expect.objectContaining({ path: "[0][1]" }));
    expect(() => encode([other.improperList([1], Number.NaN)])).toThrow(
      expect.objectContaining({ path: "[0][1]" }),
    );
    class Strange {
      get [Symbol.for("portreeve.term")]() {
        return "atom";
      }
      x = 1;
    }
    expect(decode(encode(new Strange()))).toEqual({ x: 1 });
    const newer = Object.create(Object.create({}, { [Symbol.for("portreeve.term")]: { value: "quasar" } }));
    expect(() => encode([newer])).toThrow(expect.objectContaining({ code: "ETF_UNSUPPORTED", path: "[0]" }));
    const broken = Object.create(Object.create({}, { [Symbol.for("portreeve.term")]: { value: "pid" } }));
    expect(() => encode([broken])).toThrow(expect.objectContaining({ code: "ETF_OPTION", path: "[0]" }));
  });
});

it("a runtime like jest's, whose globals are of another realm than the packages, writes and reads the same", () => {
  // The codec's modules run in a context of their own, with values that come from outside of it.
  const dist = new URL("../../dist/codec/index.js", import.meta.url).href;
  const program = `
    import vm from "node:vm";
    import * as data from "data:text/javascript,export const a = 1;";
    import { readFileSync } from "node:fs";
    const context = vm.createContext({ TextEncoder, TextDecoder, WeakRef, FinalizationRegistry, process, Buffer });
    const modules = new Map();
    async function load(url) {
      let module = modules.get(url);
      if (module !== undefined) return module;
      module = new vm.SourceTextModule(readFileSync(new URL(url), "utf8"), { context, identifier: url });
      modules.set(url, module);
      return module;
    }
    const main = await load(${JSON.stringify(dist)});
    await main.link((name, from) => load(new URL(name, from.identifier).href));
    await main.evaluate();
    const { encode, decode, atom, tuple } = main.namespace;
    const out = [];
    out.push(decode(encode({ m: structuredClone(new Map([["a", 1]])), b: Buffer.from("xyz"), l: [1, 2] })));
    out.push(decode(new Uint8Array(encode([tuple(atom("ok"))]))));
    for (const bad of [new Date(0), new TypeError("x"), new URL("http://x/"), Promise.resolve(), structuredClone(new Set()), data])
      try { encode([bad]); out.push("written"); } catch (error) { out.push(error.code + error.path); }
    console.log(JSON.stringify(out));
  `;
  const options = ["--no-warnings", "--experimental-vm-modules", "--input-type=module", "-e", program];
  const output = execFileSync(process.execPath, options, {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  expect(JSON.parse(output)).toEqual([
    { m: { a: 1 }, b: { 0: 120, 1: 121, 2: 122 }, l: [1, 2] },
    [["ok"]],
    ...new Array(6).fill("ETF_UNSUPPORTED[0]"),
  ]);
});
