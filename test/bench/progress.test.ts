import { describe, expect, test } from "vitest";
import { duration, Progress, timeLeft } from "../../bench/compare/progress.ts";

const PARTS = [
  { name: "tables", ms: 60_000 },
  { name: "scenes", ms: 30_000 },
];

class Screen {
  readonly written: string[] = [];
  readonly isTTY: boolean;
  readonly columns = 30;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.written.push(text);
  }
}

describe("the time left", () => {
  test("is what was planned until it is known better", () => {
    expect(timeLeft({ name: "tables", ms: 60_000 }, 1000, 0.05, PARTS.slice(1))).toBe(57_000 + 30_000);
  });

  test("follows from how fast the present part goes", () => {
    expect(timeLeft({ name: "tables", ms: 60_000 }, 60_000, 0.5, PARTS.slice(1))).toBe(60_000 + 30_000);
    expect(timeLeft({ name: "tables", ms: 60_000 }, 50_000, 1, [])).toBe(0);
  });

  test("is told in seconds, then in minutes", () => {
    expect([0, 40_000, 89_000, 90_000, 400_000].map(duration)).toEqual([
      "0 s",
      "40 s",
      "89 s",
      "2 min",
      "7 min",
    ]);
  });
});

describe("the progress", () => {
  test("without a terminal is a line every ten seconds", () => {
    const screen = new Screen(false);
    let now = 0;
    const progress = new Progress(PARTS, screen, () => now);
    progress.begin("tables");
    for (; now <= 20_000; now += 1000) progress.at(`at ${now}`, now / 60_000);
    progress.end();
    expect(screen.written).toEqual([
      "tables; about 90 s left\n".replace("90 s", "2 min"),
      "tables: at 10000; about 80 s left\n",
      "tables: at 20000; about 70 s left\n",
    ]);
  });

  test("on a terminal is one line, no longer than it, that goes away", () => {
    const screen = new Screen(true);
    const progress = new Progress(PARTS, screen, () => 0);
    progress.begin("scenes");
    progress.end();
    expect(screen.written).toEqual(["\r\u001b[Kscenes; about 30 s left", "\r\u001b[K"]);
  });

  test("a long text is cut to the terminal", () => {
    const screen = new Screen(true);
    let now = 0;
    const progress = new Progress(PARTS, screen, () => now);
    progress.begin("tables");
    now = 1000;
    progress.at("a text that is longer than the line", 0);
    expect(screen.written.at(-1)).toHaveLength("\r\u001b[K".length + 29);
  });
});
