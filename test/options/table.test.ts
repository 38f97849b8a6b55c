/** Every option has a test that shows what it does, and every test that the table names is there. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { Codec } from "../../codec/index.ts";
import { BUILD } from "../../src/build/build.ts";
import { BROADCAST, CALL, CAST } from "../../src/options/call.ts";
import { OPEN, REPLACE } from "../../src/options/open.ts";
import type { Table } from "../../src/options/table.ts";
import { CHILD, SUPERVISE } from "../../src/supervise/spec.ts";
import { hasTest } from "../titles.ts";
import { broadcast, build, call, cast, child, codec, open, replace, supervise } from "./table.ts";

const effects = { open, call, broadcast, cast, replace, codec, build, supervise, child };

/** The names of options, those within others with a dot; one that can be `false`, too, has an effect of its own. */
function names(table: Table, path = ""): string[] {
  return Object.entries(table).flatMap(([name, { fits, table: inner }]) => [
    ...(inner === undefined || fits(false) ? [path + name] : []),
    ...(inner === undefined ? [] : names(inner, `${path}${name}.`)),
  ]);
}

const tables: readonly (readonly [keyof typeof effects, readonly string[]])[] = [
  ["open", names(OPEN)],
  ["call", names(CALL)],
  ["broadcast", names(BROADCAST)],
  ["cast", names(CAST)],
  ["replace", names(REPLACE)],
  ["codec", Object.keys(new Codec().settings)],
  ["build", names(BUILD)],
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
  return hasTest(join("test", row.slice(0, colon)), row.slice(colon + 2));
}
