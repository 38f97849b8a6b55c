/** Imports between rooms point one way, on both sides of the pipe (docs/words.md says what a room is). */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";
import { filesOf } from "./files.ts";
import { cycles, type Order, wrongWay } from "./graph.ts";
import { code, importsOf, rustImports } from "./rust.ts";
import { typescriptImports } from "./typescript.ts";

const RUNTIME = "rust-port/portreeve/src";
const RUST: Order = [
  ["etf"],
  ["types"],
  ["wire", "sys"],
  ["blackbox"],
  ["link"],
  ["calls"],
  ["schedule"],
  ["observe"],
  ["runtime"],
  ["api"],
];
const TYPESCRIPT: Order = [
  ["codec", "shared"],
  ["wire"],
  ["restart", "diagnose"],
  ["options"],
  ["metrics", "process"],
  ["calls", "build"],
  ["pool", "resolve"],
  ["dispatch", "pack"],
  ["port"],
  ["supervise"],
  ["cli", "otel", "index"],
];

test("Rust: a room imports only rooms to its left", () => {
  const imports = rustImports(RUNTIME);
  expect(imports.length).toBeGreaterThan(200);
  expect(wrongWay(RUST, imports)).toEqual([]);
  expect(cycles(imports)).toEqual([]);
});

test("Rust: every room is a folder with a header that says its duty and what it imports", () => {
  for (const room of RUST.flat()) {
    const header = readFileSync(fixture(`../../${RUNTIME}/${room}.rs`), "utf8");
    expect(existsSync(fixture(`../../${RUNTIME}/${room}`)), room).toBe(true);
    if (room !== "etf" && room !== "types") expect(header).toContain(`//! Room \`${room}\``);
  }
});

test("Rust: libc is named in `sys` and nowhere else", () => {
  const root = fixture(`../../${RUNTIME}/`);
  const files = filesOf(RUNTIME, ".rs").filter((file) => !file.startsWith("sys"));
  expect(files.filter((file) => /\blibc::/.test(code(readFileSync(`${root}${file}`, "utf8"))))).toEqual([]);
});

test("Rust: the two halves of the macros know nothing of each other", () => {
  const imports = rustImports("rust-port/portreeve-macros/src");
  expect(cycles(imports)).toEqual([]);
});

test("TypeScript: a room imports only rooms to its left", () => {
  const imports = typescriptImports();
  expect(imports.length).toBeGreaterThan(200);
  expect(wrongWay(TYPESCRIPT, imports)).toEqual([]);
  expect(cycles(imports)).toEqual([]);
});

test("an arrow back, an unknown room and a cycle are found", () => {
  const text =
    "use crate::{link::Link, wire};\nuse super::super::api::Host; // crate::runtime\nfn f() { crate::calls::g() }\n";
  const imports = importsOf("wire/message/read.rs", code(text));
  expect(imports.map(({ to }) => to).sort()).toEqual(["calls", "link", "wire"]);
  expect(importsOf("wire/frame.rs", "use super::super::api;").map(({ to }) => to)).toEqual(["api"]);
  expect(wrongWay(RUST, imports)).toEqual([
    "wire/message/read.rs: wire imports calls",
    "wire/message/read.rs: wire imports link",
  ]);
  const arrow = (from: string, to: string) => ({ file: `${from}.rs`, from, to });
  expect(wrongWay(RUST, [arrow("etf", "Atom"), arrow("wire", "sys")])).toHaveLength(2);
  const circle = [arrow("a", "b"), arrow("b", "c"), arrow("c", "a"), arrow("c", "d"), arrow("d", "d")];
  expect(cycles(circle).map((group) => [...group].sort())).toEqual([["a", "b", "c"]]);
});
