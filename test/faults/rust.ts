/** Which tests hold which faults. A row is an id and `file: title` for each test; the file's path begins at the root. */
export const rust: Readonly<Record<string, readonly string[]>> = {
  // Values: what is read and written.
  F11: [
    "rust-port/portreeve/tests/etf/buffered.rs: a_wide_integer_in_a_buffer_is_an_error_and_not_lost",
    "rust-port/portreeve/tests/etf/buffered.rs: an_argument_is_refused_like_a_whole_term",
  ],
  F12: [
    "rust-port/portreeve/tests/term/generics.rs: bytes_behind_a_parameter_are_bytes_also_when_empty",
    "rust-port/portreeve/tests/term/generics.rs: bytes_deep_behind_a_parameter_are_bytes_too",
  ],
  F13: [
    "rust-port/portreeve/tests/etf/trees.rs: bytes_in_a_tree_stay_bytes",
    "rust-port/portreeve/tests/port/calls.rs: a_term_of_bytes_comes_back_as_bytes",
  ],
  "a stuck call says where": [
    "rust-port/portreeve/tests/port/stuck.rs: the_thread_of_the_call_that_is_asked_for_leaves_the_record",
    "rust-port/portreeve/tests/port/stuck.rs: a_call_that_runs_no_more_leaves_no_record_and_the_program_is_gone",
    "rust-port/portreeve/tests/port/stuck.rs: a_crash_of_its_own_is_told_though_the_question_is_there",
  ],
  "big integer as f64": ["rust-port/portreeve/tests/etf/typed.rs: an_integer_that_no_float_holds_is_refused"],
  "types are true": [
    "rust-port/portreeve/tests/term/true_types.rs: flattened_fields_are_described_whatever_they_are",
    "rust-port/portreeve/tests/term/true_types.rs: enums_that_serde_tells_apart_are_described",
    "rust-port/portreeve/tests/term/true_types.rs: an_option_in_an_option_is_an_option",
    "rust-port/portreeve/tests/term/true_types.rs: a_type_with_bare_derives_is_unknown_by_its_name",
    "rust-port/portreeve/tests/port/opening.rs: names_that_are_not_ascii_come_over_as_themselves",
    "test/cli/typescript.test.ts: names that are not ASCII stay what they are",
    "test/cli/typescript.test.ts: types of which nothing but the name is known are told",
  ],
  R11: ["rust-port/portreeve/tests/term/serde_attributes.rs: keys_that_are_data_are_never_atoms"],
  R12: ["rust-port/portreeve/tests/port/host_calls.rs: arguments_are_a_list_whatever_they_are"],
  "R19: sequences of what is written as u8": [
    "rust-port/portreeve/tests/term/generics.rs: a_list_of_what_is_written_as_u8_is_a_list_also_when_full",
  ],
  "R19: a small Bytes pins its block": [
    "rust-port/portreeve/tests/etf/memory.rs: small_bytes_are_copied_and_let_their_frame_go",
  ],
  "R19: bytes and charlists for text": [
    "rust-port/portreeve/tests/etf/errors.rs: bytes_and_charlists_in_the_place_of_text",
  ],
  "R19: keys that are one key": [
    "rust-port/portreeve/tests/etf/typed.rs: keys_that_are_one_key_are_refused",
    "rust-port/portreeve/tests/etf/typed.rs: text_keys_are_numbers_in_one_form",
  ],
  "R19: trailing options": ["rust-port/portreeve/tests/port/calls.rs: options_at_the_end_may_be_left_out"],
  "R19: test constructors": [
    "rust-port/portreeve/tests/port/host_calls.rs: a_function_is_tested_without_a_host",
  ],
  "Rust packages are complete": ["rust-port/portreeve/tests/packaging.rs: packages_are_complete"],
  R16: ["rust-port/portreeve/tests/duplicates.rs: a_crate_with_functions_links_as_a_cdylib"],
  R17: [
    "rust-port/portreeve/tests/attribute.rs: accepted_and_refused",
    "rust-port/portreeve/tests/port/calls.rs: a_parameter_may_be_a_type_of_the_programs_own_that_is_made_of_the_call",
  ],
  R18: [
    "rust-port/portreeve/tests/port/opening.rs: a_program_with_two_types_of_one_name_does_not_start",
    "rust-port/portreeve/tests/term/described.rs: two_types_of_one_name_are_a_clash",
    "rust-port/portreeve/tests/term/described.rs: a_generic_type_is_called_by_what_is_in_it",
    "rust-port/portreeve/src/wire/hello.rs: a_comment_changes_no_hash_and_a_type_does",
  ],
  "Box<dyn Error>": ["rust-port/portreeve/tests/port/errors.rs: any_boxed_error_is_an_error"],
  R3: ["scripts/targets.mjs: x86_64-unknown-linux-musl", "scripts/targets.mjs: i686-unknown-linux-musl"],
  R7: [
    "rust-port/portreeve/tests/port/blackbox.rs: a_jump_to_a_wild_address_still_has_its_last_words",
    "rust-port/portreeve/tests/port/blackbox.rs: the_first_of_many_threads_that_crash_has_the_last_words",
    "rust-port/portreeve/tests/port/blackbox.rs: a_forked_child_that_crashes_writes_nothing_into_the_box",
  ],
  "panic = abort": [
    "rust-port/portreeve/tests/profile.rs: a_panic_that_aborts_is_a_death_with_its_words_in_the_record",
    "test/process/blackbox.test.ts: what a program wrote is there after SIGKILL",
  ],
  "limits.memory is memory in use": [
    "rust-port/portreeve/tests/port/opening.rs: memory_that_is_used_is_bounded_and_not_what_is_reserved",
    "test/port/deaths/limits.test.ts: an allocation beyond limits.memory is told, with the limit, of the call that asked for it",
    "test/port/deaths/limits.test.ts: what a program only reserves does not count: calls of 40 MB pass under a limit of 200 MiB",
  ],
};
