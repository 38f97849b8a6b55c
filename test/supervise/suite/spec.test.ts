/** Flags and child specs: the cases of OTP's supervisor_SUITE, by their names. */
import { describe, expect, test } from "vitest";
import type { ChildSpec, SuperviseOptions } from "../../../src/supervise/spec.ts";
import { supervise } from "../../../src/supervise/supervise.ts";
import { kid, start } from "./kid.ts";

const nothing = () => "ignore" as const;

/** What the wrong are made of: types are of no help to JavaScript. */
function spec(parts: Record<string, unknown>): ChildSpec {
  return { id: "child", start: nothing, ...parts } as ChildSpec;
}

function flags(parts: Record<string, unknown>): SuperviseOptions {
  return parts as SuperviseOptions;
}

/** Wrong specs, and what is said of them; `@` is where the spec stands. */
const wrong: [string, unknown, string][] = [
  ["no object", "hej", '@ must be an object, and is "hej"'],
  ["null", null, "@ must be an object, and is null"],
  ["no id", spec({ id: undefined }), "@.id must be a string that is not empty, and is undefined"],
  ["an empty id", spec({ id: "" }), '@.id must be a string that is not empty, and is ""'],
  [
    "no start",
    spec({ start: undefined }),
    "@.start must be a path or file: URL, { package }, { crate }, a function, or options of supervise, and is undefined",
  ],
  [
    "start",
    spec({ start: 5 }),
    "@.start must be a path or file: URL, { package }, { crate }, a function, or options of supervise, and is 5",
  ],
  [
    "restart",
    spec({ restart: "prmanent" }),
    '@.restart must be one of "permanent", "transient", "temporary", and is "prmanent"',
  ],
  [
    "a negative shutdown",
    spec({ shutdown: -10 }),
    '@.shutdown must be "brutal_kill", "infinity" or a number of ms from 0 to 2147483647, and is -10',
  ],
  [
    "shutdown",
    spec({ shutdown: Number.POSITIVE_INFINITY }),
    '@.shutdown must be "brutal_kill", "infinity" or a number of ms from 0 to 2147483647, and is Infinity',
  ],
  ["type", spec({ type: "wrker" }), '@.type must be one of "worker", "supervisor", and is "wrker"'],
  ["significant", spec({ significant: "maybe" }), '@.significant must be true or false, and is "maybe"'],
  [
    "a nested flag",
    spec({ start: { strategy: "none" } }),
    '@.start.strategy must be one of "one_for_one", "one_for_all", "rest_for_one", "simple_one_for_one", and is "none"',
  ],
  [
    "a nested spec",
    spec({ start: { children: [{ id: "inner" }] } }),
    "@.start.children[0].start must be a path or file: URL, { package }, { crate }, a function, or options of supervise, and is undefined",
  ],
];

