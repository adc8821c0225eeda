import type { BinCount, CountSeries } from '../count.ts';

/** A check of MyApp 1.0 on release that got no offer, or what is said instead. */
export function aSeries(said: Partial<CountSeries> = {}): CountSeries {
  return { event: 'check', product: 'MyApp', channel: 'release', version: '1.0', release: '', rule: 0, ...said };
}

/** The same, counted once in the first bin there is. */
export function aCount(said: Partial<BinCount> = {}): BinCount {
  return { ...aSeries(said), binMs: 0, count: 1, ...said };
}

/** All counts together. */
export function sumOf(counts: readonly Pick<BinCount, 'count'>[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}
