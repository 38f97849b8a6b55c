/** What happens to the workers becomes events of their port, and what is logged goes to stderr when nobody listens. */

import { callUser } from "../call-user.ts";
import { tellRestart, tellSpan } from "../metrics/channels.ts";
import type { PoolObserver } from "../pool/observer.ts";
import { Printer } from "../process/print.ts";
import type { LogRecord } from "../wire/incoming.ts";
import type { BasePort } from "./base.ts";

/** Levels that go to stderr when nobody listens. */
const LOUD = new Set(["warn", "error"]);

/** @param port its events; its name is asked for when something is told */
export function observerFor(port: BasePort): PoolObserver {
  let printer: Printer | undefined;
  const log = (record: LogRecord) => {
    if (port.emit("log", record) || !LOUD.has(record.level)) return;
    printer ??= new Printer(port.name);
    printer.print([`${record.level} ${record.target}: ${record.message}`]);
  };
  return {
    exited: (exit) => callUser(() => port.emit("exit", exit)),
    restarting: (restart) => {
      tellRestart(() => ({ port: port.name, ...restart }));
      callUser(() => port.emit("restart", restart));
    },
    retired: (retire) => callUser(() => port.emit("retire", retire)),
    gaveUp: (error) => callUser(() => port.emit("gaveUp", error)),
    event: (topic, value) => callUser(() => port.emit("event", topic, value)),
    log: (record) => callUser(() => log(record)),
    span: (worker, pid, span) => tellSpan({ port: port.name, worker, pid, span }),
  };
}
