/** The addon, as Node sees it: claims and answers are JSON text, the rest is the same Rust code as in the port program. */

import { ALGORITHM, type Claims, type Keys, type TokenService } from "./service.ts";

/** What the addon exports. */
export interface Addon {
  signAsync(claims: string, algorithm: string, key: string): Promise<string>;
  verifyAsync(token: string, algorithm: string, key: string): Promise<string>;
  segfault(): void;
}

/** Loads a shared library that speaks Node-API; its name need not end in `.node`. */
export function loadAddon(path: string): Addon {
  const loaded: { exports: Partial<Addon> } = { exports: {} };
  process.dlopen(loaded, path);
  const { signAsync, verifyAsync, segfault } = loaded.exports;
  if (!signAsync || !verifyAsync || !segfault) throw new Error(`${path} is not the addon of this demo`);
  return { signAsync, verifyAsync, segfault };
}

export function serviceOf(addon: Addon, keys: Keys): TokenService {
  return {
    sign: (claims) => addon.signAsync(JSON.stringify(claims), ALGORITHM, keys.private),
    verify: async (token): Promise<Claims> =>
      JSON.parse(await addon.verifyAsync(token, ALGORITHM, keys.public)),
  };
}
