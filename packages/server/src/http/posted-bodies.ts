import type { IncomingMessage } from 'node:http';

/** What became of a body: all of it, or why there is none. */
export type Posted =
  | { readonly kind: 'whole'; readonly body: Buffer }
  | { readonly kind: 'too-long' }
  /** Others take up all the room that there is. */
  | { readonly kind: 'no-room' };

/** Reads the bodies that clients send, which together take no more than some room in memory. */
export class PostedBodies {
  readonly #mostTogether: number;
  #together = 0;

  constructor(mostTogether = 16 * 1024 * 1024) {
    this.#mostTogether = mostTogether;
  }

  /** How many bytes are set aside for what is being read. */
  get size(): number {
    return this.#together;
  }

  /** Says once what became of a body; never where its client goes before that. */
  read(request: IncomingMessage, mostBytes: number, onRead: (posted: Posted) => void): void {
    if (Number(request.headers['content-length'] ?? 0) > mostBytes) {
      onRead({ kind: 'too-long' });
      return;
    }
    // Pieces are copied at once: each alone would hold on to far more memory than it has bytes.
    let room = Buffer.alloc(0);
    let length = 0;
    let isOver = false;
    const end = (posted: Posted | undefined): void => {
      if (isOver) return;
      isOver = true;
      this.#together -= room.length;
      request.off('data', take);
      // What still comes is read and forgotten, so that the answer is not taken away by an early end.
      request.resume();
      if (posted !== undefined) onRead(posted);
    };
    /** Whether there is room for this much. */
    const hasRoom = (needed: number): boolean => {
      if (needed <= room.length) return true;
      const grown = Math.min(mostBytes, Math.max(needed, 2 * room.length, 1024));
      if (this.#together + grown - room.length > this.#mostTogether) return false;
      this.#together += grown - room.length;
      const larger = Buffer.allocUnsafeSlow(grown);
      room.copy(larger, 0, 0, length);
      room = larger;
      return true;
    };
    const take = (piece: Buffer): void => {
      if (length + piece.length > mostBytes) end({ kind: 'too-long' });
      else if (!hasRoom(length + piece.length)) end({ kind: 'no-room' });
      else length += piece.copy(room, length);
    };
    request.on('data', take);
    request.once('end', () => end({ kind: 'whole', body: room.subarray(0, length) }));
    request.once('close', () => end(undefined));
  }
}
