/** Set up before the unit tests: what starts a process is none of them, and fails. */
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

for (const name of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"] as const) {
  Object.assign(childProcess, {
    [name]: () => {
      throw new Error(`a unit test called ${name}: it belongs to the other tests (test/README.md)`);
    },
  });
}
syncBuiltinESMExports();
