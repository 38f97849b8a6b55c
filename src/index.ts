/**
 * portreeve: run native code outside your process. `open` starts a port program and gives a {@link Port};
 * `portreeve/codec` is the Erlang external term format alone, `portreeve/build` compiles a crate.
 */

export * from "./errors.ts";
export type { BackoffOptions } from "./port/backoff.ts";
export type { Client, Untyped } from "./port/client.ts";
export type { WorkerExit } from "./port/crew.ts";
export type { Distribution } from "./port/histogram.ts";
export type { CallTrace, RestartTrace, SpawnTrace } from "./port/observe.ts";
export type { Heartbeat, LogLevel, OpenOptions, Recycle } from "./port/options.ts";
export { type CallOptions, open, Port, type PortEvents, type Restart } from "./port/port.ts";
export { type Measured, prometheus } from "./port/prometheus.ts";
export type { PortStats, WorkerStats } from "./port/stats.ts";
export type { TimesStats } from "./port/timing.ts";
export type { LogRecord } from "./wire/incoming.ts";
export type { Hello, Limits, PortFunction, TypeTerm } from "./wire/opening.ts";
export type { Handler, Handlers } from "./wire/served.ts";
