import { expect, test } from "vitest";
import { ProtocolError } from "../../src/errors.ts";
import { readSpan } from "../../src/wire/span.ts";

const map = {
  trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  id: "00000000000000aa",
  parent: "b7ad6b7169203331",
  name: "sum",
  target: "portreeve",
  level: "info",
  start: 1_790_000_000_000_000_001n,
  end: 1_790_000_000_000_000_002n,
  fields: { items: 3 },
};

test("a span is read with its times in full, and what it may lack is undefined", () => {
  expect(readSpan({ ...map, call: 65_536, later: "words" }, 99)).toEqual({
    ...map,
    error: undefined,
    kind: undefined,
    bytes: 99,
  });
  expect(readSpan({ ...map, error: "no", kind: "panic" }, 99)).toMatchObject({ error: "no", kind: "panic" });
  expect(readSpan({ ...map, start: 5 }, 99).start).toBe(5n);
  expect(readSpan({ ...map, fields: undefined }, 99).fields).toEqual({});
});

test.each([
  null,
  "span",
  { ...map, id: undefined },
  { ...map, name: 5 },
  { ...map, start: 0.5 },
  { ...map, end: "now" },
  { ...map, error: 5 },
])("%o is none", (term) => {
  expect(() => readSpan(term, 99)).toThrow(ProtocolError);
});
