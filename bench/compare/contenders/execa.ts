/** One process for each call, by execa: the JSON-lines program gets one line, gives one, and ends with its input. */

import type { ExecaMethod } from "execa";
import { programPath } from "../programs.ts";
import { type Ask, accidentsByCall, jobsByCall } from "./by-call.ts";
import type { Running } from "./contender.ts";
import { BASE64 } from "./json-lines.ts";
import { PATIENCE } from "./keys.ts";
import { load } from "./packages.ts";

const LARGEST = 64 << 20;

interface Answer {
  readonly ok?: unknown;
  readonly error?: string;
}

export async function startExeca(): Promise<Running> {
  const { execa } = await load<typeof import("execa")>("execa");
  const program = programPath("jsonLines");
  const running = new Set<number>();
  const ask = asker(execa, program, running, 0);
  const jobs = jobsByCall(ask, BASE64);
  const accidents = accidentsByCall(asker(execa, program, running, PATIENCE));
  await ask("empty");
  return {
    job: (id) => jobs[id],
    accident: (id) => accidents[id],
    pids: () => [...running],
    stop: async () => {},
  };
}

/** `timeout` in ms; 0 for none. */
function asker(execa: ExecaMethod, program: string, running: Set<number>, timeout: number): Ask {
  return async (call) => {
    const input = `${JSON.stringify({ id: 0, call })}\n`;
    const subprocess = execa(program, { input, timeout, maxBuffer: LARGEST });
    const pid = subprocess.pid ?? 0;
    running.add(pid);
    try {
      return answerOf(JSON.parse(String((await subprocess).stdout)));
    } finally {
      running.delete(pid);
    }
  };
}

function answerOf({ ok, error }: Answer): unknown {
  if (error !== undefined) throw new Error(error);
  return ok;
}
