/**
 * Every fault that must have a test. F and G were found by trying it from outside (public bug reports of peers,
 * attacks), A by a reading of the TypeScript side, R by a review of the Rust side, the others have a name that says
 * what failed.
 */
function numbered(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
}

export const FAULTS: readonly string[] = [
  ...numbered("F", 18),
  ...numbered("G", 15),
  ...numbered("A", 11),
  ...numbered("R", 19),
  // What the codec remembers.
  "old atoms as keys",
  "kinds in one place",
  "codegen off",
  "cost of exact tuples",
  "sequences of messages",
  // What one value or one frame costs the others.
  "bad frame",
  "argument nested too deep",
  "Id in use",
  "Id of a refused call",
  "memory of a large message",
  "max_frame in both directions",
  // What surrounds a host.
  "Bun",
  "Deno",
  "host's folder deleted",
  "program busy (ETXTBSY)",
  "forged output",
  "floods",
  "lock files",
  "nothing loaded late",
  // What is said.
  "types are true",
  "wrong shape is a TypeError",
  "errors for a service",
  "numbers",
  "stack overflow is told",
  "death by our own hand says why",
  "a stuck call says where",
  "call names its function",
  "big integer as f64",
  "death while closing",
  "E2BIG of one argument",
  "Box<dyn Error>",
  "own toTerm of an array",
  // What options do.
  "recycle.maxCalls",
  "limits.cpuSeconds",
  "close while replacing",
  "timeout Infinity and 0",
  "every option has an effect",
  "planned replacement loses nothing",
  // What the review of the Rust side asked for besides its faults.
  "panic = abort",
  "black box by its path",
  "limits.memory is memory in use",
  // On the BEAM.
  "BEAM owner",
  // Found by a review of the Rust side.
  "R11",
  "R12",
  "R16",
  "R17",
  "R18",
  "R19: sequences of what is written as u8",
  "R19: a small Bytes pins its block",
  "R19: bytes and charlists for text",
  "R19: keys that are one key",
  "R19: trailing options",
  "R19: test constructors",
  "Rust packages are complete",
  // What the benchmarks say.
  "measured beside others",
  // That the fuzzers can find something.
  "fuzzers find",
];
