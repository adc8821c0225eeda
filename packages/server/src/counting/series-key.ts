import type { CountSeries } from '../count.ts';

/** The same text for the same series. */
export function seriesKey({ event, product, channel, version, release, rule }: CountSeries): string {
  return `${event}\n${product}\n${channel}\n${version}\n${release}\n${rule}`;
}

/** What stands for all series of a product and channel that could not be told apart. */
export function uncounted({ product, channel }: Pick<CountSeries, 'product' | 'channel'>): CountSeries {
  return { event: 'uncounted', product, channel, version: '', release: '', rule: 0 };
}
