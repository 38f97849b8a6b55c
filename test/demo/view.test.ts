import { expect, test } from "vitest";
import { Screen } from "../../demo/screen.ts";
import { block, line } from "../../demo/view.ts";
import { facts, moment } from "./facts.ts";

test("the block shows where the run stands and both sides", () => {
  const [head, , rate] = block(moment);
  expect(head).toBe("█████░░░░░░░░░░░░░░░░░░░ 4.0 s of 20.0 s, 2 000 requests a second, a burst");
  expect(rate).toMatch(/^answers a second +398 +398$/);
  expect(block(moment).find((row) => row.startsWith("failed"))).toMatch(/^failed +1 +0$/);
});

test("a dead side says so, in the block and in the line", () => {
  const later = { ...moment, isBurst: false, end: facts.end };
  expect(block(later).find((row) => row.startsWith("restarts"))).toMatch(/dead: SIGSEGV$/);
  expect(line(later)).toBe("4.0 s: port 398/s, 300 µs / 5.00 ms, 1 restarts | in process dead since 3.7 s");
});

test("the bar stays within its bounds", () => {
  expect(block({ ...moment, elapsed: 25_000 })[0]).toMatch(/^█{24} /);
  expect(block({ ...moment, elapsed: 0 })[0]).toMatch(/^░{24} /);
});

/** A terminal of so many columns that keeps what is written, as far as the screen uses one. */
function terminal(columns: number) {
  let written = "";
  const out = {
    isTTY: true,
    columns,
    write: (text: string) => {
      written += text;
      return true;
    },
  };
  return { out, written: () => written };
}

test("a line that stays is written above the block, which is drawn again below it", async () => {
  const { out, written } = terminal(40);
  const screen = new Screen(out);
  screen.follow(() => moment);
  await expect.poll(written).toContain("4.0 s");
  const rows = block(moment).length;
  screen.tell("worker 1 was killed");
  screen.stop();
  const [, afterTell] = written().split("worker 1 was killed\n");
  expect(written()).toContain(`\x1b[${rows}A\r\x1b[Jworker 1 was killed\n`);
  expect(afterTell).toContain("restarts");
  expect(afterTell?.endsWith(`\x1b[${rows}A\r\x1b[J`)).toBe(true);
});

test("no line of the block is wider than the terminal", async () => {
  const { out, written } = terminal(20);
  const screen = new Screen(out);
  screen.follow(() => moment);
  await expect.poll(written).toContain("restarts");
  screen.stop();
  const drawn = written().split("\x1b[")[0]?.split("\n") ?? [];
  expect(Math.max(...drawn.map((text) => text.length))).toBeLessThanOrEqual(20);
});
