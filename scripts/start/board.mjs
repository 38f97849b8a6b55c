/** Shows tasks that run side by side: one line each, redrawn on a terminal, written now and then elsewhere. */

/** How often a terminal is redrawn, and how often a line is written where there is none, in ms. */
const REDRAW = 120;
const PLAIN = 5000;

export class Board {
  #out;
  #tasks = [];
  #rows = 0;
  #timer;

  constructor(out) {
    this.#out = out;
  }

  /** A task begins. Set `status` on what this gives; call `end` with its last words. */
  begin(name) {
    const task = { name, status: "", began: performance.now(), mark: undefined };
    this.#tasks.push(task);
    if (!this.#out.isTTY) this.#write(`${name} …`);
    this.#timer ??= setInterval(() => this.#show(), this.#out.isTTY ? REDRAW : PLAIN);
    return {
      set status(text) {
        task.status = text;
      },
      end: (text, mark = "✓") => this.#end(task, text, mark),
    };
  }

  /** Leaves what is shown as it is. */
  stop() {
    clearInterval(this.#timer);
    if (this.#out.isTTY) this.#redraw();
    this.#timer = undefined;
    this.#tasks = [];
    this.#rows = 0;
  }

  #end(task, text, mark) {
    task.mark = mark;
    task.status = `${text} (${seconds(task)})`;
    if (!this.#out.isTTY) this.#write(`${task.name}: ${task.status}`);
  }

  #show() {
    if (this.#out.isTTY) return this.#redraw();
    for (const task of this.#tasks) {
      if (task.mark === undefined) this.#write(`${task.name}: ${task.status} (${seconds(task)})`);
    }
  }

  #redraw() {
    const width = Math.max(0, ...this.#tasks.map(({ name }) => name.length));
    const lines = this.#tasks.map((task) => lineOf(task, width).slice(0, (this.#out.columns ?? 80) - 1));
    const up = this.#rows > 0 ? `\x1b[${this.#rows}A\r\x1b[J` : "";
    this.#out.write(`${up}${lines.map((line) => `${line}\n`).join("")}`);
    this.#rows = lines.length;
  }

  #write(line) {
    this.#out.write(`${line}\n`);
  }
}

function lineOf(task, width) {
  const name = task.name.padEnd(width);
  if (task.mark !== undefined) return `${task.mark} ${name}  ${task.status}`;
  const turn = SPINNER[Math.floor(performance.now() / REDRAW) % SPINNER.length];
  return `${turn} ${name}  ${seconds(task)}  ${task.status}`;
}

const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

function seconds({ began }) {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}
