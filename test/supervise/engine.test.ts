/**
 * What the engine does beyond OTP: backoff. Driven by hand, with a clock that stands still until it is told to go on.
 * All else is compared with OTP itself (oracle.test.ts).
 */
import { describe, expect, test } from "vitest";
import { Backoff } from "../../src/restart/backoff.ts";
import { Intensity } from "../../src/restart/intensity.ts";
import type { ExitReason } from "../../src/supervise/child.ts";
import type { Answer, Command, Entry, Steps, Supervised } from "../../src/supervise/command.ts";
import { Engine } from "../../src/supervise/engine.ts";
import type { AutoShutdown, RestartType, Strategy } from "../../src/supervise/strategy.ts";

const died: ExitReason = { error: "died" };

/** An engine, and a log of what it wants done: `+a` start, `-a` stop, `a in 100 ms`, `retry a`, `exit`. */
class Bench {
  readonly engine: Engine<Supervised>;
  readonly log: string[] = [];
  /** Children whose starts fail. */
  readonly broken = new Set<string>();
  now = 0;
  #due: { child: Entry<Supervised>; ticket: number; at: number }[] = [];

  constructor(strategy: Strategy, maxRestarts = 10, period = 5000, autoShutdown: AutoShutdown = "never") {
    this.engine = new Engine({
      strategy,
      autoShutdown,
      intensity: new Intensity(maxRestarts, period),
      newBackoff: () => new Backoff({ initial: 100, factor: 2, max: 300, jitter: 0 }),
      now: () => this.now,
    });
  }

  start(...ids: string[]): this {
    this.handle(this.engine.start(ids.map((id) => spec(id))));
    this.log.length = 0;
    return this;
  }

  handle<T>(steps: Steps<Supervised, T>): T {
    let step = steps.next();
    while (!step.done) step = steps.next(this.#carryOut(step.value));
    return step.value;
  }

  crash(id: string): string[] {
    this.handle(this.engine.exit(this.engine.find(id)?.pid ?? 0, died));
    return this.log.splice(0);
  }

  /** Lets time pass, with what becomes due in it. */
  pass(ms: number): string[] {
    this.now += ms;
    const due = this.#due.filter(({ at }) => at <= this.now);
    this.#due = this.#due.filter(({ at }) => at > this.now);
    for (const { child, ticket } of due) this.handle(this.engine.due(child, ticket));
    return this.log.splice(0);
  }

  #carryOut(command: Command<Supervised>): Answer | undefined {
    switch (command.do) {
      case "start": {
        const { id } = command.child.spec;
        this.log.push(`+${id}`);
        return this.broken.has(id) ? { error: new Error("broken") } : "started";
      }
      case "stop":
        this.log.push(...command.children.map(({ spec: { id } }) => `-${id}`));
        return undefined;
      case "wait":
        this.log.push(`${command.child.spec.id} in ${command.ms} ms`);
        this.#due.push({ child: command.child, ticket: command.ticket, at: this.now + command.ms });
        return undefined;
      case "retry":
        this.log.push(`retry ${command.child.spec.id}`);
        return undefined;
      case "exit":
        this.log.push("exit");
        return undefined;
      case "report":
        return undefined;
    }
  }
}

function spec(id: string, restart: RestartType = "permanent"): Supervised {
  return { id, restart, significant: false, type: "worker" };
}

