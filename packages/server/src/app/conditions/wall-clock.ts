import { LRUCache } from 'lru-cache';
import { Temporal } from 'temporal-polyfill';

/** A time in which the clocks of a zone are ahead of UTC by the same. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly aheadMs: number;
}

const dayMs = 86_400_000;

/** The days of UTC by zone and number: asking a zone takes long, and what it says does not change. */
const known = new LRUCache<string, readonly Stretch[]>({ max: 20_000 });

/** The stretches of a day of UTC, by its number since 1970: one, or two where the clocks are put forward or back in it. */
export function stretchesOf(day: number, zone: string): readonly Stretch[] {
  const key = `${day} ${zone}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const [fromMs, toMs] = [day * dayMs, (day + 1) * dayMs];
  const [first, last] = [aheadAt(fromMs, zone), aheadAt(toMs - 1, zone)];
  const stretches =
    first === last ? [{ fromMs, toMs, aheadMs: first }] : split({ fromMs, toMs, aheadMs: first }, last, zone);
  known.set(key, stretches);
  return stretches;
}

/** Finds the millisecond at which they are put. */
function split({ fromMs, toMs, aheadMs }: Stretch, nextMs: number, zone: string): readonly Stretch[] {
  let [low, high] = [fromMs, toMs - 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (aheadAt(middle, zone) === aheadMs) low = middle;
    else high = middle;
  }
  return [
    { fromMs, toMs: high, aheadMs },
    { fromMs: high, toMs, aheadMs: nextMs },
  ];
}

function aheadAt(atMs: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
}
