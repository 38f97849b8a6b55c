/** What a caller gives is judged by its shape: in vm, jest and jsdom the classes of its values are not ours. */
import { runInNewContext } from "node:vm";
import { afterEach, expect, test } from "vitest";
import { decode, encode, type Schema } from "../codec/index.ts";
import { BuildError, build } from "../src/build/build.ts";
import { open, type Port } from "../src/index.ts";
import { isError } from "../src/reason.ts";
import { fixture } from "./fixtures/fixture.ts";
import { rejection } from "./port/ports.ts";

/** A class of another realm, of the same members as the one that its instances stand for. */
const there = runInNewContext(`({
  Signal: class {
    constructor(inner) { this.inner = inner; }
    get aborted() { return this.inner.aborted; }
    get reason() { return this.inner.reason; }
    throwIfAborted() { this.inner.throwIfAborted(); }
    addEventListener(type, listener) { this.inner.addEventListener(type, () => listener({ type, target: this })); }
    removeEventListener() {}
  },
  Url: class {
    constructor(inner) { this.inner = inner; }
    get href() { return this.inner.href; }
    get protocol() { return this.inner.protocol; }
  },
  promise: (value) => Promise.resolve(value),
  failing: () => Promise.reject(new Error("later")),
})`);

let port: Port | undefined;
afterEach(() => port?.close());

test("a URL and a signal of another realm: open, call and build take them", async () => {
  const url: URL = new there.Url(new URL("fixtures/well-behaved.mjs", import.meta.url));
  const controller = new AbortController();
  const signal: AbortSignal = new there.Signal(controller.signal);
  port = await open(url, { stderr: "ignore", signal });
  const sleeping = port.call("sleep", [60_000], { signal });
  controller.abort(new Error("enough"));
  expect((await rejection(sleeping)).message).toBe("enough");
  const crate: URL = new there.Url(new URL("file:///nowhere/at/all"));
  const error = await rejection(build({ crate }));
  expect(error).toBeInstanceOf(BuildError);
  expect(error.message).toMatch(/^there is no crate at \/nowhere\/at\/all/);
});

test("what only resembles a signal or a URL is refused", async () => {
  const half = { aborted: false, addEventListener() {} };
  const options = { signal: half as unknown as AbortSignal };
  await expect(open(fixture("well-behaved.mjs"), options)).rejects.toThrow(/^signal must be an AbortSignal/);
  await expect(open({ href: 5 } as unknown as URL)).rejects.toThrow(TypeError);
});

test.each(["promise", "failing"])("a schema that gives a %s of another realm is asynchronous", (made) => {
  const validate = there[made] as () => Promise<{ value: number }>;
  const schema: Schema<number> = { "~standard": { version: 1, vendor: "test", validate } };
  expect(() => decode(encode(1), schema)).toThrow(expect.objectContaining({ code: "ETF_OPTION" }));
});

test("an error of another realm is one", () => {
  expect(isError(runInNewContext("new RangeError('x')"))).toBe(true);
  expect([isError("x"), isError(null), isError({ message: "x" })]).toEqual([false, false, false]);
});
