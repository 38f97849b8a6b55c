/** Which tests hold which faults of the codec's readers. A row is an id and `file: title` for each test; the path begins at the root. */
export const reading: Readonly<Record<string, readonly string[]>> = {
  "old atoms as keys": [
    "test/codec/sequences.test.ts: keys that are atoms of OTP 25 and older are read every time",
    "test/codec/sequences.test.ts: no key, however it is chosen, makes a warm codec read another term",
  ],
  "kinds in one place": [
    "test/codec/sequences.test.ts: a value is what it is, whatever stood in its place before",
  ],
  "codegen off": [
    "test/codec/sequences.test.ts: without generated code no function is made, neither for reading nor for writing",
  ],
  A9: [
    "test/codec/sequences.test.ts: without generated code no function is made, neither for reading nor for writing",
  ],
  "sequences of messages": [
    "test/codec/sequences.test.ts: every message is read the same, forty times in a row by one codec",
    "test/codec/sequences.test.ts: messages in any order are read as each is alone",
    "test/codec/erlang.test.ts: reads with one codec, in any order, what the BEAM reads in the same bytes",
  ],
};
