/** The calls of a run: most of them work, some are given up by their caller, and some are the end of their worker. */
import { join } from "node:path";
import type { Attempt } from "./judge.ts";
import type { Random } from "./random.ts";
import { randomTerm } from "./term.ts";

type Plan = Pick<Attempt, "name"> & Partial<Attempt>;

interface Kind {
  readonly weight: number;
  plan(random: Random, mark: string): Plan;
}

const MARK = "count_on_disk";

const HARMLESS: readonly Kind[] = [
  {
    weight: 30,
    plan: (random) => {
      const answer = randomTerm(random);
      return { name: "echo", args: [answer], answer, options: { idempotent: true } };
    },
  },
  {
    weight: 15,
    plan: (random) => {
      const [left, right] = [random.between(-1e9, 1e9), random.between(-1e9, 1e9)];
      return { name: "add", args: [left, right], answer: left + right, options: { idempotent: true } };
    },
  },
  { weight: 25, plan: (random, mark) => ({ name: MARK, args: [mark, random.below(3)], answer: null, mark }) },
  {
    weight: 6,
    plan: (random, mark) => ({
      name: MARK,
      args: [mark, random.below(3)],
      answer: null,
      mark,
      options: { idempotent: true },
    }),
  },
  {
    weight: 1,
    plan: (random) => {
      const answer = random.bytes(16).toString().repeat(random.between(1000, 10_000));
      return { name: "echo", args: [answer], answer, options: { idempotent: true } };
    },
  },
  {
    weight: 2,
    plan: (random) => ({ name: "panic", args: [`${random.next()}`], never: true, code: "CALL_PANIC" }),
  },
  { weight: 1, plan: () => ({ name: "print_line", args: ["between the frames"], answer: null }) },
  { weight: 1, plan: (random) => ({ name: "write_to_stdout", args: [random.bytes(100)], answer: null }) },
  { weight: 0.5, plan: () => ({ name: "flood_stderr", args: [100_000], answer: null }) },
  { weight: 1, plan: (_, mark) => ({ kind: "cast", name: MARK, args: [mark, 0], mark }) },
  {
    weight: 0.3,
    plan: (_, mark) => ({ kind: "broadcast", name: MARK, args: [mark, 0], mark, answer: null }),
  },
];

/** Their callers do not wait for them to end. */
const GIVEN_UP: readonly Kind[] = [
  {
    weight: 4,
    plan: (random) => ({
      name: "sleep",
      args: [random.below(100)],
      answer: null,
      abortAfter: random.below(50),
      options: { idempotent: false },
    }),
  },
  {
    weight: 4,
    plan: (random) => ({
      name: "sleep",
      args: [random.below(60)],
      answer: null,
      options: { timeout: random.between(1, 50) },
    }),
  },
  {
    weight: 6,
    plan: (random, mark) => ({
      name: MARK,
      args: [mark, random.below(10)],
      answer: null,
      mark,
      options: { timeout: random.between(1, 30), idempotent: random.chance(0.3) },
    }),
  },
  {
    weight: 4,
    plan: (random, mark) => ({
      name: MARK,
      args: [mark, 1],
      answer: null,
      mark,
      abortAfter: random.below(20),
    }),
  },
  {
    weight: 0.2,
    plan: () => ({ name: "sleep_through_cancel", args: [800], answer: null, options: { timeout: 20 } }),
  },
  { weight: 0.1, plan: () => ({ name: "loop_forever", never: true, options: { timeout: 20 } }) },
];

/** What another call closed cannot be spoiled any more. */
const code = "CALL_ERROR";

/** Each ends its worker, or spoils its pipe. */
const DEADLY: readonly Kind[] = [
  { weight: 0.25, plan: () => ({ name: "segfault", never: true }) },
  { weight: 0.05, plan: () => ({ name: "segfault", never: true, options: { idempotent: true } }) },
  { weight: 0.2, plan: () => ({ name: "abort", never: true }) },
  { weight: 0.2, plan: (random) => ({ name: "exit", args: [random.below(256)], never: true }) },
  { weight: 0.2, plan: () => ({ name: "kill", args: [9], never: true }) },
  // SIGSTOP: it has an answer when somebody lets it go on.
  { weight: 0.05, plan: () => ({ name: "kill", args: [19], answer: null }) },
  { weight: 0.1, plan: () => ({ name: "overflow_stack", never: true }) },
  { weight: 0.15, plan: () => ({ name: "send_half_frame", args: [true], never: true, code }) },
  { weight: 0.05, plan: () => ({ name: "send_half_frame", args: [false], answer: null, code }) },
  {
    weight: 0.05,
    plan: (random) => ({ name: "send_garbage", args: [random.bytes(random.between(1, 40))], code }),
  },
  { weight: 0.05, plan: () => ({ name: "send_huge_length", code }) },
  { weight: 0.05, plan: () => ({ name: "close_stdout", code }) },
  { weight: 0.05, plan: () => ({ name: "close_stdin", code }) },
  { weight: 0.05, plan: () => ({ name: "leave_grandchild", args: [1], code }) },
];

const ALL = [...HARMLESS, ...GIVEN_UP, ...DEADLY];

/**
 * The next call of a run.
 * @param folder where functions leave their marks
 */
export function nextCall(random: Random, folder: string, number: number): Attempt {
  const kind = random.weighted(ALL);
  const plan = kind.plan(random, join(folder, String(number)));
  const key = random.chance(0.2) ? { key: random.below(100) } : {};
  const isCall = plan.kind === undefined;
  return { kind: "call", args: [], ...plan, options: { ...plan.options, ...(isCall ? key : {}) } };
}
