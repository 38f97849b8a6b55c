/** Calls in their trace: from the caller's span through the program's and back, with real programs. */
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HrTime, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type OpenOptions, open, type Port } from "../../src/index.ts";
import { PortreeveInstrumentation } from "../../src/otel/index.ts";
import { openFixture, rejection } from "../port/ports.ts";
import { BUILD_TIMEOUT, tracedProgram } from "./program.ts";
import { inSpan, ns, only, provider, spans, taken, tree } from "./tracing.ts";

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
let program = "";
let folder = "";
let instrumentation: PortreeveInstrumentation;
let port: Port | undefined;

beforeAll(async () => {
  program = await tracedProgram();
}, BUILD_TIMEOUT);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-otel-"));
  instrumentation = new PortreeveInstrumentation({ tracerProvider: provider });
});

afterEach(async () => {
  instrumentation.disable();
  await port?.close();
  port = undefined;
  rmSync(folder, { recursive: true });
  taken();
});

afterAll(() => provider.shutdown());

/** Opens the program, and forgets the spans of that. */
async function openTraced(options: OpenOptions = {}): Promise<Port> {
  port = await open(program, { name: "bakery", stderr: "ignore", log: "off", ...options });
  taken();
  return port;
}

/** Starts and ends, in the order that they have to be in. */
function nested(
  outer: { startTime: HrTime; endTime: HrTime },
  inner: { startTime: HrTime; endTime: HrTime },
) {
  const times = [outer.startTime, inner.startTime, inner.endTime, outer.endTime].map(ns);
  expect(times).toEqual(times.toSorted((a, b) => (a < b ? -1 : 1)));
}

test("a call's span is a child of the caller's, the program's of that, and its own spans of that", async () => {
  const bakery = await openTraced();
  const caller = await inSpan(async () => expect(await bakery.call("bake", [3])).toBe(3));
  const all = await spans(5);
  expect(all.map(({ name, kind }) => [name, kind]).toSorted()).toEqual([
    ["bakery/bake", SpanKind.SERVER],
    ["bakery/bake", SpanKind.CLIENT],
    ["mix", SpanKind.INTERNAL],
    ["oven", SpanKind.INTERNAL],
    ["weigh", SpanKind.INTERNAL],
  ]);
  const client = all.find(({ kind }) => kind === SpanKind.CLIENT);
  const server = all.find(({ kind }) => kind === SpanKind.SERVER);
  if (client === undefined || server === undefined) throw new Error("two spans of the call");
  const [mix, oven, weigh] = [only(all, "mix"), only(all, "oven"), only(all, "weigh")];
  const parents = [client, server, mix, oven, weigh].map(
    ({ parentSpanContext }) => parentSpanContext?.spanId,
  );
  const ids = [client, server, mix].map((span) => span.spanContext().spanId);
  expect(parents).toEqual([caller.spanId, ids[0], ids[1], ids[1], ids[2]]);
  expect(new Set(all.map((span) => span.spanContext().traceId))).toEqual(new Set([caller.traceId]));
  nested(client, server);
  nested(server, mix);
  nested(mix, weigh);
  nested(server, oven);
  expect(ns(oven.endTime) - ns(oven.startTime)).toBeGreaterThan(1_900_000n);
  const rpc = { "rpc.system.name": "portreeve", "rpc.method": "bakery/bake" };
  expect(client.attributes).toEqual(rpc);
  expect(server.attributes).toEqual({ ...rpc, target: "portreeve", level: "INFO", "portreeve.worker": 0 });
  expect(server.parentSpanContext?.isRemote).toBe(true);
  expect(oven.attributes).toEqual({ target: "traced", level: "INFO", degrees: 180 });
  expect(all.map(({ status }) => status.code)).toEqual(Array(5).fill(SpanStatusCode.UNSET));
});

test("a call outside of any span begins a trace, and two of them two", async () => {
  const bakery = await openTraced();
  await Promise.all([bakery.call("trace"), bakery.call("trace")]);
  const all = await spans(4);
  expect(new Set(all.map((span) => span.spanContext().traceId)).size).toBe(2);
  expect(tree(all)).toEqual([
    "bakery/trace",
    "bakery/trace",
    ...Array(2).fill("bakery/trace < bakery/trace"),
  ]);
});

