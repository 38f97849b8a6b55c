/**
 * Starts of workers as spans: `portreeve.spawn` from the spawn to `ready`, and around it, where a worker had died,
 * `portreeve.restart` from the death on. A first start is a child of the span in which `open` was called; a restart begins
 * a trace of its own, for nobody asked for it.
 */

import { context, ROOT_CONTEXT, type Span, type Tracer, trace } from "@opentelemetry/api";
import { type SpawnTrace, spawnChannel } from "../metrics/channels.ts";
import { now, timeOf } from "./clock.ts";
import { fail } from "./failure.ts";

export class Spawns {
  readonly #tracer: () => Tracer;
  /** The spans of a start, the inner one first. */
  readonly #spans = new WeakMap<object, readonly Span[]>();

  constructor(tracer: () => Tracer) {
    this.#tracer = tracer;
  }

  enable(): void {
    spawnChannel.start.subscribe(this.#start);
    spawnChannel.asyncStart.subscribe(this.#end);
  }

  disable(): void {
    spawnChannel.start.unsubscribe(this.#start);
    spawnChannel.asyncStart.unsubscribe(this.#end);
  }

  readonly #start = (message: unknown): void => {
    const told = message as SpawnTrace;
    const attributes = { "process.executable.path": told.path, "portreeve.worker": told.worker };
    const spawn = (parent = context.active()) =>
      this.#tracer().startSpan("portreeve.spawn", { startTime: now(), attributes }, parent);
    if (told.restart === undefined) {
      this.#spans.set(told, [spawn()]);
      return;
    }
    const { reason, delay, at } = told.restart;
    const restart = this.#tracer().startSpan("portreeve.restart", {
      root: true,
      startTime: timeOf(at),
      attributes: { ...attributes, "portreeve.restart.reason": reason, "portreeve.restart.delay": delay },
    });
    this.#spans.set(told, [spawn(trace.setSpan(ROOT_CONTEXT, restart)), restart]);
  };

  readonly #end = (message: unknown): void => {
    const told = message as SpawnTrace;
    for (const span of this.#spans.get(told) ?? []) {
      if ("error" in told) fail(span, told.error);
      span.end(now());
    }
  };
}
