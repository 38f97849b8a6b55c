/** What the compiler says of ports: these tests are held by the type-check, and run to nothing. */
import { EventEmitter, once } from "node:events";
import { expect, expectTypeOf, test } from "vitest";
import type {
  AnyPort,
  Port,
  PortClient,
  PortEvents,
  PortFunctions,
  PortHandle,
  PortLike,
  PortView,
} from "../../src/index.ts";

/** By hand, with values and promises; a generated one has promises only. */
interface Compute {
  sum(values: number[]): Promise<number>;
  greet(name: string, times?: number): string;
  now(): number;
  wait(ms?: number): void;
}

const never = undefined as never;

/** Compiled and not run. */
function typesOnly(check: () => unknown): void {
  expect(check).toBeTypeOf("function");
}

test("types: with an interface names, arguments and results are known", () => {
  const port = never as Port<Compute>;
  typesOnly(() => {
    expectTypeOf(port.call("sum", [[1, 2]])).resolves.toEqualTypeOf<number>();
    expectTypeOf(port.call("greet", ["x"], { timeout: 5 })).resolves.toEqualTypeOf<string>();
    expectTypeOf(port.broadcast("greet", ["x", 2])).resolves.toEqualTypeOf<string[]>();
    // @ts-expect-error no such function
    port.call("smu", [[1]]);
    // @ts-expect-error a list of numbers is wanted
    port.call("sum", ["x"]);
    // @ts-expect-error no such function
    port.cast("smu");
    // @ts-expect-error the result is the interface's word
    port.call<string>("sum", [[1]]);
  });
});

test("types: arguments may be left out only where none has to be given", () => {
  const port = never as Port<Compute>;
  typesOnly(() => {
    port.call("now");
    port.call("now", [], { timeout: 5 });
    port.call("now", undefined, { timeout: 5 });
    port.call("wait");
    port.call("wait", [5]);
    port.cast("wait");
    // @ts-expect-error `values` is missing
    port.call("sum");
    // @ts-expect-error `values` is missing
    port.call("sum", []);
    // @ts-expect-error `values` is missing
    port.cast("sum");
    // @ts-expect-error `name` is missing
    port.broadcast("greet");
    // @ts-expect-error options are not arguments
    port.call("now", { timeout: 5 });
    // @ts-expect-error it takes none
    port.call("now", [1]);
  });
});

test("types: a view gives promises, of an interface by hand as of a generated client", () => {
  const port = never as Port<Compute>;
  const untyped = never as Port;
  const generated: PortClient<Compute> = { functions: ["sum", "greet"], hash: "x" };
  typesOnly(() => {
    expectTypeOf(port.as()).toEqualTypeOf<PortView<Compute>>();
    expectTypeOf(untyped.as(generated)).toEqualTypeOf<PortView<Compute>>();
    expectTypeOf(untyped.as<Compute>()).toEqualTypeOf<PortView<Compute>>();
    expectTypeOf(port.as().sum).toEqualTypeOf<(values: number[]) => Promise<number>>();
    expectTypeOf(port.as().greet).toEqualTypeOf<(name: string, times?: number) => Promise<string>>();
    expectTypeOf(port.as().with({ timeout: 5 })).toEqualTypeOf<PortView<Compute>>();
    // @ts-expect-error a promise has no length
    port.as().greet("x").length;
    // @ts-expect-error no such option
    port.as().with({ timeuot: 5 });
    // @ts-expect-error the client names a function that its interface lacks
    const bad: PortClient<Compute> = { functions: ["sum", "nope"] };
    return bad;
  });
});

test("types: a function called `with` stands in the place of with(), and one called `then` is left out", () => {
  const port = never as Port<{ with(what: string): number; then(): void }>;
  typesOnly(() => {
    expectTypeOf(port.as().with("milk")).resolves.toEqualTypeOf<number>();
    // @ts-expect-error it takes a string
    port.as().with({ timeout: 5 });
    // @ts-expect-error it would make a promise of the view
    port.as().then();
  });
});

test("types: without an interface every name is accepted and results are unknown", () => {
  const port = never as Port;
  typesOnly(() => {
    expectTypeOf(port.call("anything", [1, "two"])).resolves.toEqualTypeOf<unknown>();
    expectTypeOf(port.call<number>("anything")).resolves.toEqualTypeOf<number>();
    expectTypeOf(port.broadcast<number>("anything")).resolves.toEqualTypeOf<number[]>();
    expectTypeOf(port.as().anything?.(1)).toEqualTypeOf<Promise<unknown> | undefined>();
  });
});

test("types: what takes a PortLike takes every port of these functions, and what takes AnyPort every port", () => {
  const use = async (port: PortLike<Compute>) => await port.call("sum", [[1]]);
  const watch = (port: AnyPort) => port.on("restart", () => {}).stats().queued;
  const functionsOf = <F>(_port: PortLike<F>): F => never;
  typesOnly(() => {
    for (const port of [never as Port<Compute>, never as PortHandle<Compute>]) {
      void use(port);
      watch(port);
      void once(port, "drain");
      expectTypeOf(functionsOf(port)).toEqualTypeOf<Compute>();
      expectTypeOf(port).toExtend<EventEmitter<PortEvents>>();
    }
    void use(never as Port);
    watch(never as Port);
    // @ts-expect-error these are other functions
    void use(never as Port<{ total(): number }>);
  });
});

test("a mock of a view is an object literal", async () => {
  const functions: PortFunctions<Compute> = {
    sum: async (values) => values.length,
    greet: async (name) => `hello ${name}`,
    now: async () => 3,
    wait: async () => {},
  };
  const view: PortView<Compute> = { ...functions, with: () => view };
  expect(await view.with({ timeout: 5 }).sum([1, 2])).toBe(2);
});

const answers = { sum: 3, greet: "x", now: 4, wait: undefined };

test("a fake of PortLike type-checks without a cast, as an object", async () => {
  const called: unknown[] = [];
  const view = never as PortView<Compute>;
  const fake: PortLike<Compute> = {
    name: "fake",
    functions: [],
    types: {},
    needsDrain: false,
    call: async (name, ...[args]) => {
      called.push(name, args);
      return answers[name];
    },
    cast: (name, ..._rest) => void called.push(name),
    broadcast: async (name, ..._rest) => [answers[name]],
    as: () => view,
    restart: async () => {},
    reload: async () => {},
    stats: () => never,
    on() {
      return this;
    },
    once() {
      return this;
    },
    off() {
      return this;
    },
  };
  expect(await fake.call("sum", [[1, 2]])).toBe(3);
  expect(called).toEqual(["sum", [[1, 2]]]);
});

test("a fake of PortLike type-checks without a cast, as a class", async () => {
  class Fake extends EventEmitter<PortEvents> implements PortLike<Compute> {
    readonly name = "fake";
    readonly functions = [];
    readonly types = {};
    readonly needsDrain = false;
    readonly as = () => never;
    async call<N extends keyof Compute>(name: N, ..._rest: unknown[]): Promise<(typeof answers)[N]> {
      return answers[name];
    }
    cast(): void {}
    async broadcast<N extends keyof Compute>(name: N, ..._rest: unknown[]): Promise<(typeof answers)[N][]> {
      return [answers[name]];
    }
    async restart(): Promise<void> {}
    async reload(): Promise<void> {}
    stats(): never {
      throw new Error("no numbers");
    }
  }
  const fake: PortLike<Compute> = new Fake();
  expect(await fake.call("greet", ["you"])).toBe("x");
});
