/**
 * The decisions of OTP's supervisor as tables: what an exit means for the child itself, which children go with it,
 * and when the supervisor ends by itself. Pure; the engine (engine.ts) puts them in order.
 */
import { type ExitReason, isNormal } from "./child.ts";

/** Which children are restarted when one has to be (supervisor, "Supervisor flags"). */
export type Strategy = "one_for_one" | "one_for_all" | "rest_for_one" | "simple_one_for_one";

/** Whether a child that ended is started again: always, after an abnormal exit, or never. */
export type RestartType = "permanent" | "transient" | "temporary";

/** Whether the supervisor ends by itself when significant children have. */
export type AutoShutdown = "never" | "any_significant" | "all_significant";

/** What an exit means for the child: start it again, keep it as a spec that does not run, or forget it. */
export type AfterExit = "restart" | "keep" | "remove";

const afterExitTable: Record<RestartType, { readonly normal: AfterExit; readonly abnormal: AfterExit }> = {
  permanent: { normal: "restart", abnormal: "restart" },
  transient: { normal: "keep", abnormal: "restart" },
  temporary: { normal: "remove", abnormal: "remove" },
};

/** What becomes of a child that ended by itself. A dynamic child is never kept: it has no spec of its own. */
export function afterExit(restart: RestartType, reason: ExitReason, strategy: Strategy): AfterExit {
  const decision = afterExitTable[restart][isNormal(reason) ? "normal" : "abnormal"];
  return decision === "keep" && strategy === "simple_one_for_one" ? "remove" : decision;
}

/**
 * The children that share the fate of the one at `index`, itself included, in start order.
 * They are stopped from last to first, and then started from first to last.
 */
export function groupOf<C>(strategy: Strategy, children: readonly C[], index: number): readonly C[] {
  switch (strategy) {
    case "one_for_one":
    case "simple_one_for_one":
      return children.slice(index, index + 1);
    case "rest_for_one":
      return children.slice(index);
    case "one_for_all":
      return children;
  }
}

/** As much of a child as automatic shutdown looks at. */
export interface Significance {
  readonly significant: boolean;
  /** It runs, or is about to run again. */
  readonly active: boolean;
}

/**
 * Whether the supervisor ends because this child ended by itself and is not started again.
 * Stopping a child by hand, or along with its group, never ends the supervisor.
 *
 * @param others all children that are left
 */
export function endsSupervisor(
  mode: AutoShutdown,
  significant: boolean,
  others: Iterable<Significance>,
): boolean {
  if (mode === "never" || !significant) return false;
  if (mode === "any_significant") return true;
  for (const other of others) {
    if (other.significant && other.active) return false;
  }
  return true;
}
