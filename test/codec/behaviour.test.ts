/** Values that do something while they are written: what was written is what is counted, or an error says why not. */

import { describe, expect, it } from "vitest";
import {
  atom,
  bitString,
  Codec,
  decode,
  encode,
  improperList,
  TermMap,
  tuple,
  Writer,
} from "../../codec/index.ts";

const codecs = [
  new Codec(),
  new Codec({ exact: true }),
  new Codec({ deterministic: true }),
  new Codec({ codegen: false, keys: "atom" }),
  new Codec({ bytes: "binary" }),
];
const exact = new Codec({ exact: true });

/** Bytes that decode fully to one term, by each codec. */
function written(make: () => unknown): unknown[] {
  return codecs.map((codec) => exact.decode(codec.encode(["before", make(), "behind"])));
}

function refused(make: () => unknown, code: string, path: string): void {
  for (const codec of codecs) {
    const writer = new Writer(16);
    expect(() => codec.encodeInto([make()], writer)).toThrow(expect.objectContaining({ code, path }));
    expect(writer).toMatchObject({ position: 0, busy: false });
    expect(codec.encode({ a: 1 })).toEqual(new Codec(optionsOf(codec)).encode({ a: 1 }));
  }
}

function optionsOf(codec: Codec): object {
  return (codec as unknown as { settings: object }).settings;
}

describe("a Map that changes while it is written", () => {
  const changes: Record<string, (map: Map<unknown, unknown>) => void> = {
    grows: (map) => map.set("c", 3),
    shrinks: (map) => map.delete("b"),
    "is cleared": (map) => map.clear(),
    "is filled anew": (map) => {
      map.clear();
      for (let i = 0; i < 100; i++) map.set(`k${i}`, i);
    },
  };
  for (const [name, change] of Object.entries(changes)) {
    it(name, () => {
      const make = () => {
        const map = new Map<unknown, unknown>();
        map.set("a", {
          toTerm() {
            change(map);
            return 1;
          },
        });
        return map.set("b", 2);
      };
      for (const list of written(make) as unknown[][]) {
        expect(list).toHaveLength(3);
        expect(list[2]).toEqual(exact.decode(encode("behind")));
      }
    });
  }

  it("is written with a key that comes again as an error, never as the same key twice", () => {
    const again = (key: unknown, other: unknown) => () => {
      const map = new Map<unknown, unknown>();
      return map
        .set(key, {
          toTerm() {
            map.delete(key);
            map.delete("b");
            if (map.size === 0) map.set(other, 2);
            return 1;
          },
        })
        .set("b", 1);
    };
    for (const make of [again("a", "a"), again(1, 1n), again(tuple(1), tuple(1n))]) {
      expect(() => encode([make()])).toThrow(expect.objectContaining({ code: "ETF_DUPLICATE_KEY" }));
      // Entries are sorted as they were before any of them was written.
      expect((exact.decode(new Codec({ deterministic: true }).encode(make())) as TermMap).size).toBe(2);
    }
  });
});

