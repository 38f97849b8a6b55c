/** Which tests hold which faults. A row is an id and `file: title` for each test; the file's path begins at the root. */
export const wire: Readonly<Record<string, readonly string[]>> = {
  "argument nested too deep": [
    "rust-port/portreeve/tests/port/errors.rs: a_term_over_a_limit_costs_only_its_own_call",
  ],
  "bad frame": [
    "rust-port/portreeve/tests/port/lifetime.rs: a_bad_frame_whose_id_can_be_read_is_that_calls_error_before_the_end",
  ],
  "max_frame in both directions": [
    "rust-port/portreeve/tests/port/opening.rs: what_the_host_takes_it_may_send_too",
    "rust-port/portreeve/tests/port/opening.rs: a_host_that_takes_little_may_send_what_the_hello_said",
  ],
};
