/**
 * Where in a tree a supervisor or port stands, and the handle of the port that stands there (port-handle.ts). Places
 * outlive the supervisors between, so a handle finds its port by path, from the top, whenever it is used.
 */
import { SupervisorError } from "./error.ts";
import { SupervisedPort } from "./port-handle.ts";
import type { PortLookup } from "./port-lookup.ts";

type Locate = (path: readonly string[]) => PortLookup;

/** From so many places on, those that are not needed any more are looked for. */
const fewPlaces = 64;

export class Place {
  /** Ids from the top down. */
  readonly #path: readonly string[];
  readonly #top: Place;
  readonly #below = new Map<string, Place>();
  #handle: SupervisedPort | undefined;
  #pruneAt = fewPlaces;
  /** Of the supervisor at the top; only there. */
  #locate: Locate | undefined;

  /** The top of a new tree, unless told otherwise. */
  constructor(path: readonly string[] = [], top?: Place) {
    this.#path = path;
    this.#top = top ?? this;
  }

  /** The place of a child; the same one for as long as there is such a child. */
  below(id: string): Place {
    const known = this.#below.get(id);
    if (known !== undefined) return known;
    if (this.#below.size >= this.#pruneAt) this.#prune();
    const place = new Place([...this.#path, id], this.#top);
    this.#below.set(id, place);
    return place;
  }

  /** A supervisor stands here now; the first one of a tree is that at the top. */
  settle(locate: Locate): void {
    this.#top.#locate ??= locate;
  }

  /** The handle of the port that stands here, or may. */
  get handle(): SupervisedPort {
    this.#handle ??= new SupervisedPort(() => this.where);
    return this.#handle;
  }

  /** Where the port that belongs here is at the moment. */
  get where(): PortLookup {
    const locate = this.#top.#locate;
    if (locate === undefined) throw new Error("there is no supervisor at the top");
    return locate(this.#path);
  }

  /** Whether there ever was a handle. */
  get isKnown(): boolean {
    return this.#handle !== undefined;
  }

  #prune(): void {
    for (const [id, place] of this.#below) if (place.#isDeserted) this.#below.delete(id);
    this.#pruneAt = Math.max(fewPlaces, 2 * this.#below.size);
  }

  /** No such child, nothing below, and nobody who listens. */
  get #isDeserted(): boolean {
    if (this.#below.size > 0 || (this.#handle?.eventNames().length ?? 0) > 0) return false;
    const { where } = this;
    if (!("error" in where) || !(where.error instanceof SupervisorError)) return false;
    return where.error.code === "SUPERVISOR_NOT_FOUND";
  }
}
