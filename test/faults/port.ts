/** Which tests hold which faults. A row is an id and `file: title` for each test; the file's path begins at the root. */
const reload = "test/port/replace/reload.test.ts";
const planned = "test/port/replace/planned.test.ts";
const calls = "test/port/replace/max-calls.test.ts";
const kill = "test/port/kill.test.ts";
const host = "test/port/host.test.ts";
const stuck = "test/port/deaths/stuck.test.ts";

export const port: Readonly<Record<string, readonly string[]>> = {
  A1: [
    `${reload}: a reload that fails after the hello takes no function away, nor a name`,
    `${reload}: nor does a restart onto a file that was replaced by one that fails, nor a recycled worker's successor`,
  ],
  A2: [
    `${kill}: calls that run and calls that wait reject at once, for a shutdown of a minute, too`,
    `${kill}: no worker is started again, and what it would have run is not run`,
    `${kill}: under a supervisor: its workers are killed and not spawned again, those that retire included`,
  ],
  A4: [
    `${planned}: %s: a call outlives shutdown in the old worker`,
    `${planned}: an idempotent call that was alone in two workers which the port itself ended is no poison`,
    `${calls}: with long calls there are never more than twice as many processes as workers, and all are answered`,
    `${calls}: maxAge: several workers are not all replaced at the same moment`,
  ],
  A6: [
    `${kill}: an open that is aborted while bytes of a ready program lie there rejects, and leaves nothing behind`,
    `${kill}: a program that was ready in time is not late because the host's loop was blocked`,
  ],
  A7: ["test/supervise/ending.test.ts: %s while %s is starting"],
  A11: [
    `${reload}: a port that is closed refuses them, and names no function`,
    `${reload}: a reload that fails half-way: the new program is what a death and a restart start`,
    "test/port/intensity.test.ts: the restart that is uncounted is the one that is named",
    "test/port/wheel.test.ts: a deadline that is far away costs a look or two, not one for each tick",
  ],
  F7: [
    "test/supervise/odd-throws.test.ts: a start that rejects with %s is a SupervisorError",
    "test/supervise/odd-throws.test.ts: a child whose exited rejects with %s is restarted, and ends when asked",
  ],
  F9: [
    `${host}: workers that are started later get the options as they were at open, and the folder`,
    "test/port/start-term.test.ts: a `start` that changes after open, or throws then, reaches no worker that is started later",
    "test/supervise/spec.test.ts: restarts go by the spec as it was given: folder, program, options and those of a supervisor",
  ],
  G5: [`${host}: it stays alive until a restart or a reload is done`],
  G7: [
    `${reload}: two reloads that fail at the same time both say so, and the program that worked goes on`,
    `${reload}: a reload that fails beside a good one changes nothing of it, in either order`,
    `${reload}: reloads are done in the order in which they were asked for`,
  ],
  "planned replacement loses nothing": [
    `${planned}: %s: a call outlives shutdown in the old worker`,
    `${planned}: %s: drain bounds it, and the error says so`,
  ],
  "death by our own hand says why": [
    `${planned}: innocent calls of a worker that goes say whose call ignored its cancel, and for which option`,
    `${planned}: %s: drain bounds it, and the error says so`,
    `${planned}: a program that ignores stop is ended once it has nothing left to do`,
  ],
  "a stuck call says where": [
    `${stuck}: an endless loop that ignores its cancel: the end names its function, and where that was`,
    `${stuck}: a deadlock: the end says which lock it waits for, and who does`,
    `${stuck}: a call that never began because all threads are stuck: the end names one that is`,
    `${stuck}: an unresponsive worker: of the call that ran for the longest, which is not to blame for that`,
    `${stuck}: a stopped program can say nothing: it is killed all the same, and so it is when its port is, at once`,
    `${stuck}: a program that %s is ended as decided`,
  ],
  "death while closing": [
    "test/port/close.test.ts: the error of a call whose worker died while the port closes tells of the death",
  ],
  "call names its function": [
    "test/port/call.test.ts: an error of the codec names the function, whichever way the value goes",
  ],
  "recycle.maxCalls": [
    `${calls}: of a crowd of calls each worker gets maxCalls, %i, with %i workers`,
    `${calls}: one call after the other: each has a process of its own, and the next is started while this one runs`,
    `${calls}: maxAge is kept to the ms, not to the second`,
  ],
  "close while replacing": [
    `${reload}: close while a replacement starts is told as that, and warns of nothing`,
  ],
};
