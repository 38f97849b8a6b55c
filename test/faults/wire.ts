/** Which tests hold which faults. A row is an id and `file: title` for each test; the file's path begins at the root. */
export const wire: Readonly<Record<string, readonly string[]>> = {
  R8: ["rust-port/portreeve/tests/port/errors.rs: a_term_over_a_limit_costs_only_its_own_call"],
  "argument nested too deep": [
    "test/wire/incoming.test.ts: %s costs only its own message",
    "rust-port/portreeve/tests/port/errors.rs: a_term_over_a_limit_costs_only_its_own_call",
  ],
  A3: ["test/fuzz/faults.ts: A3: code of the user's runs in the middle of ours without a guard"],
  "fuzzers find": ["test/fuzz/faults.ts: F7: what a handler throws is made text without a guard"],
  F1: ["test/wire/channel.test.ts: a pipe that throws breaks the channel, and nobody's turn"],
  F7: [
    "test/wire/served.test.ts: whatever a handler throws, at once or later, or gives, the program gets its answer",
  ],
  A11: [
    "test/wire/channel.test.ts: casts that had not left when the program ended are counted as lost, and no others",
  ],
  G9: [
    "test/port/deaths/frame.test.ts: a program that waits for the rest of a frame is found by the heartbeat while it computes",
  ],
  "Id in use": [
    "rust-port/portreeve/tests/port/calls.rs: an_id_that_is_in_use_and_comes_again_is_that_calls_badarg",
    "test/wire/served.test.ts: an Id that is in use and comes again is badarg; the call that has it goes on, and can be cancelled",
  ],
  G2: [
    "test/port/held.test.ts: a program that reads nothing and floods its host with %s is not read above the limit, and ended",
    "test/port/held.test.ts: a program whose parts never end is ended at the limit",
    "test/otel/trees.test.ts: what waits is bounded in bytes, over all calls, and goes oldest call first",
    "test/otel/trees.test.ts: of a call that never ends no more than the last spans are remembered",
    "test/port/held.test.ts: a program that reads what it asked for gets all of it, however much that is together",
  ],
  G14: [
    "test/otel/trees.test.ts: spans that name each other as parent keep nothing: those of other calls find their parents",
  ],
  A5: [
    "test/wire/budget.test.ts: pongs into a full pipe stop the reading, and go on when it is empty",
    "test/wire/budget.test.ts: the host's own calls in the same pipe are not the program's to answer for",
  ],
  "bad frame": [
    "test/port/deaths/frame.test.ts: the call that was a bad frame has its error, and is not sent again",
    "test/port/deaths/frame.test.ts: calls beside a bad frame: what had not begun is sent again as often as ever, what ran says which frame it was",
    "test/port/deaths/frame.test.ts: a program that cannot say which frame it was: the only call that it can have been",
    "rust-port/portreeve/tests/port/lifetime.rs: a_bad_frame_whose_id_can_be_read_is_that_calls_error_before_the_end",
  ],
  "max_frame in both directions": [
    "test/port/frame-size.test.ts: a program takes what its host takes: an argument and an answer of 70 MB",
    "rust-port/portreeve/tests/port/opening.rs: what_the_host_takes_it_may_send_too",
    "rust-port/portreeve/tests/port/opening.rs: a_host_that_takes_little_may_send_what_the_hello_said",
  ],
  F18: ["test/wire/incoming.test.ts: a program that says %s gets no more than its words"],
};
