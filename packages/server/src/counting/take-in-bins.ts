/** Taking what was counted, until it is stopped. */
export interface Taking {
  /** Takes now. */
  take(): void;
  stop(): void;
}

export interface TakingOptions {
  readonly binMs: number;
  /** How often it is taken at least, in milliseconds. */
  readonly everyMs: number;
  readonly nowMs: () => number;
  /** Takes what was counted since the last time as of one bin; all of it was counted before `throughMs`. */
  readonly take: (binMs: number, throughMs: number) => void;
}

/** Takes again and again, and whenever a bin ends: what is taken belongs to one bin. */
export function takeInBins({ binMs, everyMs, nowMs, take }: TakingOptions): Taking {
  const binOf = (ms: number): number => Math.floor(ms / binMs) * binMs;
  let lastMs = nowMs();
  let timer: NodeJS.Timeout | undefined;
  const takeNow = (): void => {
    const now = nowMs();
    // Where the clock was set back, the bin before is one that is still to come.
    take(binOf(Math.min(lastMs, now)), now);
    lastMs = now;
  };
  const wait = (): void => {
    const leftMs = binOf(lastMs) + binMs - lastMs;
    timer = setTimeout(
      () => {
        takeNow();
        wait();
      },
      Math.max(1, Math.min(everyMs, leftMs)),
    );
    timer.unref();
  };
  wait();
  return {
    take: takeNow,
    stop: () => clearTimeout(timer),
  };
}