describe("backoff", () => {
  test("the first restart is at once, then the waits grow, for each child alone", () => {
    const bench = new Bench("one_for_one").start("a", "b");
    expect(bench.crash("a")).toEqual(["+a"]);
    expect(bench.crash("a")).toEqual(["a in 100 ms"]);
    expect(bench.engine.find("a")?.status).toBe("restarting");
    expect(bench.crash("b")).toEqual(["+b"]);
    expect(bench.pass(99)).toEqual([]);
    expect(bench.pass(1)).toEqual(["+a"]);
    expect(bench.crash("a")).toEqual(["a in 200 ms"]);
    expect(bench.pass(200)).toEqual(["+a"]);
    expect(bench.crash("a")).toEqual(["a in 300 ms"]);
    expect(bench.pass(300)).toEqual(["+a"]);
    expect(bench.crash("a")).toEqual(["a in 300 ms"]);
  });

  test("a child that was up for the whole period begins anew", () => {
    const bench = new Bench("one_for_one").start("a");
    bench.crash("a");
    bench.pass(4999);
    expect(bench.crash("a")).toEqual(["a in 100 ms"]);
    bench.pass(100);
    bench.pass(5000);
    expect(bench.crash("a")).toEqual(["+a"]);
  });

  test("restartChild begins anew", () => {
    const bench = new Bench("one_for_one").start("a");
    bench.crash("a");
    expect(bench.crash("a")).toEqual(["a in 100 ms"]);
    bench.handle(bench.engine.stopChild("a"));
    bench.handle(bench.engine.restartChild("a"));
    bench.log.length = 0;
    expect(bench.crash("a")).toEqual(["+a"]);
  });

  test.each([
    ["rest_for_one", ["-d", "-c"], ["+b", "+c", "+d"]],
    ["one_for_all", ["-d", "-c", "-a"], ["+a", "+b", "+c", "+d"]],
  ] as const)("%s: those that depend on it do not run on without it", (strategy, stops, starts) => {
    const bench = new Bench(strategy).start("a", "b", "c", "d");
    bench.crash("b");
    expect(bench.crash("b")).toEqual([...stops, "b in 100 ms"]);
    expect(bench.pass(100)).toEqual(starts);
  });

  test("a failed restart is tried again at once the first time, then it waits", () => {
    const bench = new Bench("one_for_one").start("a");
    bench.broken.add("a");
    expect(bench.crash("a")).toEqual(["+a", "retry a"]);
    const child = bench.engine.find("a");
    if (child === undefined) return expect.unreachable();
    bench.handle(bench.engine.retry(child));
    expect(bench.log.splice(0)).toEqual(["a in 100 ms"]);
    // A retry that is late, or comes twice, counts nothing.
    bench.handle(bench.engine.retry(child));
    expect(bench.pass(100)).toEqual(["+a", "retry a"]);
  });

  test("giving up does not wait", () => {
    const bench = new Bench("one_for_one", 2).start("a", "b");
    bench.crash("a");
    bench.crash("a");
    bench.pass(100);
    expect(bench.crash("a")).toEqual(["-b", "exit"]);
  });

  test("stopChild ends the wait, deleteChild and shutdown too", () => {
    const bench = new Bench("one_for_one").start("a", "b", "c");
    for (const id of ["a", "b", "c"]) {
      bench.crash(id);
      expect(bench.crash(id)).toEqual([`${id} in 100 ms`]);
    }
    bench.handle(bench.engine.stopChild("a"));
    bench.handle(bench.engine.stopChild("b"));
    bench.engine.deleteChild("b");
    expect(bench.pass(50)).toEqual([]);
    bench.handle(bench.engine.shutdown());
    expect(bench.log.splice(0)).toEqual(["exit"]);
    expect(bench.pass(1000)).toEqual([]);
    expect(bench.engine.entries().map(({ status }) => status)).toEqual(["stopped", "stopped"]);
  });

  test("a wait that was overtaken by another restart of the group is void", () => {
    const bench = new Bench("one_for_all").start("a", "b");
    bench.crash("a");
    expect(bench.crash("a")).toEqual(["-b", "a in 100 ms"]);
    bench.handle(bench.engine.restartChild("b"));
    bench.log.length = 0;
    expect(bench.crash("b")).toEqual(["+a", "+b"]);
    expect(bench.pass(100)).toEqual([]);
  });
});

test("a significant child that is being restarted has not ended: all_significant waits for it", () => {
  const bench = new Bench("one_for_one", 10, 5000, "all_significant");
  for (const id of ["a", "b"]) {
    bench.handle(bench.engine.startChild({ ...spec(id, "transient"), significant: true }));
  }
  bench.log.length = 0;
  bench.broken.add("a");
  expect(bench.crash("a")).toEqual(["+a", "retry a"]);
  bench.handle(bench.engine.exit(bench.engine.find("b")?.pid ?? 0, "normal"));
  expect(bench.log).toEqual([]);
  expect(bench.engine.over).toBe(false);
});

describe("memory", () => {
  test("do_not_save_start_parameters_for_temporary_children", () => {
    const bench = new Bench("simple_one_for_one");
    const big = [Array(1000).fill("potentially large")];
    const kept = (["permanent", "transient", "temporary"] as const).map((restart) => {
      const child = bench.handle(bench.engine.startChild(spec(restart, restart), big));
      return child.args;
    });
    expect(kept).toEqual([big, big, []]);
  });

  test("simple_one_for_one_scale_many_temporary_children: each leaves nothing, in constant time", () => {
    const bench = new Bench("simple_one_for_one");
    const lives = (count: number) => {
      const ids = Array.from({ length: count }, (_, index) => `c${index}`);
      for (const id of ids) bench.handle(bench.engine.startChild(spec(id, "temporary")));
      const begin = performance.now();
      for (const id of ids) bench.handle(bench.engine.exit(bench.engine.find(id)?.pid ?? 0, died));
      return performance.now() - begin;
    };
    lives(1000);
    const [few, many] = [lives(1000), lives(10_000)];
    expect(bench.engine.entries()).toEqual([]);
    // Ten times as many; OTP's own case allows 50 as well, and a square would be 100.
    expect(many / few).toBeLessThan(50);
  });
});
