/**
 * Where frames are built and wait to be written: 64 KiB slabs, so that a call allocates nothing for its bytes and one
 * write carries all calls of a tick. The bytes of a call stay in their slab until it is settled, for a call that never
 * began is sent again, to another worker. Nothing of a caller's is borrowed: its byte arrays are copied as they are at the
 * moment of the call, whatever becomes of them while the call waits, is written in pieces, or is sent again.
 */

import { EtfError, Writer } from "../../codec/index.ts";

/** Size of a slab, in bytes: what a Linux pipe holds, too. */
const SLAB_BYTES = 65_536;
/** A frame begins with its length. */
const LENGTH_BYTES = 4;
/** Free slabs of that size that are kept for later. */
const POOLED_SLABS = 64;
/** Bytes of larger ones that are kept: memory that was never used costs more than what is copied into it. */
const POOLED_BYTES = 8 * 1024 * 1024;

/** A stretch of memory that frames lie in. */
export interface Slab {
  readonly buffer: Buffer;
  readonly view: DataView;
  /** Unsettled calls with bytes in here. */
  live: number;
}

/** A frame grew over what its reader takes. It was not built to its end. */
export class TooLarge extends Error {
  /** How many bytes it has at least, without its length. */
  readonly bytes: number;
  constructor(bytes: number) {
    super(`a message of at least ${bytes} bytes`);
    this.bytes = bytes;
  }
}

/** Where one encoded frame lies. Whoever has it encoded brings this along: a call is its own frame. */
export interface Frame {
  slab: Slab;
  start: number;
  end: number;
  /** Size on the wire, header included. */
  bytes: number;
}

/** Where a frame lies that is not encoded yet. */
export const NO_SLAB: Slab = { buffer: Buffer.alloc(0), view: new DataView(new ArrayBuffer(0)), live: 0 };

/** The place of a frame that nobody keeps. */
export function emptyFrame(): Frame {
  return { slab: NO_SLAB, start: 0, end: 0, bytes: 0 };
}

/** Free slabs, by size. */
const free = new Map<number, Slab[]>();
let pooledBytes = 0;

function takeSlab(bytes: number): Slab {
  const size = slabSize(bytes);
  const pooled = free.get(size)?.pop();
  if (pooled === undefined) return newSlab(size);
  if (size > SLAB_BYTES) pooledBytes -= size;
  return pooled;
}

function newSlab(size: number): Slab {
  const buffer = Buffer.allocUnsafeSlow(size);
  return { buffer, view: new DataView(buffer.buffer), live: 0 };
}

/** Few sizes, so that a slab fits again: each power of two, and three between it and the next. */
function slabSize(bytes: number): number {
  if (bytes <= SLAB_BYTES) return SLAB_BYTES;
  const step = 2 ** (Math.floor(Math.log2(bytes)) - 2);
  return Math.ceil(bytes / step) * step;
}

/** Gives a slab back. Its frames must be settled, and written or never to be written. */
function returnSlab(slab: Slab): void {
  const size = slab.buffer.length;
  const slabs = free.get(size) ?? [];
  const fits = size === SLAB_BYTES ? slabs.length < POOLED_SLABS : pooledBytes + size <= POOLED_BYTES;
  if (!fits) return;
  if (size > SLAB_BYTES) pooledBytes += size;
  slabs.push(slab);
  free.set(size, slabs);
}

/** A writer of frames. What was finished since the last `take()` is what is still to be written. */
export class Output extends Writer {
  slab: Slab;
  /** Everything before this position of the current slab was handed over. */
  #taken = 0;
  /** Finished stretches of earlier slabs, in order. */
  #chunks: Uint8Array[] = [];
  /** Earlier slabs with bytes that `take()` has not given yet: nobody may write there, settled or not. */
  #sealed: Slab[] = [];
  /** Earlier slabs whose bytes were taken; calls in them may be unsettled. */
  #retired: Slab[] = [];
  #pendingBytes = 0;
  #isOpen = false;
  /** Nothing of it is ever written: its frames wait to be copied. */
  #isStore = false;

  constructor() {
    super(0);
    this.slab = takeSlab(SLAB_BYTES);
    this.buffer = this.slab.buffer;
    this.view = this.slab.view;
  }

