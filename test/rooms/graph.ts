/** Rooms and the imports between them: what runs back, and what runs in a circle (Tarjan's algorithm). */

/** One import: which file of which room names which room. */
export interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Rooms of a language from left to right; those in one entry stand beside each other and do not import one another. */
export type Order = readonly (readonly string[])[];

/** Imports that run from a room to one that does not stand to its left. */
export function wrongWay(order: Order, imports: readonly Import[]): readonly string[] {
  const rank = new Map(order.flatMap((beside, at) => beside.map((room) => [room, at] as const)));
  const place = (room: string): number => rank.get(room) ?? Number.NaN;
  return imports
    .filter(({ from, to }) => from !== to && !(place(to) < place(from)))
    .map(({ file, from, to }) => `${file}: ${from} imports ${to}`);
}

/** Groups of two or more rooms that reach each other. */
export function cycles(imports: readonly Import[]): readonly (readonly string[])[] {
  const search = new Search(imports);
  for (const { from } of imports) search.visit(from);
  return search.found;
}

class Search {
  readonly found: string[][] = [];
  readonly #next = new Map<string, Set<string>>();
  readonly #index = new Map<string, number>();
  readonly #low = new Map<string, number>();
  readonly #stack: string[] = [];

  constructor(imports: readonly Import[]) {
    for (const { from, to } of imports) {
      const next = this.#next.get(from) ?? new Set();
      if (from !== to) next.add(to);
      this.#next.set(from, next);
    }
  }

  /** Gives the lowest index that the room reaches. */
  visit(room: string): number {
    const known = this.#low.get(room);
    if (known !== undefined) return known;
    const index = this.#index.size;
    this.#index.set(room, index);
    this.#low.set(room, index);
    this.#stack.push(room);
    for (const next of this.#next.get(room) ?? []) this.#follow(room, next);
    if (this.#low.get(room) === index) this.#close(room);
    return this.#low.get(room) ?? index;
  }

  #follow(room: string, next: string): void {
    const isDone = this.#index.has(next) && !this.#stack.includes(next);
    if (isDone) return;
    const low = this.#index.has(next) ? (this.#index.get(next) ?? 0) : this.visit(next);
    if (this.#stack.includes(next)) this.#low.set(room, Math.min(this.#low.get(room) ?? low, low));
  }

  #close(room: string): void {
    const group = this.#stack.splice(this.#stack.indexOf(room));
    if (group.length > 1) this.found.push(group);
  }
}
