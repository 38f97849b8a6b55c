import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/global-setup.ts",
    testTimeout: 30_000,
    hookTimeout: 120_000,
    pool: "forks",
    // Real processes and real clocks on a machine that others load too: once more, and `npm test` names each such test.
    retry: process.env.CI === undefined ? 0 : 1,
  },
});
