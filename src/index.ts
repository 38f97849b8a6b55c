/**
 * portreeve: run native code outside your process. `open` starts a port program and gives a {@link Port}; `supervise`
 * keeps several of them running by OTP's rules. `portreeve/codec` is the Erlang external term format alone,
 * `portreeve/build` compiles a crate.
 */

export * from "./errors.ts";
export type { CallTrace, RestartTrace, SpanTrace, SpawnTrace } from "./metrics/channels.ts";
export type { Distribution } from "./metrics/histogram.ts";
export { type Measured, prometheus } from "./metrics/prometheus.ts";
export type { PortStats, WorkerStats } from "./metrics/stats.ts";
export type { TimesStats } from "./metrics/times.ts";
export type { BroadcastOptions, CallOptions, CastOptions } from "./options/call.ts";
export type { Heartbeat, LogLevel, OpenOptions, Recycle, ReplaceOptions } from "./options/open.ts";
export type { CrateProgram, PackageProgram, Program } from "./options/program.ts";
export type { Restart, Retire, WorkerExit } from "./pool/observer.ts";
export type { PortEvents } from "./port/events.ts";
export { open, type Port } from "./port/port.ts";
export type { AnyPort, PortLike } from "./port/port-like.ts";
export type { PortClient, PortFunctions, PortView, UntypedFunctions } from "./port/typing.ts";
export type { Resolution } from "./resolve/resolution.ts";
export { type ResolveOptions, resolve } from "./resolve/resolve.ts";
export type { BackoffOptions } from "./restart/backoff.ts";
export type { Child, ExitReason, Started, StartFunction } from "./supervise/child.ts";
export type { Counts, Status } from "./supervise/command.ts";
export { SupervisorError, type SupervisorErrorCode } from "./supervise/error.ts";
export type { PortHandle } from "./supervise/port-handle.ts";
export type {
  ChildSpec,
  CustomSpec,
  PortSpec,
  Shutdown,
  SuperviseOptions,
  SupervisorSpec,
} from "./supervise/spec.ts";
export type { AutoShutdown, RestartType, Strategy } from "./supervise/strategy.ts";
export { supervise } from "./supervise/supervise.ts";
export { type ChildInfo, Supervisor, type SupervisorEvents } from "./supervise/supervisor.ts";
export type { Hello, Limits, PortFunction, TypeTerm } from "./wire/hello.ts";
export type { LogRecord } from "./wire/incoming.ts";
export type { Handler, Handlers } from "./wire/served.ts";
export type { ProgramSpan } from "./wire/span.ts";
