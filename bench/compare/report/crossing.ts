/** The crossover: from which length on a job is so long that the call's overhead is a small part of it. Pure. */

import { median } from "../measure/statistics.ts";
import type { Crossover } from "../results.ts";

export interface SharePoint {
  readonly jobMicros: number;
  /** Overhead by the job's own time: 1 is as much as the job. Median of the rounds; it may be 0 or less, by noise. */
  readonly share: number;
}

export function shares({ points }: Crossover): SharePoint[] {
  return points
    .map(({ jobMicros, overheadMicros }) => ({
      jobMicros,
      share: median(overheadMicros.map((overhead) => overhead / jobMicros)),
    }))
    .toSorted((a, b) => a.jobMicros - b.jobMicros);
}

/** From `micros` on the overhead stays below the limit; `within` tells whether it was seen above it before that. */
export interface Crossing {
  readonly micros: number;
  readonly within: boolean;
}

/**
 * The job length from which on the share stays below a limit, on the straight line between two points in logarithms.
 * Undefined when it is above the limit even for the longest job.
 */
export function crossing(points: readonly SharePoint[], limit: number): Crossing | undefined {
  const last = points.findLastIndex(({ share }) => !(share < limit));
  const [above, below] = [points[last], points[last + 1]];
  if (below === undefined) return undefined;
  if (above === undefined) return { micros: below.jobMicros, within: false };
  return { micros: between(above, below, limit), within: true };
}

/** Noise can bring a share to zero or under it, where there is no logarithm: then the far point is taken. */
function between(above: SharePoint, below: SharePoint, limit: number): number {
  if (below.share <= 0) return below.jobMicros;
  const part = Math.log(above.share / limit) / Math.log(above.share / below.share);
  return above.jobMicros * (below.jobMicros / above.jobMicros) ** part;
}
