/** What is measured: a way to get one small answer from another process, and how it does under both loads. */

export interface Contender {
  readonly name: string;
  /** Makes `count` calls, each after the answer to the one before. */
  oneAfterTheOther(count: number): Promise<void>;
  /** Makes `count` calls, `width` of them on their way at any time. */
  inFlight(count: number, width: number): Promise<void>;
  close(): Promise<void>;
}

/** Both loads for anything that has a promise for each call. */
export function withPromises(
  name: string,
  call: () => Promise<unknown>,
  close: () => Promise<void>,
): Contender {
  const loop = async (count: number) => {
    for (let i = 0; i < count; i += 1) await call();
  };
  return {
    name,
    oneAfterTheOther: loop,
    inFlight: async (count, width) => {
      await Promise.all(Array.from({ length: width }, () => loop(Math.ceil(count / width))));
    },
    close,
  };
}
