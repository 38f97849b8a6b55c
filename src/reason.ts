/** What was thrown, in words. User code throws anything: text, nothing, a Proxy, an object without a prototype. */

/** Half of a surrogate pair: no encoder of UTF-8 takes it. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * The message of an error, or anything else as text. Never throws, and the text can be encoded as UTF-8.
 * @param thrown whatever came out of a `throw` or a rejection
 */
export function reasonOf(thrown: unknown): string {
  return wellFormed(textOf(thrown));
}

/** The text with each lone surrogate replaced by U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, "\ufffd");
}

function textOf(thrown: unknown): string {
  try {
    const message = messageOf(thrown);
    return message === undefined || message === "" ? String(thrown) : message;
  } catch {
    return `a thrown ${typeof thrown} that cannot be shown`;
  }
}

/** Errors of other realms (vm, jest) are no `instanceof Error` here: what has a message is taken by it. */
export function messageOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null || !("message" in thrown)) return undefined;
  return typeof thrown.message === "string" ? thrown.message : undefined;
}

/** Whether it says what went wrong as an error does. Never throws. */
export function isError(thrown: unknown): thrown is Error {
  try {
    return messageOf(thrown) !== undefined && typeof (thrown as Error).name === "string";
  } catch {
    return false;
  }
}

/** The system's word for what went wrong (`ENOENT`), where an error has one. */
export function errnoOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}

/** `thrown instanceof Class`, a class of this package, which throws itself where a Proxy does not want to be asked. */
export function isA<T>(thrown: unknown, Class: abstract new (...args: never[]) => T): thrown is T {
  try {
    return thrown instanceof Class;
  } catch {
    return false;
  }
}
