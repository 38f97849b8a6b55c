/** What becomes of spans whose parents are late or never come, without a program. */
import { channel } from "node:diagnostics_channel";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Trees } from "../../src/otel/trees.ts";
import type { ProgramSpan } from "../../src/wire/span.ts";
import { provider, taken, tree } from "./tracing.ts";

vi.mock("../../src/timers.ts", () => import("../late-timers.ts"));

const CALLER = "b7ad6b7169203331";
let trees: Trees;

beforeEach(() => {
  vi.useFakeTimers();
  trees = new Trees(() => provider.getTracer("test"));
  trees.enable();
});

afterEach(() => {
  trees.disable();
  vi.useRealTimers();
  taken();
});

function tell(id: string, parent: string, caller = CALLER, more: Partial<ProgramSpan> = {}): void {
  const span = {
    trace: `00-0af7651916cd43dd8448eb211c80319c-${caller}-01`,
    id,
    parent,
    name: id,
    target: "test",
    level: "info",
    start: 1_000_000_000n,
    end: 2_000_000_000n,
    fields: {},
    error: undefined,
    kind: undefined,
    bytes: 100,
    ...more,
  };
  channel("portreeve:span").publish({ port: "p", worker: 0, pid: 1, span });
}

const names = () => taken().map(({ name }) => name);

test("children wait for their parents, and are made from the top down", () => {
  trees.begin(CALLER);
  tell("c", "b");
  tell("d", "b");
  tell("b", "a");
  expect(names()).toEqual([]);
  tell("a", CALLER);
  tell("late", "b");
  expect(tree(taken())).toEqual(["b < p/a", "c < b", "d < b", "late < b", "p/a"]);
});

test("when a call fails, what waits is adopted by the call", () => {
  trees.begin(CALLER);
  tell("c", "b");
  tell("b", "a");
  trees.end(CALLER, true);
  const all = taken();
  expect(tree(all)).toEqual(["b", "c < b"]);
  expect(all.find(({ name }) => name === "b")?.parentSpanContext?.spanId).toBe(CALLER);
});

test("after a success it may still come for five seconds; later ones are adopted too", () => {
  trees.begin(CALLER);
  tell("b", "a");
  trees.end(CALLER, false);
  vi.advanceTimersByTime(4900);
  expect(names()).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(names()).toEqual(["b"]);
  tell("c", "a");
  expect(taken()[0]?.parentSpanContext?.spanId).toBe(CALLER);
  // The exporter answers by a timer, too.
  vi.advanceTimersByTime(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("calls that end later have their own five seconds", () => {
  const other = "00000000000000bb";
  trees.begin(CALLER);
  trees.begin(other);
  tell("b", "a");
  tell("y", "x", other);
  trees.end(CALLER, false);
  vi.advanceTimersByTime(3000);
  trees.end(other, false);
  vi.advanceTimersByTime(2100);
  expect(names()).toEqual(["b"]);
  vi.advanceTimersByTime(3000);
  expect(names()).toEqual(["y"]);
});

test("of too many that wait none is lost, and none waits any more", () => {
  trees.begin(CALLER);
  for (let i = 0; i < 10_000; i += 1) tell(`child ${i}`, "a");
  expect(names()).toEqual([]);
  tell("one more", "a");
  expect(taken()).toHaveLength(10_001);
});

test("spans that name each other as parent keep nothing: those of other calls find their parents", () => {
  const other = "00000000000000bb";
  trees.begin(CALLER);
  trees.begin(other);
  for (let i = 0; i < 11_000; i += 1) tell(`a${i}`, `b${i}`);
  for (let i = 0; i < 11_000; i += 1) tell(`b${i}`, `a${i}`);
  tell("self", "self");
  trees.end(CALLER, true);
  expect(taken().filter(({ name }) => name === "self" || /^[ab]\d+$/.test(name))).toHaveLength(22_001);
  tell("c", "b", other);
  tell("b", other, other);
  expect(tree(taken())).toEqual(["c < p/b", "p/b"]);
});

test("what waits is bounded in bytes, over all calls, and goes oldest call first", () => {
  const other = "00000000000000bb";
  trees.begin(CALLER);
  trees.begin(other);
  const large = { bytes: 1 << 20 };
  for (let i = 0; i < 9; i += 1) tell(`old ${i}`, "a", CALLER, large);
  for (let i = 0; i < 7; i += 1) tell(`new ${i}`, "a", other, large);
  expect(names()).toEqual([]);
  tell("one more", "a", other, large);
  expect(names().filter((name) => name.startsWith("old"))).toHaveLength(9);
  tell("a", other, other);
  expect(tree(taken()).filter((name) => name.startsWith("new"))).toHaveLength(7);
});

test("of a call that never ends no more than the last spans are remembered", () => {
  trees.begin(CALLER);
  for (let i = 0; i < 30_000; i += 1) tell(`s${i}`, CALLER);
  taken();
  tell("of the last", "s29999");
  expect(names()).toEqual(["of the last"]);
  // The first is forgotten: its child waits as for any parent that has not come, and belongs to the call in the end.
  tell("of the first", "s0");
  expect(names()).toEqual([]);
  trees.end(CALLER, true);
  expect(names()).toEqual(["of the first"]);
});

test("of too many calls the oldest that has ended goes first", () => {
  const id = (i: number) => i.toString(16).padStart(16, "0");
  for (let i = 1; i <= 10_000; i += 1) trees.begin(id(i));
  tell("of the first", "a", id(1));
  tell("of the second", "a", id(2));
  trees.end(id(2), false);
  trees.begin(id(10_001));
  expect(names()).toEqual(["of the second"]);
  trees.begin(id(10_002));
  expect(names()).toEqual(["of the first"]);
});

test("fields keep their names, kinds and statuses theirs; what is no traceparent is nobody's", () => {
  const fields = {
    "otel.name": "GET /cakes",
    "otel.kind": "client",
    "otel.status_code": "ok",
    big: 2n ** 60n,
    open: true,
    text: "x",
  };
  tell("a", "b", CALLER, { fields });
  const [span] = taken();
  expect([span?.name, span?.kind, span?.status.code]).toEqual(["GET /cakes", 2, 1]);
  expect(span?.attributes).toEqual({
    big: "1152921504606846976",
    open: true,
    text: "x",
    target: "test",
    level: "INFO",
  });
  tell("a", "b", CALLER, { fields: { "otel.status_code": "ERROR", "otel.status_description": "stale" } });
  expect(taken()[0]?.status).toEqual({ code: 2, message: "stale" });
  tell("a", "b", "short");
  expect(taken()).toEqual([]);
});

test("disabling exports what waits", () => {
  trees.begin(CALLER);
  tell("b", "a");
  trees.disable();
  expect(names()).toEqual(["b"]);
});
