import { expect, test } from "vitest";
import { unknownFunction } from "../../src/dispatch/functions.ts";
import type { CallOptions, PortFunction, PortView } from "../../src/index.ts";
import { makeView, type View } from "../../src/port/view.ts";

const functions = (...names: string[]): PortFunction[] =>
  names.map((name) => ({ name, doc: "", args: [], result: "term", error: "nil", idempotent: false }));

type Call = [name: string, args: readonly unknown[], options: CallOptions];

/** A view whose calls give the function's name, and the calls. */
function recorded<F>(names: string[], options: CallOptions = {}): { view: PortView<F>; calls: Call[] } {
  const calls: Call[] = [];
  const call = async (...each: Call) => {
    calls.push(each);
    return each[0];
  };
  const view: View = makeView(functions(...names), undefined, call, options);
  return { view: view as unknown as PortView<F>, calls };
}

interface Compute {
  sum(values: number[], times?: number): string;
}

test("a view has one method a function, and none that makes it a promise", async () => {
  const { view, calls } = recorded(["sum", "then", "__proto__", "toString"]);
  expect(Object.keys(view)).toEqual(["sum", "__proto__", "toString"]);
  expect(await view.sum?.([1], 2)).toBe("sum");
  expect(await view.toString?.()).toBe("toString");
  expect(await Object.getOwnPropertyDescriptor(view, "__proto__")?.value()).toBe("__proto__");
  expect(calls).toEqual([
    ["sum", [[1], 2], {}],
    ["toString", [], {}],
    ["__proto__", [], {}],
  ]);
  expect(await view).toBe(view);
  expect(() => (view as unknown as { smu(): void }).smu()).toThrow(TypeError);
});

test("with() gives the same functions with options over those of the view, which stays as it is", async () => {
  const { view, calls } = recorded<Compute>(["sum"], { timeout: 50, key: "a" });
  const { signal } = new AbortController();
  const { sum } = view.with({ signal, timeout: 10 }).with({ key: "b" });
  await sum([1]);
  await view.sum([2], 3);
  expect(calls).toEqual([
    ["sum", [[1]], { timeout: 10, key: "b", signal }],
    ["sum", [[2], 3], { timeout: 50, key: "a" }],
  ]);
});

test("with() refuses wrong options; an aborted signal is the call's affair", () => {
  const { view } = recorded<Compute>(["sum"]);
  expect(() => view.with({ timeuot: 1 } as never)).toThrow(
    new TypeError("with() has no option timeuot; the nearest is timeout"),
  );
  expect(() => view.with({ timeout: -1 })).toThrow(RangeError);
  expect(() => view.with({ signal: AbortSignal.abort() })).not.toThrow();
});

test("a program's own function `with` stands in the place of with()", async () => {
  const { view, calls } = recorded<{ with(what: string): string }>(["with"], { timeout: 5 });
  expect(await view.with("milk")).toBe("with");
  expect(calls).toEqual([["with", ["milk"], { timeout: 5 }]]);
});

test("a client that wants more than there is says what, with the nearest names", () => {
  const make = (has: string[], wants: string[]) => makeView(functions(...has), wants, async () => 1, {});
  expect(() => make(["sign", "verify"], ["sgin"])).toThrow(
    expect.objectContaining({
      code: "CALL_UNDEF",
      function: "sgin",
      message: "sgin: the program has no function of this name; the nearest it has: sign, verify",
    }),
  );
  expect(Object.keys(make(["sign", "verify"], ["sign"]))).toEqual(["sign"]);
  expect(Object.keys(make([], ["anything"]))).toEqual(["anything"]);
  expect(unknownFunction("x", []).message).toBe("x: the program has no function of this name");
});
