/**
 * Which test shows what an option does, for every option there is: `file: title`, the path beginning at test/. An option
 * that holds others is shown by theirs.
 */
type Effects = Readonly<Record<string, readonly string[]>>;

export const open: Effects = {
  args: ["port/opening.test.ts: args, env, cwd, name, start and a file: URL"],
  env: ["port/opening.test.ts: args, env, cwd, name, start and a file: URL"],
  extendEnv: [
    "options/open.test.ts: extendEnv: false: the program has what `env` names and its black box, and nothing of the host's environment",
    "port/deaths/lookup.test.ts: with extendEnv false it has nothing of the host's environment either",
  ],
  cwd: ["port/opening.test.ts: args, env, cwd, name, start and a file: URL"],
  name: ["port/opening.test.ts: args, env, cwd, name, start and a file: URL"],
  start: [
    "port/opening.test.ts: args, env, cwd, name, start and a file: URL",
    "port/too-large.test.ts: a `start` that is larger than what a program takes is an error of open",
  ],
  wrap: [
    "options/open.test.ts: wrap: the program runs under another command",
    "port/deaths/lookup.test.ts: it has the worker's arguments, environment, folder and wrap",
  ],
  "limits.memory": ["port/deaths/limits.test.ts: memory that grows bit by bit ends at the limit"],
  "limits.cpuSeconds": [
    "port/deaths/limits.test.ts: processor time that is used up is told by name, with the limit",
  ],
  "limits.openFiles": ["options/open.test.ts: limits.openFiles: the program has so many descriptors at most"],
  stderr: [
    "port/storm.test.ts: lines of stderr go to a function",
    "options/open.test.ts: stderr: inherited with the port's name before each line, or ignored (%s)",
  ],
  log: [
    "port/call.test.ts: progress, events and logs",
    "../rust-port/portreeve/tests/port/logging.rs: the_host_chooses_the_level",
  ],
  workers: ["options/open.test.ts: workers: so many processes"],
  maxInFlight: ["options/open.test.ts: maxInFlight: a worker has so many calls, the others wait"],
  maxQueue: [
    "port/flow.test.ts: over maxQueue calls are rejected at once, and drain says when there is room",
  ],
  maxQueueBytes: ["port/flow.test.ts: over maxQueueBytes, too"],
  maxRestarts: [
    "port/restart.test.ts: with maxRestarts 0 the first death is one too many; the other worker goes on alone",
  ],
  period: ["options/open.test.ts: period: deaths that are further apart do not count together"],
  "backoff.initial": [
    "options/open.test.ts: backoff: initial is the wait before the second restart, factor makes it grow, max bounds it",
  ],
  "backoff.factor": [
    "options/open.test.ts: backoff: initial is the wait before the second restart, factor makes it grow, max bounds it",
  ],
  "backoff.max": [
    "options/open.test.ts: backoff: initial is the wait before the second restart, factor makes it grow, max bounds it",
  ],
  "backoff.jitter": [
    "port/backoff.test.ts: jitter only shortens, by its part of the wait, and does not add up",
  ],
  startTimeout: [
    "port/opening.test.ts: a program that says nothing is given up after startTimeout",
    "options/open.test.ts: startTimeout: Infinity waits as long as it takes",
  ],
  callTimeout: ["port/timeout.test.ts: callTimeout is for calls that bring none; 0 means none"],
  cancelGrace: [
    "options/open.test.ts: cancelGrace: for so long a function may ignore its cancel, Infinity for ever",
  ],
  shutdown: [
    "port/close.test.ts: busy for longer than shutdown: it is killed, and what is left says that the port was closed",
    "port/close.test.ts: shutdown 0 kills at once; a stopped program too",
    "options/open.test.ts: shutdown: Infinity lets accepted calls take as long as they do",
  ],
  drain: ["port/replace/planned.test.ts: %s: drain bounds it, and the error says so"],
  heartbeat: [
    "options/heartbeat.test.ts: heartbeat: false, and a program that gives no sign of life is left alone",
  ],
  "heartbeat.interval": [
    "port/restart.test.ts: a frozen worker (SIGSTOP) is found by its heartbeat and replaced",
  ],
  "heartbeat.timeout": [
    "port/restart.test.ts: a frozen worker (SIGSTOP) is found by its heartbeat and replaced",
    "port/restart.test.ts: a worker that is silent but alive answers the heartbeat",
  ],
  "recycle.maxCalls": [
    "port/replace/max-calls.test.ts: one call after the other: each has a process of its own, and the next is started while this one runs",
  ],
  "recycle.maxAge": ["port/replace/max-calls.test.ts: maxAge is kept to the ms, not to the second"],
  "recycle.maxRss": [
    "port/restart.test.ts: recycle: workers are replaced by calls, age and memory, and no call is lost",
  ],
  handlers: [
    "port/handlers.test.ts: the program calls the host: values, promises, errors, names that are none",
  ],
  maxFrameBytes: [
    "port/frame-size.test.ts: a program takes what its host takes: an argument and an answer of 70 MB",
    "port/flow.test.ts: a frame over maxFrameBytes from the program: the calls fail with what came, the worker is replaced",
  ],
  maxHeldBytes: ["port/held.test.ts: a program whose parts never end is ended at the limit"],
  codec: ["port/codec-options.test.ts: a port with exact terms gives back terms, sorted or not"],
  signal: [
    "port/kill.test.ts: an open that is aborted while bytes of a ready program lie there rejects, and leaves nothing behind",
    "options/open.test.ts: signal: once the port is open it means nothing",
  ],
};