describe("supervisor_SUITE, specs", () => {
  test("sup_start_map", async () => {
    const children = [
      kid("child1"),
      kid("child2", { shutdown: "brutal_kill" }),
      kid("child3", { type: "supervisor" }),
    ];
    const supervisor = await start({ children });
    const common = { restart: "permanent", significant: false, status: "running" };
    expect(supervisor.children()).toMatchObject([
      { id: "child1", type: "worker", shutdown: 5000, ...common },
      { id: "child2", type: "worker", shutdown: "brutal_kill", ...common },
      { id: "child3", type: "supervisor", shutdown: "infinity", ...common },
    ]);
    await supervisor.close();
  });

  test("options of supervise make a child of type supervisor", async () => {
    const supervisor = await start({ children: [{ id: "nested", start: {} }] });
    expect(supervisor.children()).toMatchObject([{ id: "nested", type: "supervisor", shutdown: "infinity" }]);
    await supervisor.close();
  });

  test("sup_start_map_simple", async () => {
    const supervisor = await start({
      strategy: "simple_one_for_one",
      children: [kid("child", { restart: "temporary" })],
    });
    for (let count = 0; count < 3; count += 1) await supervisor.startChild();
    const common = { restart: "temporary", type: "worker", shutdown: 5000, significant: false };
    expect(supervisor.children()).toMatchObject([
      { id: "child:1", ...common },
      { id: "child:2", ...common },
      { id: "child:3", ...common },
    ]);
    await supervisor.close();
  });

  test("sup_start_map_faulty_specs", async () => {
    const children = [spec({})];
    await (await supervise({ children })).close();
    // OTP ignores a key that means nothing; here it is taken for a slip of the pen.
    const silly = supervise({ children: [...children, spec({ id: "other", shutdwon: 5 })] });
    await expect(silly).rejects.toThrow(
      new TypeError("children[1] has no option shutdwon; the nearest is shutdown"),
    );
    const faulty = supervise({ children: [...children, spec({ id: undefined })] });
    await expect(faulty).rejects.toThrow(
      "children[1].id must be a string that is not empty, and is undefined",
    );
  });

  test.each(wrong)("child_specs, child_specs_map: %s", async (_name, child, message) => {
    const supervisor = await start();
    const asChild = child as ChildSpec;
    await expect(supervisor.startChild(asChild)).rejects.toThrow(
      new TypeError(message.replace("@", "the child spec")),
    );
    const first = supervise({ children: [asChild] });
    await expect(first).rejects.toThrow(new TypeError(message.replace("@", "children[0]")));
    expect(supervisor.children()).toEqual([]);
    await supervisor.close();
  });

  test("child_specs: ids are unique, and dynamic children have one model", async () => {
    const twice = supervise({ children: [kid("a"), kid("b"), kid("a")] });
    await expect(twice).rejects.toThrow('children[2].id is "a", as that of children[0]');
    const message =
      'children must hold exactly one child with "simple_one_for_one", the model of all, and holds';
    for (const children of [[], [kid("a"), kid("b")]]) {
      const simple = supervise({ strategy: "simple_one_for_one", children });
      await expect(simple).rejects.toThrow(`${message} ${children.length}`);
    }
  });

  test("child_specs_map: every legal combination, and no other", async () => {
    let legal = 0;
    for (const autoShutdown of [undefined, "never", "any_significant", "all_significant"] as const) {
      for (const parts of combinations()) {
        const supervisor = supervise(flags({ autoShutdown, children: [spec(parts)] }));
        if (isLegal(autoShutdown, parts)) {
          legal += 1;
          await (await supervisor).close();
        } else {
          await expect(supervisor).rejects.toThrow(/^children\[0\]\.significant has no meaning/);
        }
      }
    }
    // 4 modes × 4 restarts × 5 shutdowns × 3 types × 3 significant, but for significant ones with two modes or two restarts
    expect(legal).toBe(4 * 4 * 5 * 3 * 3 - 12 * 5 * 3);
  });

  test.each([
    ["strategy", { strategy: "none_for_one" }, TypeError],
    ["maxRestarts", { maxRestarts: Number.POSITIVE_INFINITY }, RangeError],
    ["maxRestarts", { maxRestarts: -1 }, RangeError],
    ["period", { period: 0 }, RangeError],
    ["period", { period: Number.POSITIVE_INFINITY }, RangeError],
    ["autoShutdown", { autoShutdown: "sometimes" }, TypeError],
    ["backoff.factor", { backoff: { factor: 0 } }, RangeError],
    ["children", { children: {} }, TypeError],
  ])("sup_flags: %s", async (name, parts, kind) => {
    const failure = await supervise(flags(parts)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(kind);
    expect((failure as Error).message).toMatch(
      new RegExp(`^${name.replace(".", "\\.")} must be .*, and is `),
    );
  });

  test("sup_flags: what is not known is refused, with the nearest that is", async () => {
    await expect(supervise(flags({ childen: [] }))).rejects.toThrow(
      new TypeError("supervise() has no option childen; the nearest is children"),
    );
    const nested = { children: [{ id: "a", start: { maxRestart: 3 } }] };
    await expect(supervise(flags(nested))).rejects.toThrow(
      new TypeError("children[0].start has no option maxRestart; the nearest is maxRestarts"),
    );
    const port = { children: [{ id: "a", start: "/bin/cat", options: { workrs: 2 } }] };
    await expect(supervise(flags(port))).rejects.toThrow(
      new TypeError("children[0].options has no option workrs; the nearest is workers"),
    );
  });
});

function* combinations(): Generator<Record<string, unknown>> {
  for (const restart of [undefined, "permanent", "transient", "temporary"]) {
    for (const shutdown of [undefined, 0, 1000, "infinity", "brutal_kill"]) {
      for (const type of [undefined, "supervisor", "worker"]) {
        for (const significant of [undefined, true, false]) yield { restart, shutdown, type, significant };
      }
    }
  }
}

function isLegal(
  autoShutdown: string | undefined,
  { significant, restart }: Record<string, unknown>,
): boolean {
  if (significant !== true) return true;
  if (autoShutdown === undefined || autoShutdown === "never") return false;
  return restart === "transient" || restart === "temporary";
}
