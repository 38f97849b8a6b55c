/**
 * The terminal: a block at the bottom that is redrawn, and lines that stay above it. Where there is no terminal, lines
 * alone.
 */

import { block, line, type Moment } from "./view.ts";

/** How often the numbers are shown, in ms: a block that is redrawn, and a line that stays. */
const REDRAW = 250;
const NEXT_LINE = 1000;

/** The part of `process.stdout` that is used. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export class Screen {
  readonly #out: Terminal;
  #shown: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(out: Terminal) {
    this.#out = out;
  }

  /** A line that stays. */
  tell(text: string): void {
    this.#erase();
    this.#out.write(`${text}\n`);
    this.#draw(this.#shown);
  }

  /** Shows the moments that `look` gives, until {@link stop}. */
  follow(look: () => Moment): void {
    const live = this.#out.isTTY;
    const show = () => (live ? this.#redraw(block(look())) : this.tell(line(look())));
    this.#timer = setInterval(show, live ? REDRAW : NEXT_LINE);
  }

  /** Takes the block away. */
  stop(): void {
    clearInterval(this.#timer);
    this.#erase();
    this.#shown = [];
  }

  #redraw(lines: readonly string[]): void {
    this.#erase();
    this.#draw(lines);
  }

  #draw(lines: readonly string[]): void {
    // A line that wraps would take two rows, and erasing counts rows.
    this.#shown = lines.map((text) => text.slice(0, this.#out.columns));
    for (const text of this.#shown) this.#out.write(`${text}\n`);
  }

  #erase(): void {
    if (this.#shown.length > 0) this.#out.write(`\x1b[${this.#shown.length}A\r\x1b[J`);
  }
}
