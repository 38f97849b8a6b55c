/** Doubles as the bytes that go through a pipe: eight for each, little-endian, as in memory. */

export function bytesOfDoubles(doubles: Float64Array): Uint8Array {
  return new Uint8Array(doubles.buffer, doubles.byteOffset, doubles.byteLength);
}

/** A view where the bytes begin at a multiple of eight, else a copy: typed arrays must be aligned. */
export function doublesOfBytes(bytes: Uint8Array): Float64Array {
  const { buffer, byteOffset, byteLength } = byteOffset8(bytes);
  return new Float64Array(buffer, byteOffset, byteLength / 8);
}

function byteOffset8(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
}
