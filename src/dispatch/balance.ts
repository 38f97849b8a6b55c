/** Which worker gets the next call. Pure. */

interface Busy {
  readonly isAvailable: boolean;
  readonly inFlight: number;
}

/** The available worker with the fewest unanswered calls, the first of equals; undefined when none is available. */
export function leastBusy<W extends Busy>(workers: readonly W[]): W | undefined {
  let best: W | undefined;
  for (const worker of workers) {
    if (!worker.isAvailable) continue;
    if (best === undefined || worker.inFlight < best.inFlight) best = worker;
  }
  return best;
}

/** The worker index that a key leads to: the same one for as long as the port has as many workers (FNV-1a). */
export function indexOfKey(key: string | number, keepers: number): number {
  const text = String(key);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % keepers;
}
