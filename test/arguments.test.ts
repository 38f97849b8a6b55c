/** What the public API is given wrongly is an error of ours that says what it takes, never one of the runtime about our code. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { EtfError } from "../codec/index.ts";
import { build } from "../src/build/build.ts";
import { open, type Port, PortError, prometheus, type Supervisor, supervise } from "../src/index.ts";
import { fixture } from "./fixtures/fixture.ts";

const program = fixture("well-behaved.mjs");
let port: Port;
let supervisor: Supervisor;

beforeAll(async () => {
  port = await open(program, { stderr: "ignore" });
  supervisor = await supervise();
});
afterAll(async () => {
  await port.close();
  await supervisor.close();
});

/** Values that are wrong nearly everywhere. */
const ODD: Readonly<Record<string, unknown>> = {
  null: null,
  "a number": 5,
  "a string": "x",
  "a list": [1],
  "an object": { nothing: "known" },
  "a symbol": Symbol("odd"),
  "a function": () => 1,
  true: true,
  "an object without a prototype": Object.create(null),
};

type Call = (value: never) => unknown;
const CALLS: Readonly<Record<string, Call>> = {
  "open(program)": (value) => open(value),
  "open(…, options)": (value) => open(program, value),
  "call(name)": (value) => port.call(value),
  "call(…, args)": (value) => port.call("echo", value),
  "call(…, options)": (value) => port.call("echo", [1], value),
  "cast(name)": (value) => port.cast(value),
  "cast(…, args)": (value) => port.cast("echo", value),
  "cast(…, options)": (value) => port.cast("echo", [1], value),
  "broadcast(name)": (value) => port.broadcast(value),
  "broadcast(…, args)": (value) => port.broadcast("echo", value),
  "broadcast(…, options)": (value) => port.broadcast("echo", [1], value),
  "as(client)": (value) => port.as(value),
  "as(…, options)": (value) => port.as(undefined, value),
  "restart(options)": (value) => port.restart(value),
  "reload(program)": (value) => port.reload(value),
  "reload(…, options)": (value) => port.reload(program, value),
  "supervise(options)": (value) => supervise(value),
  "startChild(spec)": (value) => supervisor.startChild(value),
  "stopChild(id)": (value) => supervisor.stopChild(value),
  "restartChild(id)": (value) => supervisor.restartChild(value),
  "deleteChild(id)": (value) => supervisor.deleteChild(value),
  "port(id)": (value) => supervisor.port(value).call("echo", [1]),
  "prometheus(port)": (value) => prometheus(value),
  "build(options)": (value) => build(value),
  "build({ crate })": (value) => build({ crate: value }),
  "build({ features })": (value) => build({ crate: "nowhere", features: value }),
};

/** What the runtime says when code trusted a value that it should have looked at. */
const ACCIDENT =
  /Cannot (read|convert|destructure|set|mix)|is not (a function|iterable|a constructor|an object)|\[object|undefined does|must be of type/;

test.each(Object.entries(CALLS))("%s says what it takes", async (name, call) => {
  for (const [what, value] of Object.entries(ODD)) {
    const outcome = await attempt(call, value);
    if (outcome === undefined) continue;
    const error = outcome.error;
    const isOurs =
      error instanceof TypeError ||
      error instanceof RangeError ||
      error instanceof PortError ||
      error instanceof EtfError;
    expect(isOurs, `${name} with ${what}: ${String(error)}`).toBe(true);
    expect((error as Error).message, `${name} with ${what}`).not.toMatch(ACCIDENT);
  }
});

/** The error, or `undefined` when the value was taken. What it started is ended. */
async function attempt(call: Call, value: unknown): Promise<{ readonly error: unknown } | undefined> {
  try {
    const result = await call(value as never);
    if (result !== port && result !== supervisor)
      await (result as { close?(): unknown } | undefined)?.close?.();
    return undefined;
  } catch (error) {
    return { error };
  }
}
