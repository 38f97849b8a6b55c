import { describe, expect, it } from "vitest";
import { atom, Codec, float, parse, pid, TermMap, tuple } from "../../codec/index.ts";

describe("TermMap", () => {
  it("finds keys by what they are", () => {
    const map = new TermMap<number>([
      [tuple(atom("a"), [1]), 1],
      [Uint8Array.of(97), 2],
      [pid("a@b", 1, 0, 0), 3],
      [1, 4],
      [float(1), 5],
      [0, 6],
      [float(-0), 7],
      [undefined, 8],
    ]);
    expect(map.get(tuple(atom("a"), [1]))).toBe(1);
    expect(map.get("a")).toBe(2);
    expect(map.get(pid("a@b", 1, 0, 0))).toBe(3);
    expect(map.get(1n)).toBe(4);
    expect(map.get(float(1))).toBe(5);
    expect(map.get(0)).toBe(6);
    expect(map.get(-0)).toBe(7);
    expect(map.get(undefined)).toBe(8);
    expect(map.get(tuple(atom("a"), [2]))).toBeUndefined();
    expect(map.has(Uint8Array.of(98))).toBe(false);
    expect(map.size).toBe(8);
  });
  it("replaces and deletes by what keys are, and keeps the order", () => {
    const map = new TermMap([
      [tuple(1), "a"],
      [atom("true"), "b"],
    ]);
    map.set(tuple(1), "c").set(true, "d");
    expect([...map.values()]).toEqual(["c", "d"]);
    expect(map.delete(tuple(1))).toBe(true);
    expect(map.delete(tuple(1))).toBe(false);
    expect(map.has(tuple(1))).toBe(false);
    map.set(tuple(1), "e");
    expect([...map.values()]).toEqual(["d", "e"]);
    map.clear();
    expect(map.has(tuple(1))).toBe(false);
  });
  it("is what maps are in the exact view, in the order of the bytes", () => {
    const exact = new Codec({ exact: true });
    const map = exact.decode<TermMap>(
      exact.encode(parse('#{{b} => 1, a => 2, <<"c">> => 3, #{x => 1} => 4}')),
    );
    expect(map).toBeInstanceOf(TermMap);
    expect([...map.values()]).toEqual([1, 2, 3, 4]);
    expect(map.get(new TermMap([[atom("x"), 1]]))).toBe(4);
  });
});
