/**
 * `npm run bench:memory`: a million calls queued and drained, again and again on one port: what a waiting call costs,
 * and what is left of it. Prints a table and writes bench/results/memory.json and memory.md.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { open, type Port } from "portreeve";
import { build } from "portreeve/build";
import { type Remains, remains } from "../soak/remains.ts";

const HELP = `node build/bench/memory/main.js [--quick] [--json]
  --quick   a tenth of the calls, and no results are written
  --json    print the measurements instead of the table`;

const { values } = parseArgs({
  options: { quick: { type: "boolean" }, json: { type: "boolean" }, help: { type: "boolean" } },
});
const CALLS = values.quick ? 100_000 : 1_000_000;
const ROUNDS = 5;
const MIB = 1 << 20;

interface Moment extends Remains {
  readonly name: string;
}

/** Makes all calls in one turn of the event loop: all but the few that the pipe takes at once wait in the queue. */
async function round(port: Port, number: number): Promise<Moment[]> {
  let answered = 0;
  const calls: Promise<void>[] = [];
  for (let i = 0; i < CALLS; i += 1)
    calls.push(
      port.call("add", [i, 1]).then((sum) => {
        if (sum !== i + 1) throw new Error(`add of ${i} and 1 gave ${String(sum)}`);
        answered += 1;
      }),
    );
  const queued = { name: `round ${number}: ${port.stats().queued.toLocaleString("en")} queued`, ...now() };
  await Promise.all(calls);
  calls.length = 0;
  if (answered !== CALLS) throw new Error(`${answered} answers to ${CALLS} calls`);
  return [queued, { name: `round ${number}: drained`, ...(await remains()) }];
}

/** As it is in the middle of the work, garbage included. */
function now(): Remains {
  const { heapUsed: heap, arrayBuffers: buffers, rss } = process.memoryUsage();
  return { children: 1, descriptors: 0, heap, buffers, rss };
}

async function measure(): Promise<Moment[]> {
  const crate = fileURLToPath(new URL("../../../rust-port/examples/compute", import.meta.url));
  const program = await build({ crate, bin: "compute", features: ["full"] });
  await using port = await open(program, { maxQueue: CALLS, maxQueueBytes: 1024 * MIB });
  await port.call("add", [1, 1]);
  const moments: Moment[] = [{ name: "before", ...(await remains()) }];
  for (let number = 1; number <= ROUNDS; number += 1) {
    if (process.stderr.isTTY) process.stderr.write(`\rround ${number} of ${ROUNDS}`);
    moments.push(...(await round(port, number)));
  }
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  return moments;
}

function table(moments: readonly Moment[]): string {
  const mib = (bytes: number) => (bytes / MIB).toFixed(1);
  const rows = moments.map(
    ({ name, heap, buffers, rss }) => `| ${name} | ${mib(rss)} | ${mib(heap)} | ${mib(buffers)} |`,
  );
  const head = ["| | resident, MiB | heap, MiB | buffers, MiB |", "| --- | --- | --- | --- |"];
  return [...head, ...rows, "", summary(moments), ""].join("\n");
}

function summary(moments: readonly Moment[]): string {
  const live = ({ heap, buffers }: Moment) => heap + buffers;
  const [before, queued, drained] = moments;
  const last = moments.at(-1);
  if (before === undefined || queued === undefined || drained === undefined || last === undefined) return "";
  const each = Math.round((live(queued) - live(before)) / CALLS);
  const growth = ((live(last) - live(drained)) / MIB).toFixed(1);
  return `A waiting call takes ${each} bytes, its promises included. From the first round to the last, live memory changes by ${growth} MiB.`;
}

async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const moments = await measure();
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.versions.node}`;
  const text = `# ${CALLS.toLocaleString("en")} calls queued and drained, ${ROUNDS} times\n\n\`npm run bench:memory\` on ${machine}. Drained: after the garbage was collected.\n\n${table(moments)}`;
  process.stdout.write(values.json ? `${JSON.stringify(moments, undefined, 2)}\n` : text);
  if (values.quick) return;
  const results = new URL("../../../bench/results/", import.meta.url);
  mkdirSync(results, { recursive: true });
  writeFileSync(new URL("memory.md", results), text);
  writeFileSync(
    new URL("memory.json", results),
    `${JSON.stringify({ machine, calls: CALLS, moments }, undefined, 2)}\n`,
  );
}

await main();
