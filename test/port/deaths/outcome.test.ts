/** The table of what a death means for a call. */
import { expect, test } from "vitest";
import { type Circumstances, type Outcome, outcomeOf } from "../../../src/pool/outcome.ts";

const CALL: Circumstances = { began: false, isBound: false, idempotent: false, attempts: 1, deaths: 0 };
const ROWS: readonly (readonly [Partial<Circumstances>, Outcome])[] = [
  [{}, "resend"],
  [{ attempts: 2 }, "resend"],
  [{ attempts: 3 }, "exhausted"],
  [{ began: true }, "fail"],
  [{ began: true, idempotent: true }, "repeat"],
  [{ began: true, idempotent: true, attempts: 2, deaths: 1 }, "repeat"],
  [{ began: true, idempotent: true, attempts: 2, deaths: 2 }, "poison"],
  [{ began: true, idempotent: true, attempts: 3, deaths: 1 }, "fail"],
  [{ isBound: true }, "fail"],
  [{ isBound: true, began: true, idempotent: true }, "fail"],
];

test.each(ROWS)("%o: %s", (facts, outcome) => {
  expect(outcomeOf({ ...CALL, ...facts })).toBe(outcome);
});
