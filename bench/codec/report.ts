/** Tables and pictures from the committed results. */

import type { Cell, Results, Row } from "./results.ts";

type Run = Results["runs"][number];
const INTO = "portreeve, encodeInto/decodeFrom";

/** The whole page of results. */
export function page(results: Results): string {
  const nodes = [...new Set(results.runs.map((run) => `${run.node}${run.flag}`))];
  const packages = Object.entries(results.packages).map(([name, version]) => `${name} ${version}`);
  return [
    "# The codec beside others",
    `Made by \`npm run bench:codec\` on ${results.date}: ${results.machine}. ${packages.join(", ")}.`,
    "How many times as fast as JSON in the same round, by processor time (median of the rounds, and its quartiles), encode and decode. JSON is " +
      "`Buffer.from(JSON.stringify(value))` and `JSON.parse(bytes.toString())`. One process for each message and Node; in it all take turns.",
    ...nodes.flatMap((node) => section(results.runs.filter((run) => `${run.node}${run.flag}` === node))),
    "## Targets",
    targets(results),
    "",
  ].join("\n\n");
}

function section(runs: readonly Run[]): string[] {
  const [first] = runs;
  if (first === undefined) return [];
  const refused = [...new Set(runs.flatMap((run) => run.refused))];
  return [
    `## Node ${first.node}${first.flag === "" ? "" : ` with ${first.flag}`}`,
    table(runs),
    ...(refused.length > 0 ? [`Not measured: ${refused.join("; ")}.`] : []),
  ];
}

/** One line a codec, one column a message: `encode / decode`. */
export function table(runs: readonly Run[], spread = true): string {
  const names = [...new Set(runs.flatMap((run) => run.rows.map((row) => row.name)))];
  const text = (cell: Cell) =>
    spread ? `${digits(cell.ratio)} (${digits(cell.low)}–${digits(cell.high)})` : digits(cell.ratio);
  const line = (name: string) => {
    const cells = runs.map((run) => run.rows.find((row) => row.name === name));
    return `| ${[name, ...cells.map((row) => (row === undefined ? "–" : `${text(row.encode)} / ${text(row.decode)}`))].join(" | ")} |`;
  };
  const head = ["", ...runs.map((run) => run.message)];
  return [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`, ...names.map(line)].join("\n");
}

function digits(ratio: number): string {
  return ratio >= 100
    ? String(Math.round(ratio))
    : ratio.toPrecision(ratio >= 10 ? 3 : 2 + Number(ratio >= 1));
}

/** What was promised, and whether this run shows it. */
export function targets(results: Results): string {
  const lines = [...floors(results), ...versusPeers(results), ...withoutCode(results)];
  return [
    "| target | measured | met |",
    "| --- | --- | --- |",
    ...lines.map((line) => `| ${line.join(" | ")} |`),
  ].join("\n");
}

type Line = readonly [target: string, measured: string, met: string];

function line(target: string, measured: number, least: number): Line {
  return [`${target} at least ${least}`, digits(measured), measured >= least ? "yes" : "**no**"];
}

const FLOORS: readonly [message: string, encode: number, decode: number][] = [
  ["rpc", 4, 3.5],
  ["object", 2, 2.8],
  ["ints", 2.4, 2.4],
  ["rows", 2.4, 2.8],
];

function floors(results: Results): Line[] {
  const runs = results.runs.filter((run) => run.node.startsWith("20.") && run.flag === "");
  const found = (message: string) => ours(runs.find((run) => run.message === message));
  const bytes = runs.find((run) => run.message === "bytes");
  const copy = bytes?.rows.find((row) => row.name === "memcpy")?.encode.ns ?? Number.NaN;
  return [
    ...FLOORS.flatMap(([message, encode, decode]) => [
      line(`Node 20, ${message}, encode: times JSON`, found(message)?.encode.ratio ?? Number.NaN, encode),
      line(`Node 20, ${message}, decode: times JSON`, found(message)?.decode.ratio ?? Number.NaN, decode),
    ]),
    line(
      "Node 20, bytes, encode: part of the speed of memcpy",
      copy / (ours(bytes)?.encode.ns ?? Number.NaN),
      0.8,
    ),
  ];
}

function ours(run: Run | undefined): Row | undefined {
  return run?.rows.find((row) => row.name === INTO);
}

/** The lowest quotient of our speed and a peer's over all messages, for each Node. */
function versusPeers(results: Results): Line[] {
  const nodes = [...new Set(results.runs.filter((run) => run.flag === "").map((run) => run.node))];
  return nodes.flatMap((node) => {
    const runs = results.runs.filter((run) => run.node === node && run.flag === "");
    const least = (names: RegExp, ways: readonly ("encode" | "decode")[], messages: RegExp) => {
      const quotients = runs
        .filter((run) => messages.test(run.message))
        .flatMap((run) =>
          run.rows
            .filter((row) => names.test(row.name))
            .flatMap((row) => ways.map((way) => (ours(run)?.[way].ratio ?? 0) / row[way].ratio)),
        );
      return Math.min(...quotients);
    };
    const all = /./;
    return [
      line(
        `Node ${node}: msgpackr without records, every cell, times`,
        least(/^msgpackr, no/, ["encode", "decode"], all),
        1,
      ),
      line(
        `Node ${node}: msgpackr at its best, every encode cell, times`,
        least(/^msgpackr/, ["encode"], all),
        1,
      ),
      line(
        `Node ${node}: every other ETF codec, bytes aside, times`,
        least(/^(erl|etf)/, ["encode", "decode"], /^(?!bytes)/),
        2,
      ),
    ];
  });
}

function withoutCode(results: Results): Line[] {
  const runs = results.runs.filter((run) => run.flag !== "");
  const ratios = runs.flatMap((run) => [ours(run)?.encode.ratio ?? 0, ours(run)?.decode.ratio ?? 0]);
  return ratios.length === 0
    ? []
    : [line("Node 20 without made code: times JSON in every cell", Math.min(...ratios), 1)];
}
