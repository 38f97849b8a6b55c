/** Every option has a test that shows what it does, and every test that the table names is there. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OPEN } from "../../src/options/open.ts";
import type { Table } from "../../src/options/table.ts";
import { CALL } from "../../src/port/call-options.ts";
import { CHILD, SUPERVISE } from "../../src/supervise/spec.ts";
import { fixture } from "../fixtures/fixture.ts";
import { call, child, open, supervise } from "./table.ts";

const effects = { open, call, supervise, child };

/** The names of options, those that hold others with a dot. */
function names(table: Table, path = ""): string[] {
  return Object.entries(table).flatMap(([name, rule]) =>
    rule.table === undefined ? [path + name] : names(rule.table, `${path}${name}.`),
  );
}

const tables: readonly (readonly [keyof typeof effects, readonly string[]])[] = [
  ["open", names(OPEN)],
  ["call", names(CALL)],
  // Its backoff is that of `open`.
  ["supervise", Object.keys(SUPERVISE)],
  ["child", Object.keys(CHILD)],
];

test.each(tables)("every option of %s has a test of its effect", (name, options) => {
  expect(Object.keys(effects[name]).toSorted()).toEqual([...options].toSorted());
});

test.each(tables)("every test of the options of %s is there, under that title", (name) => {
  const missing = Object.values(effects[name])
    .flat()
    .filter((row) => !stands(row));
  expect(missing).toEqual([]);
});

function stands(row: string): boolean {
  const colon = row.indexOf(": ");
  const path = fixture(`../${row.slice(0, colon)}`);
  return existsSync(path) && readFileSync(path, "utf8").includes(row.slice(colon + 2));
}
