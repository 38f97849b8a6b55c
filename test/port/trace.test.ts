/** The option `trace` and the channels of tracing, without OpenTelemetry. */
import { execFile } from "node:child_process";
import { channel, tracingChannel } from "node:diagnostics_channel";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeAll, expect, test } from "vitest";
import { open, type Port, type SpanTrace } from "../../src/index.ts";
import { BUILD_TIMEOUT, tracedProgram } from "../otel/program.ts";
import { rejection } from "./ports.ts";

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const run = promisify(execFile);
let program = "";
let port: Port | undefined;

beforeAll(async () => {
  program = await tracedProgram();
}, BUILD_TIMEOUT);

afterEach(async () => {
  await port?.close();
  port = undefined;
});

test("the option trace reaches the function, also from a view and beside a timeout; without it there is none", async () => {
  port = await open(program, { stderr: "ignore" });
  expect(await port.call("trace", [], { trace: TRACE })).toBe(TRACE);
  expect(await port.call("trace", [], { trace: TRACE, timeout: 5000 })).toBe(TRACE);
  expect(await port.as<{ trace(): Promise<string> }>(undefined, { trace: TRACE }).trace()).toBe(TRACE);
  expect(await port.broadcast("trace", [], { trace: TRACE })).toEqual([TRACE]);
  expect(await port.call("trace")).toBeNull();
});

test("a call that waits in the queue keeps its trace", async () => {
  port = await open(program, { stderr: "ignore", maxInFlight: 1 });
  const calls = Array.from({ length: 20 }, (_, i) => TRACE.replace(/03331/, `0${1000 + i}`));
  const { call } = port;
  expect(await Promise.all(calls.map((trace) => call.call(port as Port, "trace", [], { trace })))).toEqual(
    calls,
  );
});

test.each(["", "00-nonsense", TRACE.toUpperCase(), `${TRACE}-more`, "x".repeat(1e5), 5, {}])(
  "a trace that is no traceparent is refused before anything is sent: %.30s",
  async (trace) => {
    port = await open(program, { stderr: "ignore" });
    const error = await rejection(port.call("trace", [], { trace: trace as string }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^trace must be a W3C traceparent \(00-<32 hex digits>/);
    expect(error.message.length).toBeLessThan(600);
    expect(port.stats().calls).toBe(0);
  },
);

test("a listener to the start of a call may set its trace", async () => {
  port = await open(program, { stderr: "ignore" });
  const { start } = tracingChannel<{ trace?: string }>("portreeve:call");
  const set = (message: unknown) => Object.assign(message as object, { trace: TRACE });
  start.subscribe(set);
  try {
    expect(await port.call("trace")).toBe(TRACE);
    expect(await port.call("trace", [], { timeout: 5000 })).toBe(TRACE);
    expect(await port.broadcast("trace")).toEqual([TRACE]);
  } finally {
    start.unsubscribe(set);
  }
  expect(await port.call("trace")).toBeNull();
});

test("who listens to spans when a worker starts gets those of traced calls", async () => {
  const told: SpanTrace[] = [];
  const listen = (message: unknown) => told.push(message as SpanTrace);
  channel("portreeve:span").subscribe(listen);
  try {
    port = await open(program, { name: "bakery", stderr: "ignore" });
    await port.call("bake", [2]);
    await port.call("bake", [2], { trace: TRACE });
    // The answer to a later call comes behind the spans of an earlier one.
    await port.call("trace");
  } finally {
    channel("portreeve:span").unsubscribe(listen);
  }
  const { pid } = port.stats().workers[0] ?? {};
  expect(told.map(({ span }) => span.name)).toEqual(["weigh", "mix", "oven", "bake"]);
  for (const { span, ...from } of told) {
    expect(from).toEqual({ port: "bakery", worker: 0, pid });
    expect(span.trace).toBe(TRACE);
  }
});

test("portreeve loads nothing of OpenTelemetry, and portreeve/otel says what it lacks", async () => {
  const hooks = `export function resolve(name, context, next) {
    if (name.startsWith("@opentelemetry/")) throw Object.assign(new Error("not installed: " + name), { code: "ERR_MODULE_NOT_FOUND" });
    return next(name, context);
  }`;
  const dist = new URL("../../dist/src/", import.meta.url);
  const script = `
    import { register } from "node:module";
    register("data:text/javascript,${encodeURIComponent(hooks)}");
    await import(${JSON.stringify(new URL("index.js", dist).href)});
    console.log("portreeve is there");
    await import(${JSON.stringify(new URL("otel/index.js", dist).href)}).catch((error) => console.log(error.message));
  `;
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd });
  expect(stdout).toBe("portreeve is there\nnot installed: @opentelemetry/api\n");
});