describe("a Map of a class of its own", () => {
  class Reversed extends Map<unknown, unknown> {
    override *[Symbol.iterator](): MapIterator<[unknown, unknown]> {
      yield* [...super.entries()].reverse();
    }
  }
  class Empty extends Map<unknown, unknown> {
    override get size(): number {
      return 1_000_000;
    }
  }
  class Twice extends Map<unknown, unknown> {
    override *[Symbol.iterator](): MapIterator<[unknown, unknown]> {
      yield* super.entries();
      yield* super.entries();
    }
  }
  class Odd extends Map<unknown, unknown> {
    override [Symbol.iterator](): MapIterator<[unknown, unknown]> {
      return [1, undefined, "x"].values() as never;
    }
  }

  it("is written as its iterator says", () => {
    const entries = [
      ["a", 1],
      ["b", 2],
    ] as const;
    expect(encode(new Reversed(entries))).toEqual(
      encode(
        new Map([
          ["b", 2],
          ["a", 1],
        ]),
      ),
    );
    expect(decode(encode(new Empty(entries)))).toEqual({ a: 1, b: 2 });
  });

  it("is refused where it gives no pairs, or a key twice", () => {
    refused(() => new Twice([["a", 1]]), "ETF_DUPLICATE_KEY", "[0]");
    refused(() => new Odd(), "ETF_UNSUPPORTED", "[0]");
    refused(() => new Proxy(new Map([["a", 1]]), {}), "ETF_UNSUPPORTED", "[0]");
  });

  it("is written through a Proxy that passes its methods on", () => {
    const bound = new Proxy(new Map([["a", 1]]), {
      get: (target, key) => {
        const found = Reflect.get(target, key, target);
        return typeof found === "function" ? found.bind(target) : found;
      },
    });
    expect(encode([bound])).toEqual(encode([new Map([["a", 1]])]));
  });

  it("has its bytes as keys compared as they are written", () => {
    const [a, b] = [Uint8Array.of(1), Uint8Array.of(2)];
    const map = new TermMap([
      [a, 1],
      [b, 2],
    ]);
    b[0] = 1;
    refused(() => map, "ETF_DUPLICATE_KEY", "[0]");
    refused(
      () =>
        new Map<unknown, unknown>([
          ["a", 1],
          [Uint8Array.of(97), 2],
        ]),
      "ETF_DUPLICATE_KEY",
      "[0]",
    );
    refused(
      () =>
        new Map<unknown, unknown>([
          [atom("true"), 1],
          [true, 2],
        ]),
      "ETF_DUPLICATE_KEY",
      "[0]",
    );
    const large = new Uint8Array(40_000);
    const both = new Map<unknown, unknown>([
      [large, 1],
      [large.slice(1), large],
    ]);
    expect(new Codec().sizeOf(both)).toBe(encode(both).length);
  });
});

describe("lists and terms that change while they are written", () => {
  it("have as many elements as they had when they were begun", () => {
    for (const wrap of [
      (items: unknown[]) => items,
      (items: unknown[]) => Object.setPrototypeOf(items, Object.getPrototypeOf(tuple())) as unknown[],
      (items: unknown[]) => improperList(items, "tail"),
    ]) {
      for (const change of [
        (items: unknown[]) => items.push(9, 9),
        (items: unknown[]) => items.splice(1),
        (items: unknown[]) => items.splice(0),
      ]) {
        const make = () => {
          const items: unknown[] = [];
          items.push({ toTerm: () => void change(items) }, 2, 3);
          return wrap(items);
        };
        for (const list of written(make) as unknown[][]) expect(list).toHaveLength(3);
      }
    }
  });

  it("are refused when they lost what they cannot be without", () => {
    const emptied = () => {
      const list = improperList([1], 2);
      (list.elements as unknown[]).length = 0;
      return list;
    };
    refused(emptied, "ETF_UNSUPPORTED", "[0]");
    const bits = () => {
      const made = bitString(Uint8Array.of(160), 3);
      structuredClone(made.bytes.buffer, { transfer: [made.bytes.buffer as ArrayBuffer] });
      return made;
    };
    refused(bits, "ETF_UNSUPPORTED", "[0]");
  });

  it("are refused when a Proxy gives them a length that is none", () => {
    for (const length of [-1, 1.5, 2 ** 32, Number.NaN, "3", {}])
      refused(
        () =>
          new Proxy([1, 2], { get: (target, key) => (key === "length" ? length : Reflect.get(target, key)) }),
        "ETF_UNSUPPORTED",
        "[0]",
      );
  });
});

