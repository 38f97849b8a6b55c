/** Which tests hold that options do what their sentences say. A row is an id and `file: title`; the path begins at the root. */
export const effect: Readonly<Record<string, readonly string[]>> = {
  "every option has an effect": [
    "test/options/table.test.ts: every option of %s has a test of its effect",
    "test/options/table.test.ts: every test of the options of %s is there, under that title",
  ],
  "types are true": [
    "test/cli/shapes.test.ts: every shape at its limits is of the type that is generated for it",
    "test/cli/shapes.test.ts: a type that nothing is known of is told on generating, with the attribute that would tell it; no other is unknown",
  ],
};
