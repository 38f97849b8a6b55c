/**
 * The spans of programs, put where they belong in the trace. OpenTelemetry gives every span an id of its own making, so a
 * program's ids cannot be kept: the tree is built anew, from the call's own span down. Children come before their parents,
 * and wait here until those are there.
 */

import { type Context, ROOT_CONTEXT, type Tracer, trace } from "@opentelemetry/api";
import { type SpanTrace, spanChannel } from "../port/observe.ts";
import { clearTimeout, monotonic, setTimeout } from "../timers.ts";
import { readTraceparent } from "../wire/traceparent.ts";
import { remote } from "./calls.ts";
import { exportSpan } from "./program-span.ts";

/** What is known of the spans of one call. */
interface Tree {
  /** Spans that exist, by the program's ids. */
  readonly made: Map<string, Context>;
  /** Spans that wait, by the ids of their parents. */
  readonly waiting: Map<string, SpanTrace[]>;
}

/** How long after a call's end its spans may come and still find their parents, in ms. */
const GRACE = 5000;
/** Calls, and spans that wait, that are remembered at most; beyond it the oldest are exported as they are. */
const MOST = 10_000;

export class Trees {
  readonly #tracer: () => Tracer;
  /** By the id of the call's CLIENT span, oldest first. */
  readonly #trees = new Map<string, Tree>();
  /** The calls among them that have ended, and when. */
  readonly #ended = new Map<string, number>();
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(tracer: () => Tracer) {
    this.#tracer = tracer;
  }

  enable(): void {
    spanChannel.subscribe(this.#add);
  }

  /** Exports what waits. */
  disable(): void {
    spanChannel.unsubscribe(this.#add);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const id of [...this.#trees.keys()]) this.#forget(id);
  }

  /** A call is made. @param id of its CLIENT span */
  begin(id: string): void {
    this.#trees.set(id, { made: new Map(), waiting: new Map() });
    if (this.#trees.size > MOST) this.#forgetOldest();
  }

  /** A call has ended. When it failed, nothing more may come: what a worker had sent before its death is here. */
  end(id: string, failed: boolean): void {
    const tree = this.#trees.get(id);
    if (tree === undefined) return;
    if (failed) this.#adopt(tree);
    this.#ended.set(id, monotonic());
    this.#timer ??= setTimeout(() => this.#sweep(), GRACE).unref();
  }

  readonly #add = (message: unknown): void => {
    const told = message as SpanTrace;
    const { parent, trace: traceparent } = told.span;
    const call = readTraceparent(traceparent);
    if (call === undefined) return;
    const tree = this.#trees.get(call.spanId);
    const context = parent === call.spanId ? remote(call) : tree?.made.get(parent);
    if (context !== undefined || tree === undefined) this.#make(tree, told, context ?? remote(call));
    else this.#wait(tree, told);
  };

  #wait(tree: Tree, told: SpanTrace): void {
    const { parent } = told.span;
    const siblings = tree.waiting.get(parent);
    if (siblings === undefined) tree.waiting.set(parent, [told]);
    else siblings.push(told);
    this.#waiting += 1;
    if (this.#waiting > MOST) this.#adopt(tree);
  }

  /** Exports a span, and then those that waited for it. */
  #make(tree: Tree | undefined, told: SpanTrace, parent: Context): void {
    const due: (readonly [SpanTrace, Context])[] = [[told, parent]];
    for (let next = due.pop(); next !== undefined; next = due.pop()) {
      const [{ span }, context] = next;
      const made = trace.setSpanContext(ROOT_CONTEXT, exportSpan(this.#tracer(), next[0], context));
      if (tree === undefined) continue;
      tree.made.set(span.id, made);
      const children = tree.waiting.get(span.id) ?? [];
      tree.waiting.delete(span.id);
      this.#waiting -= children.length;
      for (const child of children) due.push([child, made]);
    }
  }

  /** The parents of what waits will not come: the topmost become children of the call's CLIENT span. */
  #adopt(tree: Tree): void {
    const inside = new Set([...tree.waiting.values()].flat().map(({ span }) => span.id));
    for (const [parent, orphans] of [...tree.waiting]) {
      if (inside.has(parent)) continue;
      tree.waiting.delete(parent);
      this.#waiting -= orphans.length;
      for (const told of orphans) {
        const call = readTraceparent(told.span.trace);
        if (call !== undefined) this.#make(tree, told, remote(call));
      }
    }
  }

  #sweep(): void {
    this.#timer = undefined;
    const before = monotonic() - GRACE;
    for (const [id, at] of this.#ended) {
      if (at > before) {
        this.#timer = setTimeout(() => this.#sweep(), at - before).unref();
        return;
      }
      this.#forget(id);
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#ended.size > 0 ? this.#ended.keys() : this.#trees.keys();
    if (oldest !== undefined) this.#forget(oldest);
  }

  #forget(id: string): void {
    const tree = this.#trees.get(id);
    if (tree !== undefined) this.#adopt(tree);
    this.#trees.delete(id);
    this.#ended.delete(id);
  }
}
