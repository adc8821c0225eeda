/** How long to wait after so many failures in a row: twice as long each time, up to `mostMs`, less up to half of it by chance. */
export function backoffMs(failures: number, draw: () => number, { leastMs, mostMs }: BackoffRange): number {
  return Math.min(leastMs * 2 ** failures, mostMs) * (1 - draw() / 2);
}

export interface BackoffRange {
  readonly leastMs: number;
  readonly mostMs: number;
}