test("an error is one of the client's span by its code, of the program's by its kind, of a span that logs it", async () => {
  const bakery = await openTraced();
  await rejection(bakery.call("bake", [13]));
  const all = await spans(4);
  const [client] = all.filter(({ kind }) => kind === SpanKind.CLIENT);
  const [server] = all.filter(({ kind }) => kind === SpanKind.SERVER);
  const message = "bake: no flour for 13";
  expect(client?.status).toEqual({ code: SpanStatusCode.ERROR, message });
  expect(client?.attributes["error.type"]).toBe("CALL_ERROR");
  const [exception] = client?.events ?? [];
  expect(exception?.name).toBe("exception");
  expect(exception?.attributes).toMatchObject({
    "exception.type": "CALL_ERROR",
    "exception.message": message,
  });
  expect(server?.status).toEqual({ code: SpanStatusCode.ERROR, message });
  expect(server?.attributes["error.type"]).toBe("error");
  expect(only(all, "weigh").status).toEqual({ code: SpanStatusCode.ERROR, message: "no flour for 13" });
  expect(only(all, "mix").status).toEqual({ code: SpanStatusCode.UNSET });
  await rejection(bakery.call("burn"));
  expect((await spans(2)).map(({ attributes }) => attributes["error.type"]).toSorted()).toEqual([
    "CALL_PANIC",
    "panic",
  ]);
});

test("what the caller gives up has not failed; what takes too long has", async () => {
  const bakery = await openTraced();
  const controller = new AbortController();
  const call = bakery.call("wait", [60_000], { signal: controller.signal });
  setTimeout(() => controller.abort(), 20);
  expect((await rejection(call)).name).toBe("AbortError");
  for (const span of await spans(2)) {
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.attributes["portreeve.cancelled"]).toBe(true);
    expect(span.events).toEqual([]);
  }
  await rejection(bakery.call("wait", [60_000], { timeout: 20 }));
  const [client, server] = (await spans(2)).toSorted((a, b) => b.kind - a.kind);
  expect(client?.status.code).toBe(SpanStatusCode.ERROR);
  expect(client?.attributes["error.type"]).toBe("CALL_TIMEOUT");
  expect(server?.attributes["portreeve.cancelled"]).toBe(true);
});

test("a call that never reaches a worker has a span too", async () => {
  const bakery = await openTraced();
  await rejection(bakery.call("unheard_of"));
  const [span] = await spans(1);
  expect([span?.name, span?.attributes["error.type"]]).toEqual(["bakery/unheard_of", "CALL_UNDEF"]);
});

test("a broadcast is a call to each worker", async () => {
  const bakery = await openTraced({ workers: 2 });
  const caller = await inSpan(() => bakery.broadcast("bake", [1]));
  const all = await spans(10);
  expect(all.filter(({ parentSpanContext }) => parentSpanContext?.spanId === caller.spanId)).toHaveLength(2);
  const workers = all
    .filter(({ kind }) => kind === SpanKind.SERVER)
    .map((span) => span.attributes["portreeve.worker"]);
  expect(workers.toSorted()).toEqual([0, 1]);
  await expect(bakery.broadcast("bake", [13])).rejects.toMatchObject({ code: "CALL_ERROR" });
});

test("a call that is sent again stays in its trace; what the dead worker had told is kept", async () => {
  const bakery = await openTraced();
  const file = join(folder, "died");
  let trace: unknown;
  const { traceId } = await inSpan(async () => {
    trace = await bakery.call("die_once", [file]);
  });
  const all = (await spans(7)).filter((span) => span.spanContext().traceId === traceId);
  const client = all.find(({ kind }) => kind === SpanKind.CLIENT)?.spanContext();
  expect(trace).toBe(`00-${traceId}-${client?.spanId}-01`);
  // In "during" it died the first time: what was told before that has lost its parent, and is adopted in the end.
  instrumentation.disable();
  const late = taken().filter((span) => span.spanContext().traceId === traceId);
  expect(tree([...all, ...late])).toEqual([
    "bakery/die_once",
    "bakery/die_once < bakery/die_once",
    "before < bakery/die_once",
    "before < bakery/die_once",
    "during < bakery/die_once",
    "within < bakery/die_once",
    "within < during",
  ]);
});

test("spans of a call that died with its worker are children of the client's span", async () => {
  const bakery = await openTraced();
  await rejection(bakery.call("die_once", [join(folder, "died")], { idempotent: false }));
  const all = (await spans(5)).filter(({ name }) => !name.startsWith("portreeve."));
  expect(tree(all)).toEqual(["bakery/die_once", "before < bakery/die_once", "within < bakery/die_once"]);
  expect(only(all, "bakery/die_once").attributes["error.type"]).toBe("PORT_EXIT");
});