export const call: Effects = {
  timeout: [
    "port/timeout.test.ts: a call without an answer in time rejects, never early, and its slot is free again",
  ],
  signal: [
    "port/timeout.test.ts: a signal: aborted before, while it waits, while it runs; its reason as it is",
  ],
  idempotent: [
    "port/deaths/retry.test.ts: an idempotent call that was running is sent again, any other is not",
  ],
  key: ["port/restart.test.ts: a key leads to the same worker across its restart"],
  onProgress: ["port/call.test.ts: progress, events and logs"],
  trace: [
    "port/trace.test.ts: the option trace reaches the function, also from a view and beside a timeout; without it there is none",
  ],
};

const broadcasts = "port/broadcast.test.ts: signal, trace and onProgress are those of each of its calls";

export const broadcast: Effects = {
  timeout: ["port/broadcast.test.ts: a wrong name, arguments that cannot be sent, a timeout: as with a call"],
  signal: [broadcasts],
  onProgress: [broadcasts],
  trace: [
    broadcasts,
    "port/trace.test.ts: the option trace reaches the function, also from a view and beside a timeout; without it there is none",
  ],
};

export const cast: Effects = {
  key: ["port/restart.test.ts: a cast goes to the worker of its key, too"],
};

/** Of `restart` and `reload`. */
export const replace: Effects = {
  drain: ["port/replace/planned.test.ts: drain of one restart comes before that of the port"],
};

const codecs = "options/codec.test.ts";

export const codec: Effects = {
  exact: [`${codecs}: exact: terms as Erlang sees them, and not as JavaScript does`],
  binaries: [`${codecs}: binaries: text, or bytes`],
  bytes: [`${codecs}: bytes: which tag byte arrays have (%j)`],
  keys: [`${codecs}: keys: of plain objects, as binaries or as atoms`],
  deterministic: [`${codecs}: deterministic: the entries of a map in one order`],
  codegen: [`${codecs}: codegen: whether code is made for what comes again and again (%s)`],
  compressed: [`${codecs}: compressed: zlib's level, where it makes the message smaller`],
  maxInflatedBytes: [`${codecs}: maxInflatedBytes: a compressed term that says that it is larger is refused`],
  maxDecodedBytes: [`${codecs}: maxDecodedBytes: what a message may cost in memory, Infinity for no limit`],
  viewFrom: [`${codecs}: viewFrom: byte arrays of so many bytes are views of their message`],
};

const cargo = "process/build.test.ts: cargo is given what the options say: %j";
const reaches = "process/build.test.ts: features, the target folder and the environment reach cargo";

export const build: Effects = {
  crate: ["process/build.test.ts: the path of the program, by folder, by manifest and by URL"],
  bin: ["process/build.test.ts: no crate, no program, several programs, or not that one", cargo],
  package: [cargo],
  release: ["process/build.test.ts: the path of the program, by folder, by manifest and by URL", cargo],
  features: [reaches, cargo],
  defaultFeatures: [cargo],
  target: [cargo],
  targetDir: [reaches, cargo],
  locked: [cargo],
  env: [reaches],
  progress: ["process/build.test.ts: progress counts up to the number of steps"],
  signal: ["process/build.test.ts: a signal ends the build"],
};

export const supervise: Effects = {
  strategy: ["supervise/suite/restart.test.ts: one_for_all", "supervise/suite/restart.test.ts: rest_for_one"],
  maxRestarts: ["supervise/suite/restart.test.ts: multiple_restarts"],
  period: ["supervise/suite/restart.test.ts: multiple_restarts"],
  backoff: ["supervise/supervisor.test.ts: ends by itself while a restart is put off"],
  autoShutdown: ["supervise/suite/tree.test.ts: significant_transient"],
  children: ["supervise/suite/stop.test.ts: order_of_children"],
};

export const child: Effects = {
  id: [
    "supervise/port-child.test.ts: a port is called by the id of its child, whatever program it runs: its numbers keep their label",
  ],
  start: ["supervise/suite/start.test.ts: sup_start_normal"],
  restart: ["supervise/strategy.test.ts: what becomes of a child: by restart type and reason"],
  shutdown: [
    "supervise/suite/stop.test.ts: sup_stop_timeout",
    "supervise/suite/stop.test.ts: sup_stop_brutal_kill",
  ],
  significant: ["supervise/suite/tree.test.ts: significant_temporary"],
  type: ["supervise/suite/admin.test.ts: count_children_supervisor"],
  options: [
    "supervise/port-child.test.ts: a port is called by the id of its child, whatever program it runs: its numbers keep their label",
  ],
};
