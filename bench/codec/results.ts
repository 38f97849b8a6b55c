/** From rounds to numbers: medians and spread of the ratio to JSON, both measured in the same round. */

/** One process of one Node, one message: what measure.ts printed. */
export interface Run {
  readonly node: string;
  /** "" or the flag that Node was started with. */
  readonly flag: string;
  readonly message: string;
  readonly series: readonly {
    readonly name: string;
    readonly size: number;
    readonly encode: readonly number[];
    readonly decode: readonly number[];
  }[];
  readonly refused: readonly string[];
}

/** How many times as fast as JSON, and nanoseconds a call. */
export interface Cell {
  readonly ratio: number;
  /** The quartiles of the ratio. */
  readonly low: number;
  readonly high: number;
  readonly ns: number;
}

export interface Row {
  readonly name: string;
  readonly size: number;
  readonly encode: Cell;
  readonly decode: Cell;
}

/** What is committed: everything that tables, pictures and documents are made from. */
export interface Results {
  readonly machine: string;
  readonly date: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly runs: readonly {
    readonly node: string;
    readonly flag: string;
    readonly message: string;
    readonly rows: readonly Row[];
    readonly refused: readonly string[];
  }[];
}

/** The run's rows, in the order in which they were measured. */
export function rowsOf({ series }: Run): Row[] {
  const [json] = series;
  if (json === undefined) throw new Error("nothing was measured");
  return series.map(({ name, size, encode, decode }) => ({
    name,
    size,
    encode: cell(json.encode, encode),
    decode: cell(json.decode, decode),
  }));
}

function cell(json: readonly number[], own: readonly number[]): Cell {
  const ratios = own.map((ns, i) => (json[i] ?? Number.NaN) / ns);
  const [low, ratio, high] = [0.25, 0.5, 0.75].map((part) => quantile(ratios, part)) as [
    number,
    number,
    number,
  ];
  return { ratio: round(ratio), low: round(low), high: round(high), ns: round(quantile(own, 0.5)) };
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * part)] ?? Number.NaN;
}

/** Three digits that count. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}
