/** Classes that say of themselves what is not so, or are told apart by nothing but their code. */

/** Bytes whose length is another than they say. */
export class Liar extends Uint8Array {
  override get length(): number {
    return 1000;
  }
  override get byteLength(): number {
    return 3;
  }
  override get byteOffset(): number {
    return 100;
  }
}

/** A Map whose size is not what its iterator gives; it gives what it has. */
export class OwnIterator extends Map<unknown, unknown> {
  override get size(): number {
    return 1_000_000;
  }
  override *[Symbol.iterator](): MapIterator<[unknown, unknown]> {
    yield* super.entries();
  }
}

/** A class of a user's. */
export class Point {
  declare readonly x: number;
}

/** One that calls itself what it is not. */
export class Tagged {
  get [Symbol.toStringTag](): string {
    return "Map";
  }
}

/** Not in the types of ES2023. */
export const ResizableBuffer = ArrayBuffer as unknown as new (
  size: number,
  options: { readonly maxByteLength: number },
) => ArrayBuffer;
