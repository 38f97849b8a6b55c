/**
 * The spans of programs, put where they belong in the trace. OpenTelemetry gives every span an id of its own making, so a
 * program's ids cannot be kept: the tree is built anew, from the call's own span down. Children come before their parents,
 * and wait here until those are there.
 */

import { type Context, ROOT_CONTEXT, type Tracer, trace } from "@opentelemetry/api";
import { type SpanTrace, spanChannel } from "../metrics/channels.ts";
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
/** Calls, spans that wait, and spans that others may belong to, that are remembered at most; beyond it the oldest go. */
const MOST = 10_000;
/** Spans that wait may have so many bytes together. */
const MOST_BYTES = 16 * 1024 * 1024;

export class Trees {
  readonly #tracer: () => Tracer;
  /** By the id of the call's CLIENT span, oldest first. */
  readonly #trees = new Map<string, Tree>();
  /** The calls among them that have ended, and when. */
  readonly #ended = new Map<string, number>();
  #waiting = 0;
  #waitingBytes = 0;
  /** Spans that exist, of all trees. */
  #made = 0;
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
    this.#waitingBytes += told.span.bytes;
    if (this.#waiting > MOST || this.#waitingBytes > MOST_BYTES) this.#relieve();
  }

  /** Too much waits: the oldest calls give up waiting until half of it is gone. */
  #relieve(): void {
    for (const tree of this.#trees.values()) {
      if (this.#waiting <= MOST / 2 && this.#waitingBytes <= MOST_BYTES / 2) return;
      this.#adopt(tree);
    }
  }

  /** Spans that come later find no such parent any more, and belong to their call. */
  #forgetMade(): void {
    for (const { made } of this.#trees.values()) {
      for (const id of made.keys()) {
        if (this.#made <= MOST / 2) return;
        made.delete(id);
        this.#made -= 1;
      }
    }
  }

  /** Takes out the spans that wait for this one. */
  #take(tree: Tree, parent: string): readonly SpanTrace[] {
    const children = tree.waiting.get(parent) ?? [];
    tree.waiting.delete(parent);
    this.#waiting -= children.length;
    for (const { span } of children) this.#waitingBytes -= span.bytes;
    return children;
  }

  /** Exports a span, and then those that waited for it. */
  #make(tree: Tree | undefined, told: SpanTrace, parent: Context): void {
    const due: (readonly [SpanTrace, Context])[] = [[told, parent]];
    for (let next = due.pop(); next !== undefined; next = due.pop()) {
      const [{ span }, context] = next;
      const made = trace.setSpanContext(ROOT_CONTEXT, exportSpan(this.#tracer(), next[0], context));
      if (tree === undefined) continue;
      this.#remember(tree, span.id, made);
      for (const child of this.#take(tree, span.id)) due.push([child, made]);
    }
  }

  #remember(tree: Tree, id: string, made: Context): void {
    if (!tree.made.has(id)) this.#made += 1;
    tree.made.set(id, made);
    if (this.#made > MOST) this.#forgetMade();
  }

  /** The parents of what waits will not come: the topmost become children of the call's CLIENT span. */
  #adopt(tree: Tree): void {
    const inside = new Set([...tree.waiting.values()].flat().map(({ span }) => span.id));
    const parents = [...tree.waiting.keys()];
    const topmost = parents.filter((parent) => !inside.has(parent));
    const others = parents.filter((parent) => inside.has(parent));
    // What is left behind the topmost waits for itself: spans that name each other as parent.
    for (const parent of [...topmost, ...others]) {
      for (const told of this.#take(tree, parent)) this.#makeOrphan(tree, told);
    }
  }

  #makeOrphan(tree: Tree, told: SpanTrace): void {
    const call = readTraceparent(told.span.trace);
    if (call !== undefined) this.#make(tree, told, remote(call));
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
    if (tree !== undefined) {
      this.#adopt(tree);
      this.#made -= tree.made.size;
    }
    this.#trees.delete(id);
    this.#ended.delete(id);
  }
}
