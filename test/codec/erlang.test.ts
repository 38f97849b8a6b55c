/**
 * The BEAM as a judge: what it makes up we must read as it means it, and what we write it must read as we mean it.
 * Needs `erl`; where that is missing the tests are skipped, but never in CI.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Codec, inspect } from "../../codec/index.ts";
import { dialect, term } from "../fuzz/etf.ts";
import { Random } from "../fuzz/random.ts";
import { reading } from "../fuzz/readers.ts";
import { hex } from "./neutral.ts";
import { exactTerm } from "./terms.ts";
import { bytesOf, vectors } from "./vectors.ts";

const hasErlang = spawnSync("erl", ["-version"]).status === 0;
if (!hasErlang && process.env.CI !== undefined)
  throw new Error("CI must have erl: the codec is checked against it");
if (!hasErlang) console.warn("erl is missing: the codec is not checked against the BEAM here");

const exact = new Codec({ exact: true });
const sorted = new Codec({ exact: true, deterministic: true });
const COUNT = 3000;
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** Frames of `{packet, 4}`, one after the other in a file. */
function frames(file: string): Uint8Array[] {
  const bytes = readFileSync(file);
  const found: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    found.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}

function writeFrames(file: string, messages: readonly Uint8Array[]): void {
  const head = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return length;
  };
  writeFileSync(file, Buffer.concat(messages.flatMap((bytes) => [head(bytes), bytes])));
}

describe.skipIf(!hasErlang)(`against the BEAM, seed ${SEED}`, () => {
  let directory = "";
  const erl = (call: string) => {
    const code = `R = oracle:${call}, io:format("~w", [R]), halt()`;
    return execFileSync("erl", ["-noshell", "-pa", directory, "-eval", code], {
      encoding: "utf8",
      timeout: 100_000,
      env: { ...process.env, ERL_CRASH_DUMP_SECONDS: "0" },
    });
  };
  const file = (name: string) => join(directory, name);

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "portreeve-codec-"));
    execFileSync("erlc", ["-o", directory, new URL("oracle.erl", import.meta.url).pathname], {
      timeout: 100_000,
    });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("reads the terms that the BEAM makes up, and writes them back to the same bytes", () => {
    erl(`generate(${JSON.stringify(file("made"))}, ${SEED}, ${COUNT})`);
    const made = frames(file("made"));
    expect(made.length).toBe(COUNT);
    for (const bytes of made) expect(hex(exact.encode(exact.decode(bytes)))).toBe(hex(bytes));
    // And the BEAM reads what the plain view makes of them.
    const plain = new Codec({ binaries: "bytes", bytes: "binary" });
    writeFrames(
      file("plain"),
      made.map((bytes) => plain.encode(plain.decode(bytes))),
    );
    expect(erl(`readable(${JSON.stringify(file("plain"))})`)).toBe(String(COUNT));
  });

  it("reads with one codec, in any order, what the BEAM reads in the same bytes", () => {
    const random = new Random(SEED, 0, 0);
    const kinds = dialect(random);
    const warm = new Codec({ binaries: "bytes", bytes: "binary" });
    const made: Uint8Array[] = [];
    const written: Uint8Array[] = [];
    for (let n = 0; n < COUNT; n += 1) {
      const bytes = Uint8Array.of(131, ...term(random, kinds, 3));
      if (reading(exact, bytes).error !== undefined) continue;
      warm.decode(bytes);
      made.push(bytes);
      written.push(exact.encode(exact.decode(bytes)));
    }
    expect(made.length).toBeGreaterThan(COUNT / 2);
    writeFrames(file("made"), made);
    writeFrames(file("written"), written);
    const options = "[deterministic, {minor_version, 2}]";
    erl(`again(${JSON.stringify(file("made"))}, ${JSON.stringify(file("made again"))}, ${options})`);
    erl(`again(${JSON.stringify(file("written"))}, ${JSON.stringify(file("written again"))}, ${options})`);
    const ours = frames(file("written again")).map(hex);
    frames(file("made again")).forEach((bytes, i) => {
      expect(ours[i], hex(made[i] ?? bytes)).toBe(hex(bytes));
    });
    // What the plain view makes of them, the codec being warm by now, is a term to the BEAM too.
    writeFrames(
      file("plain"),
      made.map((bytes) => warm.encode(warm.decode(bytes))),
    );
    expect(erl(`readable(${JSON.stringify(file("plain"))})`)).toBe(String(made.length));
  });

  it("writes terms that the BEAM reads, and writes back the same", () => {
    const terms = fc.sample(exactTerm, { numRuns: 1000, seed: SEED });
    const ours = terms.map((term) => exact.encode(term));
    writeFrames(file("ours"), ours);
    erl(`again(${JSON.stringify(file("ours"))}, ${JSON.stringify(file("theirs"))}, [{minor_version, 2}])`);
    const theirs = frames(file("theirs"));
    expect(theirs.length).toBe(ours.length);
    theirs.forEach((bytes, i) => {
      // Old VMs write ports in another form, and every VM writes maps in an order of its own.
      const read = inspect(sorted.decode(sorted.encode(exact.decode(bytes))));
      expect(read).toBe(inspect(sorted.decode(sorted.encode(terms[i]))));
    });
  });

  it("orders maps as the BEAM does with [deterministic]", () => {
    const maps = fc.sample(fc.array(fc.tuple(exactTerm, exactTerm), { maxLength: 40 }), {
      numRuns: 500,
      seed: SEED,
    });
    const ours = maps.map((entries) => sorted.encode(sorted.decode(sorted.encode(new Map(unique(entries))))));
    writeFrames(file("maps"), ours);
    erl(
      `again(${JSON.stringify(file("maps"))}, ${JSON.stringify(file("sorted"))}, [{minor_version, 2}, deterministic])`,
    );
    frames(file("sorted")).forEach((bytes, i) => {
      expect(inspect(exact.decode(bytes))).toBe(inspect(exact.decode(ours[i] ?? new Uint8Array())));
    });
  });

  it("compresses so that the BEAM reads it, and reads what the BEAM compressed", () => {
    const packed = new Codec({ exact: true, compressed: 9 });
    const terms = [..."abc"].map((letter) => Array.from({ length: 500 }, (_, i) => [letter, i % 3]));
    writeFrames(
      file("packed"),
      terms.map((term) => packed.encode(term)),
    );
    erl(`again(${JSON.stringify(file("packed"))}, ${JSON.stringify(file("repacked"))}, [{compressed, 6}])`);
    frames(file("repacked")).forEach((bytes, i) => {
      expect(bytes[1]).toBe(80);
      expect(hex(exact.encode(exact.decode(bytes)))).toBe(hex(exact.encode(terms[i])));
    });
  });

  it("spells terms as io:format does", () => {
    const spelt = vectors.filter(
      ({ hex: digits, tags }) => digits.length < 2000 && !tags.some((tag) => /PID|PORT|REF|FUN/.test(tag)),
    );
    writeFrames(file("spelt"), spelt.map(bytesOf));
    erl(`spell(${JSON.stringify(file("spelt"))}, ${JSON.stringify(file("text"))})`);
    frames(file("text")).forEach((text, i) => {
      const term = exact.decode(bytesOf(spelt[i] ?? { hex: "" }));
      if (!(term instanceof Map)) expect(inspect(term, "~w")).toBe(Buffer.from(text).toString());
    });
  });
});

function unique(entries: readonly [unknown, unknown][]): [unknown, unknown][] {
  const seen = new Map(entries.map((entry) => [hex(sorted.encode(entry[0])), entry]));
  return [...seen.values()];
}
