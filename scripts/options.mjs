#!/usr/bin/env node
/**
 * Writes docs/options.md: the comments and types of the interfaces that a user's editor shows, beside what the tables check
 * and assume. `--check` only compares. Where a comment and a table disagree on a default it fails, and says where.
 * Needs dist/ (npm run build).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { groups } from "./options/groups.mjs";
import { readInterfaces } from "./options/interfaces.mjs";
import { pageOf } from "./options/page.mjs";

const root = join(import.meta.dirname, "..");
const path = join(root, "docs", "options.md");

const { text, faults } = pageOf(groups, readInterfaces(root, groups));
if (faults.length > 0) throw new Error(faults.join("\n"));
if (!process.argv.includes("--check")) writeFileSync(path, text);
else if (readFileSync(path, "utf8") !== text) {
  process.stderr.write("docs/options.md is not what `npm run options` writes\n");
  process.exitCode = 1;
}
