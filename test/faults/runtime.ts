/** Which tests hold which faults of the Rust runtime. A row is an id and `file: title` for each test; the path begins at the root. */
const port = (file: string, name: string) => `rust-port/portreeve/tests/port/${file}.rs: ${name}`;
const source = (file: string, name: string) => `rust-port/portreeve/src/${file}.rs: ${name}`;
const walk = (name: string) => `rust-port/portreeve/src/schedule/walk.rs: ${name}`;

export const runtime: Readonly<Record<string, readonly string[]>> = {
  R1: [
    port("lasting", "somebody_reads_after_a_call_came_back_from_the_host"),
    walk("somebody_reads_or_will_whatever_comes_in_which_order"),
  ],
  R2: [walk("somebody_reads_or_will_whatever_comes_in_which_order")],
  R4: [
    port("lasting", "an_answer_of_the_host_is_read_when_no_thread_is_to_be_had"),
    port("lasting", "somebody_reads_when_no_thread_is_to_be_had"),
    port("lasting", "a_blocking_call_that_gets_no_thread_is_refused"),
    walk("somebody_reads_or_will_when_the_system_gives_no_more_threads"),
  ],
  R5: [
    port("budget", "blocking_calls_without_an_answer_are_bounded_in_bytes"),
    port("budget", "async_calls_without_an_answer_are_bounded_in_bytes"),
    port("budget", "more_blocking_calls_than_anybody_waits_for_are_refused"),
    walk("somebody_reads_or_will_as_soon_as_there_is_room"),
  ],
  "Id of a refused call": [
    port("budget", "the_id_of_a_call_that_was_refused_for_want_of_room_is_free_again"),
  ],
  "memory of a large message": [
    port("memory", "a_large_message_costs_itself_once_and_is_given_back"),
    port("memory", "a_large_message_in_parts_costs_itself_once_and_is_given_back"),
    source("wire/frame", "a_large_frame_has_memory_of_its_size_and_takes_it_along"),
  ],
  R6: [port("blackbox", "a_crash_among_calls_that_wait_for_the_host_names_its_own_call_or_none")],
  R9: [port("lasting", "stop_ends_although_a_function_has_kept_its_host")],
  R10: [port("spans", "a_span_whose_field_logs_holds_nobody_up")],
  R13: [port("lasting", "a_panic_is_not_told_with_the_message_and_place_of_an_earlier_one")],
  R14: [port("surroundings", "the_environment_stays_as_it_is")],
  R15: [port("surroundings", "sigterm_ends_a_program_without_a_reeve_from_its_first_moment_on")],
  R19: [
    port("surroundings", "a_limit_of_descriptors_that_no_program_can_live_with_is_refused"),
    port("surroundings", "what_a_host_stores_into_the_black_box_reads_nothing_behind_it"),
    port("calls", "each_kind_of_trouble_is_told_once"),
    source("calls/batch", "a_cancel_finds_its_call_by_an_index_where_there_are_many"),
    source("calls/current", "with_the_end_of_an_inner_call_the_outer_one_is_back"),
    source("observe/logging", "a_queue_that_was_flushed_has_all_its_room_again"),
    source("blackbox/layout", "a_box_that_no_pointer_reaches_the_end_of_is_refused"),
    source("runtime/threads", "a_batch_goes_when_nobody_holds_the_lock"),
  ],
  "black box by its path": [
    port("surroundings", "a_black_box_is_taken_by_its_path_and_removed_when_the_host_is_gone"),
    port("surroundings", "an_owner_that_stops_its_program_keeps_the_file_to_read_it"),
  ],
  G6: [
    port("surroundings", "signals_to_the_group_do_nothing_under_a_reeve"),
    "test/port/interrupted.test.ts: SIG%s while it starts: it is started again at once",
    "test/port/interrupted.test.ts: not for ever: the third time is the reason that open rejects with",
  ],
  G10: [
    port("surroundings", "signals_to_the_group_do_nothing_under_a_reeve"),
    port("surroundings", "without_a_reeve_signals_to_the_group_do_what_they_always_do"),
    port("surroundings", "a_handler_of_the_programs_own_stays"),
  ],
  G11: [port("surroundings", "a_black_box_that_is_not_meant_for_the_program_is_done_without")],
  // Documented as the one exception; there is nothing to try.
  G13: ["README.md: a program that somebody stopped (SIGSTOP) runs no code"],
};
