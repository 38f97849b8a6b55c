/** `npm run test:unit`: nothing is built before, and whatever starts a process fails. */
import { defineConfig } from "vitest/config";
import { NOT_UNIT, UNIT } from "./test/unit.ts";

export default defineConfig({
  test: {
    include: UNIT.map((path) => `test/${path}`),
    exclude: NOT_UNIT.map((path) => `test/${path}`),
    setupFiles: "test/no-processes.ts",
    pool: "threads",
  },
});