  /** Bytes that `take()` would give. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** A frame is being built: user code (`toTerm()`, a getter) may be running in the middle of it. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Begins a frame: room for its length, which `end` fills in.
   * @param maxBytes how many bytes it may have, without its length; more is a {@link TooLarge} as soon as it is seen
   * @throws EtfError (ETF_REENTRANT) while another one is being built: its `toTerm()` or getter wants to send something
   */
  begin(maxBytes = Number.POSITIVE_INFINITY): void {
    if (this.#isOpen)
      throw new EtfError(
        "ETF_REENTRANT",
        "a toTerm() or getter of one message sends another; do that before or after, not while it is encoded",
      );
    this.#isOpen = true;
    this.maxBytes = maxBytes + LENGTH_BYTES;
    this.keepFrom = this.position;
    this.reserve(LENGTH_BYTES);
    this.position += LENGTH_BYTES;
  }

  /** Ends the building of a frame that cannot be sent. */
  override tooLarge(bytes: number): never {
    throw new TooLarge(bytes - LENGTH_BYTES);
  }

  /** Only a value was written so far: what is looked at is the whole frame, by who ends it. */
  override checkSize(): void {}

  /** Undoes what was written since `begin`. */
  abandon(): void {
    this.#isOpen = false;
    this.position = this.keepFrom;
  }

  /** The size of the frame that is being built, without its header. */
  get frameBytes(): number {
    return this.position - this.keepFrom - LENGTH_BYTES;
  }

  /** Ends the frame and makes it the next one to be written. @param frame gets where it lies, and is returned */
  end(frame: Frame = emptyFrame()): Frame {
    const start = this.keepFrom;
    const bytes = this.frameBytes + 4;
    this.view.setUint32(start, bytes - 4);
    frame.bytes = bytes;
    return this.#finish(frame, start);
  }

  /** Moves a frame here from another output, as the next one to be written. */
  copy(frame: Frame): Frame {
    const length = frame.end - frame.start;
    this.keepFrom = this.position;
    this.reserve(length);
    const start = this.position;
    frame.slab.buffer.copy(this.slab.buffer, start, frame.start, frame.end);
    this.position = start + length;
    return this.#finish(frame, start);
  }

  #finish(frame: Frame, start: number): Frame {
    frame.slab = this.slab;
    frame.start = start;
    frame.end = this.position;
    this.#isOpen = false;
    this.keepFrom = this.position;
    this.#pendingBytes += frame.bytes;
    return frame;
  }

  #seal(until: number): void {
    if (until > this.#taken) this.#chunks.push(this.slab.buffer.subarray(this.#taken, until));
    this.#taken = until;
  }

  /**
   * What is to be written, in order.
   * @param most bytes, if that is possible: what lies in one piece is given in one. Default: all
   */
  take(most = Number.POSITIVE_INFINITY): Uint8Array[] {
    this.#seal(this.position);
    const chunks = this.#chunks;
    if (this.#pendingBytes > most && chunks.length > 1) return this.#takeFirst(most);
    this.#forget();
    return chunks;
  }

  #takeFirst(most: number): Uint8Array[] {
    let bytes = 0;
    const end = this.#chunks.findIndex((chunk) => {
      bytes += chunk.length;
      return bytes >= most;
    });
    const taken = this.#chunks.splice(0, end + 1);
    if (this.#chunks.length === 0) this.#forget();
    else this.#pendingBytes -= bytes;
    return taken;
  }

  /** Keeps the frames, but does not want them written from here: they wait to be copied by another output. */
  store(): void {
    this.#taken = this.position;
    this.#forget();
    this.#isStore = true;
  }

  #forget(): void {
    this.#chunks = [];
    this.#pendingBytes = 0;
    if (this.#sealed.length === 0) return;
    this.#retired.push(...this.#sealed);
    this.#sealed = [];
  }

  /**
   * Reuses memory whose calls are settled; what was not taken yet stays. Only to be called when all that was taken is
   * with the kernel, or never was to be written.
   */
  reclaim(): void {
    const isWritten = this.#pendingBytes === 0 && this.#taken === this.position;
    if (isWritten && !this.#isOpen && this.slab.live === 0) this.#rewind();
    if (this.#retired.length === 0) return;
    this.#retired = this.#retired.filter((slab) => {
      if (slab.live === 0) returnSlab(slab);
      return slab.live > 0;
    });
  }

  /** Begins anew in the same slab, unless one large message made it larger than it has to be. */
  #rewind(): void {
    this.position = 0;
    this.keepFrom = 0;
    this.#taken = 0;
    if (this.slab.buffer.length === SLAB_BYTES) return;
    returnSlab(this.slab);
    this.slab = takeSlab(SLAB_BYTES);
    this.adopt(this.slab.buffer);
  }

  /** Continues in another slab: complete frames stay where they are, the one that is being built moves. */
  override grow(bytes: number): void {
    const kept = this.position - this.keepFrom;
    const needed = kept + bytes;
    const twice = kept > SLAB_BYTES / 2 ? Math.min(2 * needed, this.maxBytes) : needed;
    const next = takeSlab(Math.max(needed, twice));
    this.#seal(this.keepFrom);
    this.#sealed.push(this.slab);
    this.adopt(next.buffer);
    this.slab = next;
    this.#taken = 0;
    // A store whose queue never runs empty has no better moment.
    if (this.#isStore) this.reclaim();
  }
}
