/** Which tests hold which faults. A row is an id and `file: title` for each test; the file's path begins at the root. */
export const beam: Readonly<Record<string, readonly string[]>> = {
  "BEAM owner": [
    "test/beam/owner.test.ts: the owner answers every caller and costs no memory, whatever its program does",
  ],
};
