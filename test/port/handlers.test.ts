import { afterEach, expect, test } from "vitest";
import type { Handlers, Port } from "../../src/index.ts";
import { children, openFixture, rejection, until } from "./ports.ts";

const open: Port[] = [];
async function serving(handlers: Handlers): Promise<Port> {
  const port = await openFixture("talkative.mjs", { handlers });
  open.push(port);
  return port;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((port) => port.close()));
  expect(children()).toEqual([]);
});

test("the program calls the host: values, promises, errors, names that are none", async () => {
  const port = await serving({
    add: ([a, b]) => Number(a) + Number(b),
    later: async ([value]) => [value, "later"],
    fail: () => {
      throw new Error("no such user");
    },
    unfit: () => ({ at: () => 1 }),
  });
  expect(await port.call("ask", ["add", [1, 2]])).toEqual(["reply", 3]);
  expect(await port.call("ask", ["later", [5]])).toEqual(["reply", [5, "later"]]);
  expect(await port.call("ask", ["fail", []])).toEqual(["error", "error", "no such user"]);
  expect(await port.call("ask", ["addd", []])).toEqual([
    "error",
    "undef",
    "the host has no function addd; it has add, later, fail, unfit",
  ]);
  const [word, kind, message] = await port.call<string[]>("ask", ["unfit", []]);
  expect([word, kind]).toEqual(["error", "error"]);
  expect(message).toMatch(/at: .*function/);
});

test("many at once, and calls of the program inside of calls to it", async () => {
  const port: Port = await serving({ double: async ([n]) => port.call("echo", [Number(n) * 2]) });
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => port.call("ask", ["double", [i]])));
  expect(answers).toEqual(Array.from({ length: 200 }, (_, i) => ["reply", 2 * i]));
});

test("a call that the program cancels: its handler's signal is aborted, the answer comes all the same", async () => {
  const port = await serving({
    wait: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("stopped")));
      }),
  });
  expect(await port.call("ask_and_cancel", ["wait", 20])).toEqual(["error", "cancelled", "stopped"]);
});

test("the program's death aborts its handlers; what they give then goes nowhere", async () => {
  let signal: AbortSignal | undefined;
  const port = await serving({
    wait: (_, context) => {
      signal = context.signal;
      return new Promise((resolve) => signal?.addEventListener("abort", () => resolve("too late")));
    },
  });
  expect(await rejection(port.call("ask_and_exit", ["wait"]))).toMatchObject({ code: "PORT_EXIT" });
  await until(() => signal?.aborted === true);
  expect(await port.call("echo", [1])).toBe(1);
});

test("without handlers the program is told so", async () => {
  const port = await serving({});
  expect(await port.call("ask", ["anything", []])).toEqual([
    "error",
    "undef",
    "the host has no function anything (option handlers)",
  ]);
});
