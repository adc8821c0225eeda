import type { BinCount } from '../count.ts';
import type { Counted } from '../signal.ts';

/** 2026-11-21T12:00:00Z. */
export const throughMs = Date.UTC(2026, 10, 21, 12);

export type Count = Partial<BinCount> & Pick<BinCount, 'event' | 'count'>;

/** Counters that hold these counts, all of Firefox on release an hour ago unless said, and a population of long ago. */
export function countedFrom(counts: readonly Count[], more: Partial<Counted> = {}): Counted {
  const bins = counts.map((count): BinCount => {
    const series = { product: 'Firefox', channel: 'release', version: '1.0', release: '', rule: 0 };
    return { ...series, binMs: throughMs - 3_600_000, ...count };
  });
  const isAny = <T>(wanted: T | undefined, has: T): boolean => wanted === undefined || wanted === has;
  return {
    throughMs,
    sum: async ({ events, product, channel, version, release, rule, offered, fromMs, toMs }) =>
      bins
        .filter((bin) => events.includes(bin.event) && bin.product === product && isAny(channel, bin.channel))
        .filter((bin) => isAny(version, bin.version) && isAny(release, bin.release) && isAny(rule, bin.rule))
        .filter((bin) => offered === undefined || bin.release !== '')
        .filter(({ binMs }) => binMs >= fromMs && binMs < toMs)
        .reduce((sum, { count }) => sum + count, 0),
    population: async (product) => ({ body: { product, checkInterval: 'PT24H' }, sinceMs: 0 }),
    ...more,
  };
}
