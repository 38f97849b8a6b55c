/** What both sides of the demo do, and how each request is made: sign the claims, verify the token, compare. */

import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";

export const ALGORITHM = "EdDSA";

/** What a token says. */
export type Claims = Readonly<Record<string, unknown>>;

/** The work, wherever it is done. */
export interface TokenService {
  sign(claims: Claims): Promise<string>;
  verify(token: string): Promise<Claims>;
}

/** A pair of keys in PEM. */
export interface Keys {
  readonly private: string;
  readonly public: string;
}

/** New keys for this run. */
export function makeKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    private: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    public: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

/** The claims of users, services and devices that lie beside this file in the repository. */
export async function readClaims(path: string | URL): Promise<readonly Claims[]> {
  const claims: unknown = JSON.parse(await readFile(path, "utf8"));
  if (!Array.isArray(claims) || claims.length === 0) throw new Error(`${path} holds no list of claims`);
  return claims;
}

/** The claims of request `index`: a known set, with the time and a number of its own. */
export function freshClaims(known: readonly Claims[], index: number, seconds: number): Claims {
  return { ...known[index % known.length], iat: seconds, exp: seconds + 3600, jti: `request-${index}` };
}
