/**
 * portreeve/otel: calls, starts and restarts as OpenTelemetry spans, the trace carried into the program, and the
 * program's own `tracing` spans brought back into it. Needs `@opentelemetry/api`, an optional peer dependency, and sees
 * ports through the channels of node:diagnostics_channel alone (src/metrics/channels.ts).
 */

import { type Tracer, type TracerProvider, trace } from "@opentelemetry/api";
import { Calls } from "./calls.ts";
import { Spawns } from "./spawns.ts";
import { Trees } from "./trees.ts";

/** Options of {@link PortreeveInstrumentation}. */
export interface PortreeveInstrumentationConfig {
  /** Whether it begins at once. Default: `true`. */
  readonly enabled?: boolean;
  /** Where spans come from. Default: the global provider, also when that is registered later. */
  readonly tracerProvider?: TracerProvider;
}

/**
 * Traces all ports of this process from its construction on. It has the shape of an OpenTelemetry instrumentation: hand
 * it to `registerInstrumentations` or `NodeSDK`, or make one and be done.
 *
 * ```ts
 * import { PortreeveInstrumentation } from "portreeve/otel";
 *
 * const instrumentation = new PortreeveInstrumentation();
 * ```
 *
 * Make it before the ports are opened: a worker that was started before it sends no spans of its own.
 */
export class PortreeveInstrumentation {
  readonly instrumentationName = "portreeve";
  readonly instrumentationVersion = "0.1.0";
  #config: PortreeveInstrumentationConfig;
  #provider: TracerProvider | undefined;
  #tracer: Tracer | undefined;
  #isEnabled = false;
  readonly #trees: Trees;
  readonly #listeners: readonly { enable(): void; disable(): void }[];

  constructor(config: PortreeveInstrumentationConfig = {}) {
    this.#config = config;
    this.#provider = config.tracerProvider;
    const tracer = () => this.#currentTracer();
    this.#trees = new Trees(tracer);
    this.#listeners = [this.#trees, new Calls(tracer, this.#trees), new Spawns(tracer)];
    if (config.enabled !== false) this.enable();
  }

  /** Listens to all ports. */
  enable(): void {
    if (this.#isEnabled) return;
    this.#isEnabled = true;
    for (const listener of this.#listeners) listener.enable();
  }

  /** Listens no more: calls cost again what they cost without it. Spans that wait for their parents are exported. */
  disable(): void {
    if (!this.#isEnabled) return;
    this.#isEnabled = false;
    for (const listener of this.#listeners) listener.disable();
  }

  /** Sets where spans come from, from now on. */
  setTracerProvider(provider: TracerProvider): void {
    this.#provider = provider;
    this.#tracer = undefined;
  }

  /** There are no metrics here: `prometheus` of portreeve has them. */
  setMeterProvider(): void {}

  getConfig(): PortreeveInstrumentationConfig {
    return this.#config;
  }

  setConfig(config: PortreeveInstrumentationConfig): void {
    this.#config = config;
    if (config.tracerProvider !== undefined) this.setTracerProvider(config.tracerProvider);
  }

  /** `using instrumentation = …` disables it at the end of the block. */
  [Symbol.dispose](): void {
    this.disable();
  }

  #currentTracer(): Tracer {
    const { instrumentationName: name, instrumentationVersion: version } = this;
    this.#tracer ??= (this.#provider ?? trace.getTracerProvider()).getTracer(name, version);
    return this.#tracer;
  }
}