test("starts are spans where open was called, restarts begin traces with why and after how long", async () => {
  const caller = await inSpan(async () => {
    port = await open(program, { name: "bakery", stderr: "ignore" });
  });
  const [spawn] = await spans(1);
  expect([spawn?.name, spawn?.parentSpanContext?.spanId]).toEqual(["portreeve.spawn", caller.spanId]);
  expect(spawn?.attributes).toEqual({ "process.executable.path": program, "portreeve.worker": 0 });
  await rejection(port?.call("die_once", [join(folder, "died")], { idempotent: false }) ?? Promise.resolve());
  const again = (await spans(5)).filter(({ name }) => name.startsWith("portreeve."));
  expect(tree(again)).toEqual(["portreeve.restart", "portreeve.spawn < portreeve.restart"]);
  const restart = only(again, "portreeve.restart");
  expect(restart.parentSpanContext).toBeUndefined();
  expect(restart.spanContext().traceId).not.toBe(caller.traceId);
  expect(restart.attributes).toMatchObject({
    "portreeve.restart.reason": expect.stringContaining("SIGABRT"),
    "portreeve.restart.delay": 0,
  });
  nested(restart, only(again, "portreeve.spawn"));
});

test("a start that fails is an error of its span", async () => {
  await rejection(open("/nowhere/to/be/found"));
  const [spawn] = await spans(1);
  expect([spawn?.status.code, spawn?.attributes["error.type"]]).toEqual([SpanStatusCode.ERROR, "PORT_SPAWN"]);
});

test("the option trace is the parent where it is given", async () => {
  const bakery = await openTraced();
  const seen = await bakery.call<string>("trace", [], { trace: TRACE });
  expect(seen).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
  const client = (await spans(2)).find(({ kind }) => kind === SpanKind.CLIENT);
  expect(client?.parentSpanContext).toMatchObject({ spanId: "b7ad6b7169203331", isRemote: true });
  const error = await rejection(bakery.call("trace", [], { trace: "no trace" }));
  expect(error.message).toMatch(/^trace must be a W3C traceparent .*"no trace"$/);
});

test("what is not sampled goes to the program as such, and comes back from nobody", async () => {
  const bakery = await openTraced();
  const trace = TRACE.replace(/01$/, "00");
  const seen = await bakery.call<string>("trace", [], { trace });
  expect(seen).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
  await bakery.call("bake", [1], { trace });
  expect(taken()).toEqual([]);
});

test("a worker that was started before sends no spans; once disabled there are none at all", async () => {
  instrumentation.disable();
  const bakery = await openTraced();
  expect(await bakery.call("trace")).toBeNull();
  instrumentation.enable();
  expect(await bakery.call("trace")).toMatch(/^00-/);
  await bakery.call("bake", [1]);
  expect(taken().map(({ name }) => name)).toEqual(["bakery/trace", "bakery/bake"]);
  await bakery.restart();
  taken();
  await bakery.call("bake", [1]);
  await spans(5);
  instrumentation.disable();
  expect(await bakery.call("trace")).toBeNull();
  expect(taken()).toEqual([]);
});

test("many calls at once each keep their own tree", async () => {
  const bakery = await openTraced({ workers: 2 });
  const callers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => inSpan(() => bakery.call("bake", [i % 12]))),
  );
  const all = await spans(1000);
  for (const { traceId } of callers) {
    const own = all.filter((span) => span.spanContext().traceId === traceId);
    expect(tree(own)).toEqual([
      "bakery/bake",
      "bakery/bake < bakery/bake",
      "mix < bakery/bake",
      "oven < bakery/bake",
      "weigh < mix",
    ]);
  }
}, 60_000);

test("a program that knows nothing of traces is called as ever", async () => {
  port = await openFixture("well-behaved.mjs");
  taken();
  expect(await port.call("echo", ["hello"])).toBe("hello");
  expect((await spans(1)).map(({ name }) => name)).toEqual([`${port.name}/echo`]);
});

test("it has the shape of an instrumentation, and the package's version", () => {
  const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };
  expect(instrumentation.instrumentationVersion).toBe(version);
  const idle = new PortreeveInstrumentation({ enabled: false });
  idle.setTracerProvider(provider);
  expect(idle.getConfig()).toEqual({ enabled: false });
});
