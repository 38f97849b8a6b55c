/**
 * The judge, in a thread of its own: verifies tokens with jose, a library that shares nothing with the port's Rust, and
 * compares what they say with what was asked for.
 */

import { isDeepStrictEqual } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { importSPKI, jwtVerify } from "jose";
import type { Judged } from "./judge.ts";
import { ALGORITHM } from "./service.ts";

const key = importSPKI(String(workerData), ALGORITHM);

/** `undefined` when all is right, else the reason. */
async function fault(token: string, claims: string): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, await key, { algorithms: [ALGORITHM] });
    return isDeepStrictEqual({ ...payload }, JSON.parse(claims))
      ? undefined
      : "other claims than were asked for";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

parentPort?.on("message", async (batch: readonly [token: string, claims: string][]) => {
  const faults = await Promise.all(batch.map(([token, claims]) => fault(token, claims)));
  const refused = faults.filter((reason) => reason !== undefined);
  const judged: Judged = { verified: faults.length - refused.length, refused };
  parentPort?.postMessage(judged);
});
