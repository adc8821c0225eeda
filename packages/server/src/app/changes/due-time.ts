import { type Condition, evaluate, leavesOf, type TimeCondition, type Truth } from 'sluice';
import { Temporal } from 'temporal-polyfill';

/**
 * The moment that a text means, not a number where it means none. With a zone the text is a local time there: one that the
 * clocks skip in spring is as late as if they had not been put forward, of one that comes twice in autumn it is the first.
 */
export function momentMs(text: string, zone: string | undefined): number {
  try {
    if (zone === undefined) return Temporal.Instant.from(text).epochMilliseconds;
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return Number.NaN;
    throw error;
  }
}

/**
 * The earliest moment, from `fromMs` on, at which a condition can be true as far as its times say: `fromMs` itself where no
 * time holds it back, `undefined` where they never let it be true again.
 */
export function dueAtMs(condition: Condition, fromMs = 0): number | undefined {
  const spans = new Map<TimeCondition, Span>();
  for (const leaf of leavesOf(condition)) if ('time' in leaf) spans.set(leaf.time, spanOf(leaf.time));
  const truthAt = (atMs: number): Truth =>
    evaluate(condition, (leaf) => ('time' in leaf ? within(spans.get(leaf.time), atMs) : 'unknown'));
  // Between these moments nothing changes that a clock could tell.
  const moments = [...spans.values()].flatMap(({ fromMs: after, toMs }) => [after, toMs]);
  const later = [...new Set(moments)].filter((atMs) => atMs > fromMs && Number.isFinite(atMs)).sort((a, b) => a - b);
  return [fromMs, ...later].find((atMs) => truthAt(atMs) !== 'false');
}

/** When a change is due, for the store to sort by; nothing where its times never let it be. */
export function dueOf(condition: Condition, nowMs: number): { readonly dueAtMs?: number } {
  const dueMs = dueAtMs(condition, nowMs);
  return dueMs === undefined ? {} : { dueAtMs: dueMs };
}

/** Whether a condition can never be true any more, because its times have gone by. */
export function isPast(condition: Condition, nowMs: number): boolean {
  return dueAtMs(condition, nowMs) === undefined;
}

/** From `fromMs` on, and before `toMs`. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

function spanOf({ after, before, zone }: TimeCondition): Span {
  return {
    fromMs: after === undefined ? Number.NEGATIVE_INFINITY : momentMs(after, zone),
    toMs: before === undefined ? Number.POSITIVE_INFINITY : momentMs(before, zone),
  };
}

function within(span: Span | undefined, atMs: number): Truth {
  if (span === undefined || Number.isNaN(span.fromMs) || Number.isNaN(span.toMs)) return 'unknown';
  return atMs >= span.fromMs && atMs < span.toMs ? 'true' : 'false';
}
