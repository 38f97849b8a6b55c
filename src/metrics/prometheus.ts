/**
 * The numbers of ports in the text format of Prometheus
 * (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format), without a client library.
 */

import { checkValue, type Rule } from "../options/table.ts";
import type { Distribution } from "./histogram.ts";
import type { PortStats } from "./stats.ts";

/** A port, as far as its numbers go. */
export interface Measured {
  readonly name: string;
  stats(): PortStats;
}

const MEASURED: Rule = {
  takes: "a port, with `name` and `stats()`",
  fits: (value) => typeof (value as Partial<Measured> | null | undefined)?.stats === "function",
};

interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly samples: readonly string[];
}

/**
 * @param ports whose numbers are wanted; their names become the label `port`
 * @throws TypeError for what is no port
 * @returns the body of a `/metrics` response, content type `text/plain; version=0.0.4`
 */
export function prometheus(...ports: readonly Measured[]): string {
  for (const port of ports) checkValue("each argument of prometheus()", MEASURED, port);
  const all = ports.map((port) => ({ labels: { port: port.name }, stats: port.stats() }));
  const of = (
    name: string,
    type: Metric["type"],
    help: string,
    read: (stats: PortStats) => number,
  ): Metric => ({
    name: `portreeve_${name}`,
    type,
    help,
    samples: all.map(({ labels, stats }) => sample(`portreeve_${name}`, labels, read(stats))),
  });
  const metrics = [
    of("calls_total", "counter", "Calls that were made.", ({ calls }) => calls),
    of("casts_total", "counter", "Casts that were made.", ({ casts }) => casts),
    of("timeouts_total", "counter", "Calls that got no answer in time.", ({ timedOut }) => timedOut),
    of("resent_total", "counter", "Calls that were sent again after a death.", ({ resent }) => resent),
    of("restarts_total", "counter", "Restarts of workers.", ({ restarts }) => restarts),
    of("unsettled", "gauge", "Calls that somebody waits for.", ({ unsettled }) => unsettled),
    of("queued", "gauge", "Calls that wait for a worker.", ({ queued }) => queued),
    of(
      "queued_bytes",
      "gauge",
      "Bytes of the calls that wait for a worker.",
      ({ queuedBytes }) => queuedBytes,
    ),
    of(
      "workers_ready",
      "gauge",
      "Workers that take calls.",
      ({ workers }) => workers.filter(({ state }) => state === "ready").length,
    ),
    failures(all),
    histogram(all, "wait"),
    histogram(all, "run"),
  ];
  return metrics.map(write).join("");
}

interface Numbers {
  readonly labels: Labels;
  readonly stats: PortStats;
}

/** Failures by function and code; of what is no function of the program the label `function` is empty. */
function failures(all: readonly Numbers[]): Metric {
  const name = "portreeve_failed_total";
  const of = (labels: Labels, fn: string, counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([code, count]) => sample(name, { ...labels, function: fn, code }, count));
  const samples = all.flatMap(({ labels, stats }) => [
    ...Object.entries(stats.functions).flatMap(([fn, times]) => of(labels, fn, times.failures)),
    ...of(labels, "", stats.refused),
  ]);
  return { name, type: "counter", help: "Calls that failed, by function and code of the error.", samples };
}

/** Times by function, in seconds, as the naming rules of Prometheus want it. */
function histogram(all: readonly Numbers[], which: "wait" | "run"): Metric {
  const name = `portreeve_call_${which}_seconds`;
  const help = which === "wait" ? "From the call to its being sent." : "From its being sent to the answer.";
  const samples = all.flatMap(({ labels, stats }) =>
    Object.entries(stats.functions).flatMap(([fn, times]) =>
      bucketsOf(name, { ...labels, function: fn }, times[which]),
    ),
  );
  return { name, type: "histogram", help, samples };
}

function bucketsOf(name: string, labels: Labels, { count, mean, buckets }: Distribution): string[] {
  return [
    ...buckets.map(({ le, count: below }) => sample(`${name}_bucket`, { ...labels, le: bound(le) }, below)),
    sample(`${name}_sum`, labels, (mean * count) / 1000),
    sample(`${name}_count`, labels, count),
  ];
}

function bound(ms: number): string {
  return ms === Number.POSITIVE_INFINITY ? "+Inf" : String(ms / 1000);
}

type Labels = Readonly<Record<string, string>>;

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}{${pairs.join(",")}} ${value}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function write({ name, type, help, samples }: Metric): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.join("\n")}\n`;
}
