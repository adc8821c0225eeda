import { LRUCache } from 'lru-cache';
import { Temporal } from 'temporal-polyfill';

/** By the text and its zone: asking a zone takes long. */
const known = new LRUCache<string, number>({ max: 20_000 });

/**
 * The moment that a text means, not a number where it means none. With a zone the text is a local time there: one that the
 * clocks skip in spring is as late as if they had not been put forward, of one that comes twice in autumn it is the first.
 */
export function momentMs(text: string, zone: string | undefined): number {
  const key = `${text} ${zone ?? ''}`;
  const found = known.get(key) ?? read(text, zone);
  known.set(key, found);
  return found;
}

function read(text: string, zone: string | undefined): number {
  try {
    if (zone === undefined) return Temporal.Instant.from(text).epochMilliseconds;
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return Number.NaN;
    throw error;
  }
}
