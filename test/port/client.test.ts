import { expect, expectTypeOf, test } from "vitest";
import { unknownFunction } from "../../src/dispatch/functions.ts";
import type { Client, Port, PortFunction } from "../../src/index.ts";
import { makeView } from "../../src/port/client.ts";

interface Compute {
  sum(values: number[]): Promise<number>;
  greet(name: string, times?: number): string;
}

const functions = (...names: string[]): PortFunction[] =>
  names.map((name) => ({ name, doc: "", args: [], result: "term", error: "nil", idempotent: false }));

test("a view has one method a function, and none that makes it a promise", async () => {
  const calls: unknown[] = [];
  const view = makeView(functions("sum", "then", "__proto__", "toString"), undefined, async (name, args) => {
    calls.push([name, args]);
    return name;
  });
  expect(Object.keys(view)).toEqual(["sum", "__proto__", "toString"]);
  expect(await view.sum?.([1], 2)).toBe("sum");
  expect(await view.toString?.()).toBe("toString");
  expect(calls).toEqual([
    ["sum", [[1], 2]],
    ["toString", []],
  ]);
  expect(await view).toBe(view);
  expect(() => (view as unknown as { smu(): void }).smu()).toThrow(TypeError);
});

test("a client that wants more than there is says what, with the nearest names", () => {
  const make = (has: string[], wants: string[]) => makeView(functions(...has), wants, async () => 1);
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

test("types: with an interface names, arguments and results are known", () => {
  const typed = undefined as unknown as Port<Compute>;
  const check = () => {
    expectTypeOf(typed.call("sum", [[1, 2]])).resolves.toEqualTypeOf<number>();
    expectTypeOf(typed.call("greet", ["x"])).resolves.toEqualTypeOf<string>();
    expectTypeOf(typed.call<boolean>("sum", [[1]])).resolves.toEqualTypeOf<boolean>();
    expectTypeOf(typed.as()).toEqualTypeOf<Compute>();
    expectTypeOf(typed.as().sum).returns.resolves.toEqualTypeOf<number>();
    // @ts-expect-error no such function
    typed.call("smu", [[1]]);
    // @ts-expect-error a list of numbers is wanted
    typed.call("sum", ["x"]);
    // @ts-expect-error no such function
    typed.cast("smu");
  };
  expect(check).toBeTypeOf("function");
});

test("types: without one every name is accepted and results are unknown", () => {
  const untyped = undefined as unknown as Port;
  const generated: Client<Compute> = { functions: ["sum", "greet"], hash: "x" };
  const check = () => {
    expectTypeOf(untyped.call("anything", [1, "two"])).resolves.toEqualTypeOf<unknown>();
    expectTypeOf(untyped.call<number>("anything")).resolves.toEqualTypeOf<number>();
    expectTypeOf(untyped.as(generated)).toEqualTypeOf<Compute>();
    expectTypeOf(untyped.as<Compute>()).toEqualTypeOf<Compute>();
    // @ts-expect-error the client names a function that its interface lacks
    const bad: Client<Compute> = { functions: ["sum", "nope"] };
    return bad;
  };
  expect(check).toBeTypeOf("function");
});
