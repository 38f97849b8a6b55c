/**
 * Where in a tree a supervisor or port stands. All places of a tree share the handles that `supervisor.port` gives
 * (port-handle.ts): these outlive the supervisors between, so they are found by path, from the top, whenever used.
 */
import { PortHandle } from "./port-handle.ts";
import type { Whereabouts } from "./whereabouts.ts";

type Locate = (path: readonly string[]) => Whereabouts;

interface Tree {
  /** Of the supervisor at the top. */
  locate: Locate | undefined;
  readonly handles: Map<string, PortHandle>;
}

export class Place {
  /** Ids from the top down. */
  readonly #path: readonly string[];
  readonly #tree: Tree;

  /** The top of a new tree, unless told otherwise. */
  constructor(path: readonly string[] = [], tree: Tree = { locate: undefined, handles: new Map() }) {
    this.#path = path;
    this.#tree = tree;
  }

  /** The place of a child. */
  below(id: string): Place {
    return new Place([...this.#path, id], this.#tree);
  }

  /** A supervisor stands here now; the first one of a tree is that at the top. */
  settle(locate: Locate): void {
    this.#tree.locate ??= locate;
  }

  /** The handle of the port at this place, when there is one. */
  get known(): PortHandle | undefined {
    return this.#tree.handles.get(this.#key);
  }

  /** The handle of the port at this place; the same one for as long as it is of use. */
  get handle(): PortHandle {
    const { known } = this;
    if (known !== undefined) return known;
    const { handles } = this.#tree;
    const handle = new PortHandle(() => this.#locate());
    for (const [key, other] of handles) if (other.isForgotten) handles.delete(key);
    handles.set(this.#key, handle);
    return handle;
  }

  get #key(): string {
    return JSON.stringify(this.#path);
  }

  #locate(): Whereabouts {
    if (this.#tree.locate === undefined) throw new Error("a tree without a supervisor has no ports");
    return this.#tree.locate(this.#path);
  }
}
