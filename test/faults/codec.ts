/** Which tests hold which faults. A row is an id and `file: title` for each test; the file's path begins at the root. */
export const codec: Readonly<Record<string, readonly string[]>> = {
  // What writes: codec-write's rows.
  F1: [
    "test/port/borrowed.test.ts: arrives whole at an idle worker (%i bytes)",
    "test/port/borrowed.test.ts: arrives whole after it waited behind another call, and behind a full pipe",
    "test/port/borrowed.test.ts: arrives whole when it is sent again after a death",
    "test/wire/output.test.ts: large byte arrays are copied as they are at that moment, in order",
  ],
  F3: [
    "test/codec/behaviour.test.ts: is written with a key that comes again as an error, never as the same key twice",
    "test/codec/behaviour.test.ts: have as many elements as they had when they were begun",
    "test/codec/behaviour.test.ts: have the length that they have, whatever their class says, and none of the bytes of others",
    "test/codec/behaviour.test.ts: a Map that changes while it is written",
  ],
  F4: ["test/port/codec-options.test.ts: a port with %s gives back what it was given"],
  F5: [
    "test/codec/realms.test.ts: writes %s as one of this realm",
    "test/codec/realms.test.ts: has its terms written as what they are, at every place and with every option",
    "test/codec/realms.test.ts: reads what another realm's Uint8Array or one of Node's own holds",
    "test/codec/realms.test.ts: a runtime like jest's, whose globals are of another realm than the packages, writes and reads the same",
    "test/realms.test.ts: a URL and a signal of another realm: open, call and build take them",
    "test/realms.test.ts: a schema that gives a %s of another realm is asynchronous",
    "test/instanceof.test.ts: instanceof decides on nothing that comes from outside",
  ],
  F6: ["test/codec/realms.test.ts: %s is refused with its path"],
  F10: [
    "test/port/too-large.test.ts: an argument over max_frame is refused with its size and the limit, and costs no more memory than the limit",
    "test/port/too-large.test.ts: a `start` that is larger than what a program takes is an error of open",
    "test/codec/writer.test.ts: refuses at once what cannot fit, holes included",
  ],
  F17: [
    "test/codec/behaviour.test.ts: that lost their memory are refused, with their path",
    "test/codec/behaviour.test.ts: that change while a message is written are what they were, or an error",
  ],
  G9: [
    "test/port/borrowed.test.ts: an array that loses its memory while its call is encoded is that call's error, and nobody else's",
  ],
  A10: [
    "test/wire/envelope.test.ts: a cast has no Id, and large bytes of casts and answers are copied",
    "test/port/borrowed.test.ts: a caller may use its array again after a timeout, an abort, or the answer",
  ],
  "fuzzers find": ["test/fuzz/fuzz.test.ts: a fault that is put back is found"],
  "own toTerm of an array": [
    "test/codec/behaviour.test.ts: of an Array, a tuple, a Uint8Array, a Map or a term is honoured, at any place and when warm",
  ],
};
