/** A contender by its id. */

import { CONTENDERS } from "./all.ts";
import type { Contender } from "./contender.ts";

/** @throws when there is none; the message names all there are */
export async function findContender(id: string): Promise<Contender> {
  const found = CONTENDERS.find((contender) => contender.id === id);
  if (found !== undefined) return found;
  throw new Error(`there is no contender ${id}: choose one of ${CONTENDERS.map(({ id }) => id).join(", ")}`);
}
