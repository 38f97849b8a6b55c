/** The table of what a death means for a call. */
import { expect, test } from "vitest";
import { type Circumstances, type Fate, fateOf } from "../../../src/pool/death.ts";

const CALL: Circumstances = { began: false, isBound: false, idempotent: false, attempts: 1, deaths: 0 };
const ROWS: readonly (readonly [Partial<Circumstances>, Fate])[] = [
  [{}, "resend"],
  [{ attempts: 2 }, "resend"],
  [{ attempts: 3 }, "vain"],
  [{ began: true }, "fail"],
  [{ began: true, idempotent: true }, "repeat"],
  [{ began: true, idempotent: true, attempts: 2, deaths: 1 }, "repeat"],
  [{ began: true, idempotent: true, attempts: 2, deaths: 2 }, "poison"],
  [{ began: true, idempotent: true, attempts: 3, deaths: 1 }, "fail"],
  [{ isBound: true }, "fail"],
  [{ isBound: true, began: true, idempotent: true }, "fail"],
];

test.each(ROWS)("%o: %s", (facts, fate) => {
  expect(fateOf({ ...CALL, ...facts })).toBe(fate);
});
