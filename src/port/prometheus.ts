/**
 * The numbers of ports in the text format of Prometheus
 * (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format), without a client library.
 */

import type { Distribution } from "./histogram.ts";
import type { PortStats } from "./stats.ts";

/** A port, as far as its numbers go. */
export interface Measured {
  readonly name: string;
  stats(): PortStats;
}

interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge" | "summary";
  readonly help: string;
  readonly samples: readonly string[];
}

/**
 * @param ports whose numbers are wanted; their names become the label `port`
 * @returns the body of a `/metrics` response, content type `text/plain; version=0.0.4`
 */
export function prometheus(...ports: readonly Measured[]): string {
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
    summary(all, "wait"),
    summary(all, "run"),
  ];
  return metrics.map(write).join("");
}

/** Times by function, in seconds, as the naming rules of Prometheus want it. */
function summary(
  all: readonly { readonly labels: Labels; readonly stats: PortStats }[],
  which: "wait" | "run",
): Metric {
  const name = `portreeve_call_${which}_seconds`;
  const help = which === "wait" ? "From the call to its being sent." : "From its being sent to the answer.";
  const samples = all.flatMap(({ labels, stats }) =>
    Object.entries(stats.functions).flatMap(([fn, times]) =>
      quantiles(name, { ...labels, function: fn }, times[which]),
    ),
  );
  return { name, type: "summary", help, samples };
}

function quantiles(name: string, labels: Labels, { count, mean, p50, p90, p99 }: Distribution): string[] {
  const quantile = (q: string, ms: number) => sample(name, { ...labels, quantile: q }, ms / 1000);
  return [
    quantile("0.5", p50),
    quantile("0.9", p90),
    quantile("0.99", p99),
    sample(`${name}_sum`, labels, (mean * count) / 1000),
    sample(`${name}_count`, labels, count),
  ];
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
