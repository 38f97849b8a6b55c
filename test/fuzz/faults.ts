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
];
