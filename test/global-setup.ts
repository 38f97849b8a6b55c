/**
 * Compiles src/ and codec/ into dist/ once before all tests: some of them start a host of their own, a plain Node
 * process that imports the built package. `npm test` has done it by then and says so.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export function setup(): void {
  if (process.env.PORTREEVE_TEST_BUILT === "1") return;
  const root = fileURLToPath(new URL("..", import.meta.url));
  const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.json"], { cwd: root });
  spawnSync(process.execPath, [fileURLToPath(new URL("../scripts/cjs.mjs", import.meta.url))]);
  if (status !== 0)
    console.warn("dist/ was built in spite of type errors: npx tsc -p tsconfig.json shows them");
}
