/** What a value does to its surroundings while it is written. */
import type { Random } from "./random.ts";

/** What a value's own code can get hold of. */
export interface Surroundings {
  readonly maps: Map<unknown, unknown>[];
  readonly arrays: unknown[][];
  readonly bytes: Uint8Array[];
  /** Encodes something with the codec that is writing. */
  encodeAgain(): void;
  /** Writes something to the writer that is being written to. */
  misuseWriter(): void;
}

/** What values throw: nothing else may come out of the writer but errors of the codec. */
export class Thrown extends Error {}

/** Something that a value does. */
export type Act = (around: Surroundings) => void;

const KEYS = ["a", "b", "k1", 1, 2n];

/** Any act. */
export function anyAct(random: Random): Act {
  const which = random.below(12);
  if (which < 5) return mapAct(random);
  if (which < 7) return arrayAct(random);
  if (which < 8) return bytesAct(random);
  if (which < 10) return (around) => around.encodeAgain();
  if (which < 11) return (around) => around.misuseWriter();
  return () => {
    throw new Thrown("by the value");
  };
}

function mapAct(random: Random): Act {
  const [which, kind, key, other] = [random.int32(), random.below(5), random.pick(KEYS), random.pick(KEYS)];
  return ({ maps }) => {
    const map = maps[(which >>> 0) % Math.max(1, maps.length)];
    if (map === undefined) return;
    if (kind === 0) map.set(key, 7);
    else if (kind === 1) map.delete(key);
    else if (kind === 2) map.clear();
    else if (kind === 3) {
      map.delete(key);
      map.set(key, 8);
    } else {
      map.delete(map.keys().next().value);
      map.set(other, 9);
    }
  };
}

function arrayAct(random: Random): Act {
  const [which, kind] = [random.int32(), random.below(4)];
  return ({ arrays }) => {
    const array = arrays[(which >>> 0) % Math.max(1, arrays.length)];
    if (array === undefined || Object.isFrozen(array)) return;
    if (kind === 0) array.push(5, "more");
    else if (kind === 1) array.length = 0;
    else if (kind === 2) array.splice(0, 1);
    else array[0] = "other";
  };
}

function bytesAct(random: Random): Act {
  const [which, grows] = [random.int32(), random.oneIn(2)];
  return ({ bytes }) => {
    const one = bytes[(which >>> 0) % Math.max(1, bytes.length)];
    if (one !== undefined) change(one.buffer, grows);
  };
}

/** A resizable buffer takes another size, a plain one is transferred. */
function change(buffer: ArrayBufferLike, grows: boolean): void {
  const { resizable, maxByteLength, resize } = buffer as ArrayBuffer & Resizable;
  if (resizable) resize.call(buffer, grows ? maxByteLength : 1);
  else if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] });
}

interface Resizable {
  readonly resizable: boolean;
  readonly maxByteLength: number;
  resize(size: number): void;
}
