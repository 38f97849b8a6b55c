/** portreeve itself: `sum` of a list of three, through `port.call`. */

import { open } from "portreeve";
import { type Contender, withPromises } from "./contender.ts";

export async function portCall(program: string, name: string, timeout: number): Promise<Contender> {
  const port = await open(program, timeout === 0 ? {} : { callTimeout: timeout });
  const call = async () => {
    const sum = await port.call("sum", [[1, 2, 3]]);
    if (sum !== 6) throw new Error(`sum gave ${String(sum)}`);
  };
  return withPromises(name, call, () => port.close());
}
