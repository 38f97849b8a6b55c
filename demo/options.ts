/** What the demo is told; scripts/start.mjs reads it from the command line and adds what it has built. */

export interface Options {
  /** How long the traffic lasts, in s. */
  readonly seconds: number;
  /** Requests a second between the bursts, which are tenfold. A request is two calls: sign, then verify. */
  readonly rate: number;
  /** Processes of the port. */
  readonly workers: number;
  /** Path of the port program. */
  readonly program: string;
  /** Path of the addon's library. */
  readonly addon: string;
}
