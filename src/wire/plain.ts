/**
 * The codec for the protocol's own terms: the plain view, whatever view the user chose, and for the rest what he said. An
 * option that forbids something, or bounds it, holds for everything that a port reads.
 */

import { Codec } from "../../codec/index.ts";

const made = new WeakMap<Codec, Codec>();

/** The codec for the protocol's own terms in a port whose terms `codec` reads. */
export function plainOf(codec: Codec): Codec {
  const known = made.get(codec);
  if (known !== undefined) return known;
  const { codegen, maxDecodedBytes, maxInflatedBytes, viewFrom } = codec.settings;
  const plain = new Codec({ codegen, maxDecodedBytes, maxInflatedBytes, viewFrom });
  made.set(codec, plain);
  return plain;
}
