/** Who may have a preview worked out now. */
export interface PreviewTurns {
  /** Does `work` in its turn; answers `undefined` where too many wait or the same caller waits already. */
  take<T>(caller: string, work: () => Promise<T>): Promise<T | undefined>;
}

/** A node works out one at a time, each for some seconds, so that only so many may wait. */
const mostWaiting = 8;

/** Begins with nobody waiting. */
export function openPreviewTurns(): PreviewTurns {
  const waiting = new Set<string>();
  return {
    async take(caller, work) {
      if (waiting.size >= mostWaiting || waiting.has(caller)) return undefined;
      waiting.add(caller);
      try {
        return await work();
      } finally {
        waiting.delete(caller);
      }
    },
  };
}
