/** What an open port and that of a supervisor do in the same way: views, and events. */

import { EventEmitter } from "node:events";
import type { PortStats } from "../metrics/stats.ts";
import { type BroadcastOptions, CALL, type CallOptions, type CastOptions } from "../options/call.ts";
import type { ReplaceOptions } from "../options/open.ts";
import type { Program } from "../options/program.ts";
import { checkOptions } from "../options/table.ts";
import type { Hello, PortFunction } from "../wire/hello.ts";
import type { PortEvents } from "./events.ts";
import type { PortLike } from "./port-like.ts";
import type { PortClient, PortView, UntypedFunctions } from "./typing.ts";
import { makeView } from "./view.ts";

/** What is left of an EventEmitter beside the methods that every port has. */
export type PortEmitter = Omit<EventEmitter<PortEvents>, keyof PortLike>;

/** Knows nothing of types: what the functions are is the word of whoever opens the port. */
export abstract class BasePort extends EventEmitter<PortEvents> implements PortLike {
  abstract readonly name: string;
  abstract readonly functions: readonly PortFunction[];
  abstract readonly types: Hello["types"];
  abstract readonly needsDrain: boolean;
  abstract call<T = unknown>(name: string, args?: readonly unknown[], options?: CallOptions): Promise<T>;
  abstract cast(name: string, args?: readonly unknown[], options?: CastOptions): void;
  abstract broadcast<T = unknown>(
    name: string,
    args?: readonly unknown[],
    options?: BroadcastOptions,
  ): Promise<T[]>;
  abstract restart(options?: ReplaceOptions): Promise<void>;
  abstract reload(program: Program, options?: ReplaceOptions): Promise<void>;
  abstract stats(): PortStats;

  as<C = UntypedFunctions>(client?: PortClient<C>, options: CallOptions = {}): PortView<C> {
    // A signal that is aborted already is the calls' affair: they reject, as those of `with`.
    checkOptions("as()", "", CALL, options);
    const call = (name: string, args: readonly unknown[], each: CallOptions) => this.call(name, args, each);
    return makeView(this.functions, client?.functions, call, options) as unknown as PortView<C>;
  }
}
