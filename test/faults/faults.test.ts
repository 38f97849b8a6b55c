/** Every fault that was ever found has a test, and every test that the table names is there. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";
import { FAULTS } from "./ids.ts";
import { type Row, rows } from "./table.ts";

test("every fault has a test", () => {
  const held = new Set(rows.map(({ id }) => id));
  expect(FAULTS.filter((id) => !held.has(id))).toEqual([]);
});

test("the table names no fault that is not on the list", () => {
  expect([...new Set(rows.map(({ id }) => id))].filter((id) => !FAULTS.includes(id))).toEqual([]);
});

test("every test that the table names is there, under that title", () => {
  expect(rows.filter((row) => !stands(row)).map(({ id, file, title }) => `${id}: ${file}: ${title}`)).toEqual(
    [],
  );
});

/** A title stands in its file as it is written there; a Rust test is a function of that name. */
function stands({ file, title }: Row): boolean {
  const path = fixture(`../../${file}`);
  if (!existsSync(path)) return false;
  const text = readFileSync(path, "utf8");
  return text.includes(file.endsWith(".rs") ? `fn ${title}(` : title);
}
