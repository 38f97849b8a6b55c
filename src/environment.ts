/** The variables that a program is started with. */

/** What decides on them. */
export interface GivenEnvironment {
  /** Added to the host's environment; `undefined` takes a variable away. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `false`: nothing of the host's environment, `env` alone. Default: `true`. */
  readonly extendEnv?: boolean | undefined;
}

/** All of them, by name. */
export function environment({ env, extendEnv = true }: GivenEnvironment): Record<string, string> {
  const all = Object.entries(extendEnv ? { ...process.env, ...env } : env);
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
