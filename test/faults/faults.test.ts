/** Every fault that was ever found has a test, and every test that the table names is there. */
import { expect, test } from "vitest";
import { hasTest } from "../titles.ts";
import { FAULTS } from "./ids.ts";
import { rows } from "./table.ts";

test("every fault has a test", () => {
  const held = new Set(rows.map(({ id }) => id));
  expect(FAULTS.filter((id) => !held.has(id))).toEqual([]);
});

test("the table names no fault that is not on the list", () => {
  expect([...new Set(rows.map(({ id }) => id))].filter((id) => !FAULTS.includes(id))).toEqual([]);
});

test("every test that the table names is there, under that title", () => {
  expect(
    rows
      .filter(({ file, title }) => !hasTest(file, title))
      .map(({ id, file, title }) => `${id}: ${file}: ${title}`),
  ).toEqual([]);
});
