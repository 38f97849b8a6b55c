/**
 * The faults that are put back to see whether they are found. `from` is a piece of the present code, which stands once in
 * its file, and `to` what stood there when the fault was there.
 */

/** A fault, and the kind of fuzzing that finds it. */
export interface Mutant {
  /** The fault's id, as in test/faults. */
  readonly name: string;
  readonly kind: string;
  readonly changes: readonly { readonly file: string; readonly from: string; readonly to: string }[];
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: "F3: a Map's count is written before its entries",
    kind: "values",
    changes: [
      {
        file: "codec/encode.ts",
        from: "    let p = this.header(116, 0, at);\n",
        to: "    let p = this.header(116, value.size, at);\n",
      },
      { file: "codec/encode.ts", from: "    this.view.setUint32(from + 1, keys.count);\n", to: "" },
      {
        file: "codec/encode.ts",
        from: "    if (keys.areDoubtful(value)) checkKeys(this.buffer, from, p, keys.count);\n",
        to: "",
      },
    ],
  },
  {
    name: "F3: an improper list's count is written before its elements",
    kind: "values",
    changes: [
      {
        file: "codec/special.ts",
        from: "  for (let i = 0; i < count; i++) p = e.term(elements[i], p);\n",
        to: "  for (const element of elements) p = e.term(element, p);\n",
      },
    ],
  },
  {
    name: "F3: a byte array has the length that its class says",
    kind: "values",
    changes: [
      {
        file: "codec/encode.ts",
        from: "    const length = byteLength(value);\n",
        to: "    const { length } = value;\n",
      },
    ],
  },
  {
    name: "F4: sorting takes a Buffer's slice for a copy",
    kind: "values",
    changes: [{ file: "codec/sorted.ts", from: "slice.call(buffer, ", to: "buffer.slice(" }],
  },
  {
    name: "F5: instanceof decides what a value is",
    kind: "values",
    changes: [
      {
        file: "codec/kind.ts",
        from: "known.get(proto) ?? learn(proto)",
        to: "known.get(proto) ?? RECORD",
      },
    ],
  },
  {
    name: "old atoms as keys",
    kind: "readers",
    changes: [
      {
        file: "codec/plain-map.ts",
        from: "if ((tag !== 109 && tag !== 119) || sample instanceof Map) return;",
        to: "if (sample instanceof Map) return;",
      },
    ],
  },
  {
    name: "kinds in one place",
    kind: "readers",
    changes: [{ file: "codec/read-shape.ts", from: 'if (!readsText) return "";', to: "" }],
  },
  {
    name: "F7: what a handler throws is made text without a guard",
    kind: "callbacks",
    changes: [
      {
        file: "src/wire/served.ts",
        from: "answer = () => this.#fail(call.id, kind, reasonOf(error));",
        to: "answer = () => this.#fail(call.id, kind, error instanceof Error ? error.message : String(error));",
      },
    ],
  },
  {
    name: "A3: code of the user's runs in the middle of ours without a guard",
    kind: "callbacks",
    changes: [
      {
        file: "src/call-user.ts",
        from: "  try {\n    code();\n  } catch (error) {\n    nextTick(() => {\n      throw error;\n    });\n  }\n",
        to: "  code();\n",
      },
    ],
  },
  {
    name: "A1: what a program says of itself counts before it is ready",
    kind: "surroundings",
    changes: [
      {
        file: "src/pool/worker-life.ts",
        from: "      hello: (hello) => handshake.hello(hello),\n",
        to: "      hello: (hello) => {\n        handshake.hello(hello);\n        this.#listener.began(hello);\n      },\n",
      },
    ],
  },
];
