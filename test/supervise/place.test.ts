/** Places of a tree, without one: a handle for each that is of use, and no more. */
import { expect, test } from "vitest";
import { PortClosedError } from "../../src/errors.ts";
import { refusal } from "../../src/supervise/error.ts";
import { Place } from "../../src/supervise/place.ts";

/** A top of which the children are these. */
function top(children: ReadonlySet<string>): Place {
  const place = new Place();
  place.settle(([id = ""]) => ({
    error: children.has(id)
      ? new PortClosedError(`${id} does not run`)
      : refusal("NOT_FOUND", id, "does not exist"),
  }));
  return place;
}

test("a place has one handle, which looks from the top", () => {
  const place = top(new Set());
  const asked: string[][] = [];
  place.below("a").settle((path) => {
    asked.push([...path]);
    throw new Error("not the top");
  });
  const { handle } = place.below("a").below("b");
  expect(place.below("a").below("b").handle).toBe(handle);
  expect(() => handle.stats()).toThrow('child "a" does not exist');
  expect(asked).toEqual([]);
});

test("those of children that are gone are forgotten, unless somebody listens", () => {
  const children = new Set(["stays"]);
  const place = top(children);
  const kept = place.below("stays").handle;
  const heard = place.below("heard").handle.on("drain", () => {});
  const below = place
    .below("above")
    .below("heard")
    .handle.on("drain", () => {});
  const lost = place.below("gone").handle;
  for (let count = 0; count < 1000; count += 1) expect(place.below(`dynamic:${count}`).handle).toBeDefined();
  expect(place.below("stays").handle).toBe(kept);
  expect(place.below("heard").handle).toBe(heard);
  expect(place.below("above").below("heard").handle).toBe(below);
  expect(place.below("gone").handle).not.toBe(lost);
});
