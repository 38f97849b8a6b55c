/** Which tests hold which faults. A row is an id and `file: title` for each test; the file's path begins at the root. */
const around = "test/process/surroundings.test.ts";

export const process: Readonly<Record<string, readonly string[]>> = {
  F2: [
    `${around}: a worker that dies while the host has no descriptors left is restarted when it has some again`,
    `${around}: open without descriptors is a SpawnError that says so, and a later one works`,
  ],
  F7: [
    "test/reason.test.ts: %s becomes text",
    "test/port/user-code.test.ts: a handler that throws %s: the program is told, and nobody else",
    "test/port/user-code.test.ts: a child whose start or end rejects with %s",
    "test/port/user-code.test.ts: a message with half a character is the program's with its replacement",
  ],
  A3: [
    "test/port/user-code.test.ts: a stderr function that throws at the last line of a worker that dies wedges nothing",
    "test/port/user-code.test.ts: listeners that throw in the middle of a death, a restart and a log",
  ],
  F15: [
    "test/port/user-code.test.ts: a program that closes its stdin before its hello is told as that",
    "test/port/user-code.test.ts: a maxFrameBytes below the program's hello is told as that",
  ],
  G12: ["test/port/user-code.test.ts: a maxFrameBytes below the program's hello is told as that"],
  G3: [
    `${around}: a stderr that is %s ends no host`,
    `${around}: a stderr that is a pipe which nobody reads holds no host up`,
    "test/process/stderr.test.ts: a host whose stderr does not keep up loses lines and says how many",
  ],
  G8: [
    `${around}: a worker that dies while the host has no descriptors left is restarted when it has some again`,
    `${around}: a first open needs a dozen descriptors and no more`,
  ],
  "nothing loaded late": [
    `${around}: the package may be gone from the disk once it is imported: all of it works on`,
  ],
  "host's folder deleted": [
    `${around}: a host whose folder was deleted restarts its workers`,
    `${around}: a program's own folder that was deleted is named as the reason`,
    `${around}: TMPDIR may vanish`,
  ],
  "program busy (ETXTBSY)": [
    `${around}: a program that somebody still writes is waited for, at an open and at a restart`,
  ],
  "E2BIG of one argument": [
    "test/process/diagnose.test.ts: arguments that the system does not take: one that is too long, or all together",
  ],
  "forged output": [
    "test/process/stderr.test.ts: what a program could forge a line with is escaped where it is printed, and nowhere else",
    "test/port/forged.test.ts: the text of a function's error, and of an error that is printed whole",
    "test/port/forged.test.ts: log messages and names: printed they are one escaped line, as events they are raw",
    "test/port/forged.test.ts: a program that does not start: what it says of it, and its stderr",
    "test/port/forged.test.ts: the command line: lists of functions, results, errors",
  ],
  floods: [
    "test/port/floods.test.ts: a flood of %ss leaves the loop to others",
    "test/process/stderr.test.ts: of a flood no more is read in a turn than is handed over in it",
  ],
  A8: [
    "test/port/deaths/lookup.test.ts: addresses stay as they are when the program's file was replaced after its start",
    "test/port/deaths/lookup.test.ts: it has the worker's arguments, environment, folder and wrap",
  ],
  G4: [
    "test/port/deaths/lookup.test.ts: one that hangs is ended with all that it started, and only the call that crashed waits for it",
    "test/port/deaths/lookup.test.ts: it has the worker's arguments, environment, folder and wrap",
  ],
  "stack overflow is told": ["test/port/deaths/culprit.test.ts: $name $args"],
  F8: [
    "test/port/fake-timers.test.ts: fake timers, %s: before a port is opened, during its life, and after",
    "test/port/fake-timers.test.ts: a replaced process.nextTick: during a port's life, and after",
    "test/port/fake-timers.test.ts: no file of src/ takes a timer or a clock from the globals",
  ],
  Bun: ["test/runtimes/runtimes.test.ts: Bun does it all"],
  Deno: ["test/runtimes/runtimes.test.ts: Deno does it all"],
};
