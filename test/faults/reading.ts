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
    "test/codec/sequences.test.ts: a host that refuses to make functions, however it says so, is asked once, and everything is read and written",
    "test/codec/sequences.test.ts: without generated code no function is made, neither for reading nor for writing",
  ],
  A9: [
    "test/wire/codec-options.test.ts: without generated code the messages of the protocol make none either",
    "test/codec/sequences.test.ts: without generated code no function is made, neither for reading nor for writing",
  ],
  "sequences of messages": [
    "test/codec/sequences.test.ts: every message is read the same, forty times in a row by one codec",
    "test/codec/sequences.test.ts: messages in any order are read as each is alone",
    "test/codec/erlang.test.ts: reads with one codec, in any order, what the BEAM reads in the same bytes",
  ],
  "wrong shape is a TypeError": ["test/codec/arguments.test.ts: %s is a TypeError"],
  "cost of exact tuples": [
    "test/codec/memory.test.ts: an honest tuple of 16.7 million elements is read in the view %j",
  ],
  A11: ["test/codec/streams.test.ts: a frame that comes a byte at a time keeps no chunk alive"],
  F16: [
    "test/codec/package.test.ts: no description says Buffer<…> or Uint8Array<…>, which compilers before 5.7 do not know",
    "test/codec/package.test.ts: setups that know nothing of `exports` find the same descriptions",
    "test/codec/package.test.ts: the codec's types need no others: --lib %s",
    "test/codec/package.test.ts: `require` gets the codec as CommonJS, which reads and writes the same",
  ],
  F17: ["test/codec/arguments.test.ts: skipTerm refuses the range %d to %d, which is not in the bytes"],
  F18: [
    "test/codec/keys.test.ts: the names of Object.prototype are keys, also where it is frozen",
    "test/codec/keys.test.ts: a setter that all objects inherit is not called, and the key is not lost",
  ],
  G1: [
    "test/codec/memory.test.ts: a message of %s ends with ETF_LIMIT, compressed or not",
    "test/codec/memory.test.ts: names that are not seen again cost what their texts cost",
    "test/codec/memory.test.ts: survives a compressed answer of millions of terms in the view %j",
    "test/wire/codec-options.test.ts: an answer over maxDecodedBytes is its call's error, and the next one is answered",
    "test/wire/codec-options.test.ts: a log message over maxDecodedBytes is dropped, and told once",
    "test/wire/codec-options.test.ts: a compressed message over maxInflatedBytes is not inflated",
  ],
  G15: ["test/codec/print.test.ts: numbers in any base are read whole, however many digits they have"],
};
