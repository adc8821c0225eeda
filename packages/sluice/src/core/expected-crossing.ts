import type { Reading } from './reading.ts';

/** When a series is expected to reach a value, in milliseconds since 1970. */
export interface ExpectedCrossing {
  readonly atMs: number;
  /** Between these it is likely; without an end where it may never come. */
  readonly fromMs: number;
  readonly toMs?: number;
}

/** Of older readings nothing is learnt any more. */
const mostReadings = 60;
const leastReadings = 3;
/** What is further off is not worth a word: ten years, in milliseconds. */
const horizonMs = 3650 * 86_400_000;
/** Which slopes are taken for the slowest and the fastest likely ones. */
const [slow, middle, fast] = [0.1, 0.5, 0.9];

/**
 * When readings reach `value`, rising for `>=` and `>` and falling for `<=` and `<`, if they go on as they went lately.
 * `undefined` where they are there already, stand still or go the other way, or are fewer than three.
 *
 * The line is the one of Theil and Sen, which a few wild readings do not turn: its slope is the median of the slopes between
 * all pairs of readings. The range comes of the slopes that one pair in ten falls short of and exceeds.
 * Source: P. K. Sen, Estimates of the Regression Coefficient Based on Kendall's Tau, JASA 63 (1968).
 */
export function expectedCrossing(
  readings: readonly Reading[],
  { op, value }: { readonly op: '>=' | '>' | '<=' | '<'; readonly value: number },
): ExpectedCrossing | undefined {
  const points = pointsOf(readings, op === '>=' || op === '>' ? 1 : -1);
  const last = points.at(-1);
  const target = op === '>=' || op === '>' ? value : -value;
  if (points.length < leastReadings || last === undefined || last.value >= target) return undefined;
  const slopes = slopesOf(points);
  const reach = (slope: number): number | undefined => {
    // The lines with a median intercept go through the middle of the readings rather than through the last of them.
    const start = quantile(
      points.map((point) => point.value - slope * (point.atMs - last.atMs)).sort(byNumber),
      middle,
    );
    const inMs = (target - start) / slope;
    return slope > 0 && inMs <= horizonMs ? Math.round(last.atMs + Math.max(0, inMs)) : undefined;
  };
  const atMs = reach(quantile(slopes, middle));
  if (atMs === undefined) return undefined;
  const toMs = reach(quantile(slopes, slow));
  return {
    atMs,
    fromMs: Math.min(atMs, reach(quantile(slopes, fast)) ?? atMs),
    ...(toMs !== undefined && { toMs: Math.max(atMs, toMs) }),
  };
}

interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** The newest readings that have a value, by time; of two of one time the later one in the list. */
function pointsOf(readings: readonly Reading[], sign: 1 | -1): readonly Point[] {
  const byTime = new Map<number, Point>();
  for (const { asOfMs, value } of readings) {
    if (value !== undefined && Number.isFinite(value) && Number.isFinite(asOfMs))
      byTime.set(asOfMs, { atMs: asOfMs, value: sign * value });
  }
  return [...byTime.values()].sort((a, b) => a.atMs - b.atMs).slice(-mostReadings);
}

function slopesOf(points: readonly Point[]): readonly number[] {
  return points
    .flatMap((later, i) =>
      points.slice(0, i).map((earlier) => (later.value - earlier.value) / (later.atMs - earlier.atMs)),
    )
    .filter((slope) => !Number.isNaN(slope))
    .sort(byNumber);
}

/** The value below which a part of sorted numbers lies; NaN of none. */
function quantile(sorted: readonly number[], part: number): number {
  const at = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return low === high ? low : low + (high - low) * (at - Math.floor(at));
}

function byNumber(a: number, b: number): number {
  return a - b;
}
