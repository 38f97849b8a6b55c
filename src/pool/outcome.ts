/** What becomes of a call whose worker died. Pure. */

/** A call that never began is sent no more often than this. */
const MOST_SENDS = 3;
/** A call that was there in so many deaths, alone or as the culprit, is not tried again. */
const MOST_DEATHS = 2;

/**
 * `resend`: it never began. `repeat`: it began and may run twice. `poison`: it kills whoever runs it. `unreadable`: its
 * frame is what the program ended of.
 */
export type Outcome = "resend" | "repeat" | "fail" | "exhausted" | "poison" | "unreadable";

/** What is known of a call at a death. */
export interface Circumstances {
  /** In this life or an earlier one. */
  readonly began: boolean;
  /** It was meant for this worker alone. */
  readonly isBound: boolean;
  readonly idempotent: boolean;
  /** How often it was sent. */
  readonly attempts: number;
  /** Deaths, this one included, in which it was the culprit or ran alone. */
  readonly deaths: number;
}

export function outcomeOf({ began, isBound, idempotent, attempts, deaths }: Circumstances): Outcome {
  if (isBound) return "fail";
  if (!began) return attempts < MOST_SENDS ? "resend" : "exhausted";
  if (!idempotent) return "fail";
  if (deaths >= MOST_DEATHS) return "poison";
  return attempts < MOST_SENDS ? "repeat" : "fail";
}
