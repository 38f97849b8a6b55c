/** Which tests hold that options do what their sentences say. A row is an id and `file: title`; the path begins at the root. */
export const effect: Readonly<Record<string, readonly string[]>> = {
  "every option has an effect": [
    "test/options/table.test.ts: every option of %s has a test of its effect",
    "test/options/table.test.ts: every test of the options of %s is there, under that title",
  ],
};
