import { setImmediate as others } from 'node:timers/promises';

/** How long the event loop is held up at once, in milliseconds. */
const sliceMs = 10;

export interface SliceOptions {
  /** How long all of it may take, in milliseconds. */
  readonly deadlineMs: number;
  /** A clock that nobody sets, in milliseconds. */
  readonly elapsedMs: () => number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Lets others go before long work: asked between two pieces of it, now and then it waits for whatever else there is to do.
 * Answers whether there is time left.
 *
 * @throws the reason of `signal` when it is aborted
 */
export function slices({ deadlineMs, elapsedMs, signal }: SliceOptions): () => boolean | Promise<boolean> {
  const endMs = elapsedMs() + deadlineMs;
  let sliceEndMs = elapsedMs() + sliceMs;
  const rest = async (): Promise<boolean> => {
    await others();
    signal?.throwIfAborted();
    sliceEndMs = elapsedMs() + sliceMs;
    return sliceEndMs - sliceMs < endMs;
  };
  signal?.throwIfAborted();
  return () => elapsedMs() < sliceEndMs || rest();
}
