/**
 * What other ETF codecs make of the same bytes: each term is decoded and encoded again, in a process of its own, for some of them
 * die of it. Run as a program with a codec's name and a case's number it prints what came back.
 */

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { Codec, inspect, parse } from "../../codec/index.ts";

const load = createRequire(process.env.BENCH_PACKAGES ?? import.meta.url);
const exact = new Codec({ exact: true });

/** A term as text, or bytes that are none. */
interface Case {
  readonly what: string;
  readonly bytes: () => Uint8Array;
}

function term(what: string, text: string): Case {
  return { what: `${what}: \`${text}\``, bytes: () => exact.encode(parse(text)) };
}

export const CASES: readonly Case[] = [
  term("an atom beside a text", '{ok,<<"ok">>}'),
  term("a tuple beside a list", "[{1,a},[1,a]]"),
  term("an atom and a text as keys", '#{a => 1,<<"a">> => 2}'),
  term("an integer over 2^53", "9007199254740993"),
  term("an integral float", "[1.0,1]"),
  term("a negative integer in a list", "[-1,2]"),
  term("an integer over 2^31", "3000000000"),
  term("bytes that are no UTF-8", "<<255,254>>"),
  term("an improper list", "[1|2]"),
  term("bits", "<<5:3>>"),
  term("`__proto__` as a key", '#{<<"__proto__">> => 1}'),
  term("a tuple as a key", "#{{1,2} => x}"),
  term("nil, undefined, null", "[nil,undefined,null]"),
  {
    what: "a NaN, which Erlang does not have",
    bytes: () => Uint8Array.of(131, 70, 127, 248, 0, 0, 0, 0, 0, 0),
  },
  {
    what: "a list that claims 2^32-1 elements",
    bytes: () => Uint8Array.of(131, 108, 255, 255, 255, 255, 97, 1, 106),
  },
  { what: "bytes behind the term", bytes: () => Uint8Array.of(131, 97, 1, 97, 2) },
  {
    what: "a key that comes twice",
    bytes: () => Uint8Array.of(131, 116, 0, 0, 0, 2, 97, 1, 97, 1, 97, 1, 97, 2),
  },
  {
    what: "tuples nested 100 000 times",
    bytes: () => Uint8Array.from([131, ...Array.from({ length: 100_000 }, () => [104, 1]).flat(), 106]),
  },
];

type Again = (bytes: Buffer) => Uint8Array;

function viaCallback(run: (done: (error: unknown, value: unknown) => void) => void): unknown {
  let result: unknown;
  run((error, value) => {
    if (error) throw error;
    result = value;
  });
  return result;
}

const CODECS: Readonly<Record<string, () => Again>> = {
  "portreeve, exact": () => (bytes) => exact.encode(exact.decode(bytes)),
  "portreeve, plain": () => {
    const plain = new Codec();
    return (bytes) => plain.encode(plain.decode(bytes));
  },
  erlpack: () => {
    const { pack, unpack } = load("erlpack");
    return (bytes) => pack(unpack(bytes));
  },
  erlang_js: () => {
    const { Erlang } = load("erlang_js");
    return (bytes) => {
      const value = viaCallback((done) => Erlang.binary_to_term(bytes, done));
      return viaCallback((done) => Erlang.term_to_binary(value, done)) as Uint8Array;
    };
  },
  "etf.js": () => {
    const { pack, unpack } = load("etf.js");
    return (bytes) => pack(unpack(bytes));
  },
};

/** What came back, in words. */
function outcome(name: string, index: number): string {
  const bytes = Buffer.from(CASES[index]?.bytes() ?? []);
  const again = CODECS[name]?.();
  if (again === undefined) throw new Error(`there is no codec "${name}"`);
  let back: Uint8Array;
  try {
    back = again(Buffer.from(bytes));
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return `refused${typeof code === "string" ? `: ${code}` : ""}`;
  }
  if (Buffer.from(back).equals(bytes)) return "kept";
  const text = spelt(back);
  if (text === undefined) return "becomes bytes that are no term";
  return text === spelt(bytes) ? "kept, in other bytes" : `becomes \`${text.slice(0, 40)}\``;
}

/** The term as text, or `undefined` for bytes that are none. */
function spelt(bytes: Uint8Array): string | undefined {
  try {
    return inspect(exact.decode(bytes));
  } catch {
    return undefined;
  }
}

/** The table of all cases and codecs. */
export function behaviour(node: string, script: string, packages: string): string {
  const names = Object.keys(CODECS);
  const cell = (name: string, index: number) => {
    const env = { ...process.env, BENCH_PACKAGES: packages };
    const done = spawnSync(node, [script, name, String(index)], { encoding: "utf8", env, timeout: 60_000 });
    if (done.status === 0) return done.stdout.trim().split("\n").at(-1) ?? "";
    return done.signal === null ? "ends the process" : `the process dies of ${done.signal}`;
  };
  const lines = CASES.map(
    ({ what }, i) =>
      `| ${[what, ...names.map((name) => cell(name, i))].join(" | ").replaceAll("|2]", "\\|2]")} |`,
  );
  return [`| | ${names.join(" | ")} |`, `|${" --- |".repeat(names.length + 1)}`, ...lines].join("\n");
}

if (process.argv[1] === import.meta.filename)
  console.log(outcome(process.argv[2] ?? "", Number(process.argv[3])));