describe("byte arrays", () => {
  class Liar extends Uint8Array {
    override get length(): number {
      return 1000;
    }
    override get byteLength(): number {
      return 1;
    }
  }

  it("have the length that they have, whatever their class says, and none of the bytes of others", () => {
    const codec = new Codec();
    codec.encode("a secret that was here before".repeat(100));
    const bytes = Uint8Array.of(1, 2, 3);
    const liar = new Liar(bytes);
    expect(codec.encode([liar])).toEqual(encode([bytes]));
    expect(codec.sizeOf([new Liar(5000)])).toBe(codec.sizeOf([new Uint8Array(5000)]));
    expect(new Codec({ bytes: "binary" }).encode(new Map([[liar, liar]]))).toEqual(
      new Codec({ bytes: "binary" }).encode(new Map([[bytes, bytes]])),
    );
    expect(bitString(liar, 3)).toEqual(bitString(bytes, 3));
  });

  it("that lost their memory are refused, with their path", () => {
    const detached = (size: number) => {
      const bytes = new Uint8Array(size);
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
      return bytes;
    };
    const Resizable = ArrayBuffer as unknown as new (
      size: number,
      options: object,
    ) => ArrayBuffer & { resize(size: number): void };
    const short = () => {
      const buffer = new Resizable(10, { maxByteLength: 20 });
      const bytes = new Uint8Array(buffer, 2, 8);
      buffer.resize(5);
      return bytes;
    };
    for (const size of [1, 100, 100_000]) refused(() => detached(size), "ETF_UNSUPPORTED", "[0]");
    refused(() => [{ deep: detached(3) }], "ETF_UNSUPPORTED", "[0][0].deep");
    refused(short, "ETF_UNSUPPORTED", "[0]");
    refused(() => new Proxy(new Uint8Array(3), {}), "ETF_UNSUPPORTED", "[0]");
    const empty = new Uint8Array(new Resizable(0, { maxByteLength: 20 }));
    expect(encode([empty])).toEqual(encode([new Uint8Array()]));
  });

  it("that change while a message is written are what they were, or an error", () => {
    for (const size of [10, 100_000]) {
      const bytes = new Uint8Array(size).fill(1);
      const before = [
        bytes,
        { toTerm: () => void structuredClone(bytes.buffer, { transfer: [bytes.buffer] }) },
      ];
      expect(encode(before)).toEqual(encode([new Uint8Array(size).fill(1), undefined]));
      const later = new Uint8Array(size);
      const behind = [
        { toTerm: () => void structuredClone(later.buffer, { transfer: [later.buffer] }) },
        later,
      ];
      expect(() => encode(behind)).toThrow(expect.objectContaining({ code: "ETF_UNSUPPORTED", path: "[1]" }));
    }
  });
});

describe("toTerm()", () => {
  class Point extends Array<number> {
    toTerm() {
      return tuple(atom("point"), ...this);
    }
  }
  class Id extends Uint8Array {
    toTerm() {
      return Buffer.from(this).toString("hex");
    }
  }

  it("of an Array, a tuple, a Uint8Array, a Map or a term is honoured, at any place and when warm", () => {
    const own = Object.assign([1, 2], { toTerm: () => "own" });
    const codec = new Codec();
    for (let i = 0; i < 30; i++) {
      expect(codec.decode(codec.encode({ at: Point.of(1, 2), id: Id.of(255), own, list: [own] }))).toEqual({
        at: ["point", 1, 2],
        id: "ff",
        own: "own",
        list: ["own"],
      });
      expect(codec.decode(codec.encode({ own: [1, 2] }))).toEqual({ own: [1, 2] });
    }
    const map = Object.assign(new Map([[1, 2]]), { toTerm: () => "map" });
    expect(codec.decode(codec.encode([map, Object.assign(new Date(), { toTerm: () => "date" })]))).toEqual([
      "map",
      "date",
    ]);
    expect(codec.decode(codec.encode([Object.assign(tuple(1), { toTerm: () => 2 })]))).toEqual([2]);
  });

  it("that hides from the keys is found in objects like those that code was made for", () => {
    const codec = new Codec();
    for (let i = 0; i < 30; i++) codec.encode([{ a: i, b: 2 }]);
    const hidden = Object.defineProperty({ a: 1, b: 2 }, "toTerm", { value: () => "hidden" });
    expect(codec.decode(codec.encode([hidden]))).toEqual(["hidden"]);
    for (let i = 0; i < 30; i++) codec.encode([{ toTerm: i }]);
    expect(codec.decode(codec.encode([{ toTerm: () => "key" }]))).toEqual(["key"]);
  });

  it("is asked for once", () => {
    let asked = 0;
    const value = {
      get toTerm() {
        asked++;
        return asked === 1 ? () => "once" : undefined;
      },
    };
    expect(decode(encode([value]))).toEqual(["once"]);
  });

  it("that throws something else while the place of a fault is looked for does not hide the fault", () => {
    let calls = 0;
    const value = {
      toTerm() {
        if (calls++ > 0) throw new RangeError("not again");
        return Number.NaN;
      },
    };
    expect(() => encode([value])).toThrow(expect.objectContaining({ code: "ETF_UNSUPPORTED", path: "" }));
  });
});
