/** Calls that wait for their answers, by their numbers: what everybody writes who sends messages by hand. */

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Pending {
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  get size(): number {
    return this.#waiting.size;
  }

  /** A promise for the answer to the message that `send` sends with this number. */
  call(send: (id: number) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#last += 1;
      this.#waiting.set(this.#last, { resolve, reject });
      send(this.#last);
    });
  }

  resolve(id: number, value: unknown): void {
    this.#taken(id)?.resolve(value);
  }

  reject(id: number, message: string): void {
    this.#taken(id)?.reject(new Error(message));
  }

  /** The other end is gone: nobody waits for ever. */
  rejectAll(message: string): void {
    for (const id of [...this.#waiting.keys()]) this.reject(id, message);
  }

  #taken(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
