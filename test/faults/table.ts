/** The table of faults: an id and the tests that hold it. A fault may have rows in several areas. */
import { beam } from "./beam.ts";
import { bench } from "./bench.ts";
import { codec } from "./codec.ts";
import { effect } from "./effect.ts";
import { options } from "./options.ts";
import { port } from "./port.ts";
import { process } from "./process.ts";
import { reading } from "./reading.ts";
import { runtime } from "./runtime.ts";
import { rust } from "./rust.ts";
import { wire } from "./wire.ts";

/** One row: which fault, in which file, and the title of its test (in Rust: the name of its function). */
export interface Row {
  readonly id: string;
  readonly file: string;
  readonly title: string;
}

export const rows: readonly Row[] = [
  codec,
  reading,
  effect,
  runtime,
  wire,
  process,
  port,
  options,
  rust,
  beam,
  bench,
].flatMap((area) => Object.entries(area).flatMap(([id, tests]) => tests.map((test) => row(id, test))));

function row(id: string, test: string): Row {
  const colon = test.indexOf(": ");
  if (colon < 0) throw new Error(`${id}: ${test} is not \`file: title\``);
  return { id, file: test.slice(0, colon), title: test.slice(colon + 2) };
}
