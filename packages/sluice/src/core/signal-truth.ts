import type { SignalCondition, Truth } from './condition.ts';
import type { Reading } from './reading.ts';

/** How readings of a signal are compared: a `SignalCondition` with everything said. */
export interface SignalComparison {
  readonly op: SignalCondition['op'];
  readonly value: number;
  /** For so long it must have held without a break, by the times of the readings. */
  readonly forMs: number;
  /** Having held, it goes on holding until the value has passed this one too. */
  readonly until?: number;
  /** An older reading is none, and a greater gap between two is a time of which nothing is known. */
  readonly maxAgeMs: number;
  /** What it is where there is no reading. */
  readonly onUnknown: 'hold' | 'fail' | 'pass';
  /** Having once held, it holds for good. */
  readonly latched: boolean;
}

/** What a comparison came to, and why. */
export interface SignalVerdict {
  readonly truth: Truth;
  readonly why:
    | 'holds'
    /** It held once, and that is enough. */
    | 'latched'
    | 'fails'
    /** It holds now, but not for long enough. */
    | 'too-short'
    /** It holds now, but of some of the time in which it must have held nothing is known. */
    | 'broken'
    /** The newest reading is too old, or from the future, or says that nothing can be known; or there is none. */
    | 'stale'
    | 'future'
    | 'unknown'
    | 'none';
  /** The newest reading, of whatever use it is. */
  readonly reading?: Reading;
  /** The time of the reading since which it has held without a break, as far as readings go back. */
  readonly holdsSinceMs?: number;
  /** The time of the reading since which it has come to false without a break, where its readings say that it fails. */
  readonly failsSinceMs?: number;
}

/** How far the clock of whoever reads may be ahead. */
const futureMs = 5 * 60_000;

interface Point {
  readonly atMs: number;
  readonly truth: Truth;
}

/**
 * Compares the readings of a signal, whatever their order. Each is taken to stand until the next, but for no longer than
 * `maxAgeMs`. Never throws; a value that is no finite number is an unknown one, and a reading without a time is none.
 * @param sinceMs since when hysteresis and the latch remember
 */
export function signalTruth(
  comparison: SignalComparison,
  readings: readonly Reading[],
  nowMs: number,
  sinceMs: number,
): SignalVerdict {
  const ordered = inOrder(readings);
  const points = pointsOf(comparison, ordered, nowMs, sinceMs);
  const since = runsOf(points, comparison.maxAgeMs);
  const newest = ordered.at(-1);
  const reading = newest === undefined ? {} : { reading: newest };
  if (comparison.latched && points.some(({ atMs }, i) => atMs >= sinceMs && lasts(atMs, since[i], comparison))) {
    return { truth: 'true', why: 'latched', ...reading };
  }
  const missing = whyMissing(newest, comparison, nowMs);
  if (missing !== undefined) return { truth: instead[comparison.onUnknown], why: missing, ...reading };
  const last = points.at(-1);
  if (last === undefined) return { truth: 'unknown', why: 'broken', ...reading };
  const truth = overWindow(points, comparison);
  const failsSinceMs = truth === 'false' ? failsSince(points, comparison) : undefined;
  const verdict = { truth, ...reading, ...(failsSinceMs !== undefined && { failsSinceMs }) };
  if (last.truth !== 'true') return { ...verdict, why: truth === 'false' ? 'fails' : 'broken' };
  const held = { ...verdict, holdsSinceMs: since.at(-1) ?? last.atMs };
  if (truth === 'true') return { ...held, why: 'holds' };
  return { ...held, why: truth === 'false' ? 'too-short' : 'broken' };
}

const instead = { hold: 'unknown', fail: 'false', pass: 'true' } as const;

/** By their times; of two of the same time the later in the list counts. */
function inOrder(readings: readonly Reading[]): readonly Reading[] {
  const timed = readings.filter(({ asOfMs }) => Number.isFinite(asOfMs));
  const sorted = timed.every(({ asOfMs }, i) => i === 0 || asOfMs >= (timed[i - 1]?.asOfMs ?? asOfMs))
    ? timed
    : [...timed].sort((a, b) => a.asOfMs - b.asOfMs);
  return sorted.filter(({ asOfMs }, i) => sorted[i + 1]?.asOfMs !== asOfMs);
}

function whyMissing(newest: Reading | undefined, { maxAgeMs }: SignalComparison, nowMs: number) {
  if (newest === undefined) return 'none';
  if (newest.asOfMs > nowMs + futureMs) return 'future';
  if (!isKnown(newest.value)) return 'unknown';
  return nowMs - newest.asOfMs > maxAgeMs ? 'stale' : undefined;
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}

/** What the comparison is at each reading, with what hysteresis remembers at that time. */
function pointsOf(
  comparison: SignalComparison,
  readings: readonly Reading[],
  nowMs: number,
  sinceMs: number,
): readonly Point[] {
  const { op, value, until, maxAgeMs } = comparison;
  const points: Point[] = [];
  for (const { asOfMs: atMs, value: read } of readings) {
    if (atMs > nowMs + futureMs || (until !== undefined && atMs < sinceMs)) continue;
    const before = points.at(-1);
    let truth: Truth = 'unknown';
    if (isKnown(read)) truth = meets(op, read, value) ? 'true' : 'false';
    if (truth === 'false' && until !== undefined && isKnown(read) && meets(op, read, until)) {
      truth = remembered(before ?? { atMs: sinceMs, truth: 'false' }, atMs, maxAgeMs);
    }
    points.push({ atMs, truth });
  }
  return points;
}

/** Between the two values it is what it was; who has not looked meanwhile cannot know whether it was something else. */
function remembered(before: Point, atMs: number, maxAgeMs: number): Truth {
  return atMs - before.atMs > maxAgeMs ? 'unknown' : before.truth;
}

function meets(op: SignalCondition['op'], value: number, other: number): boolean {
  switch (op) {
    case '>=':
      return value >= other;
    case '>':
      return value > other;
    case '<=':
      return value <= other;
    case '<':
      return value < other;
  }
}

/** For each reading since when it has held without a break. */
function runsOf(points: readonly Point[], maxAgeMs: number): readonly (number | undefined)[] {
  const since: (number | undefined)[] = [];
  for (const [i, { atMs, truth }] of points.entries()) {
    const before = points[i - 1];
    const isUnbroken = before !== undefined && atMs - before.atMs <= maxAgeMs;
    since.push(truth === 'true' ? ((isUnbroken ? since[i - 1] : undefined) ?? atMs) : undefined);
  }
  return since;
}

function lasts(atMs: number, sinceMs: number | undefined, { forMs }: SignalComparison): boolean {
  return sinceMs !== undefined && atMs - sinceMs >= forMs;
}

/** Whether it held at every moment of the window that ends with the newest reading: false at one is false. */
function overWindow(points: readonly Point[], { forMs, maxAgeMs }: SignalComparison): Truth {
  const fromMs = (points.at(-1)?.atMs ?? 0) - forMs;
  let truth: Truth = 'true';
  for (let i = points.length - 1; i >= 0; i -= 1) {
    const point = points[i];
    const before = points[i - 1];
    if (point?.truth === 'false') return 'false';
    if (point === undefined || point.truth === 'unknown') truth = 'unknown';
    if (point === undefined || point.atMs <= fromMs) return truth;
    if (before === undefined || point.atMs - before.atMs > maxAgeMs) truth = 'unknown';
    if (before === undefined || before.atMs + maxAgeMs <= fromMs) return truth;
  }
  return truth;
}

/** A reading that fails has all fail whose window it is in, also those that come after it and hold. */
function failsSince(points: readonly Point[], { forMs, maxAgeMs }: SignalComparison): number | undefined {
  let since: number | undefined;
  let failedUntilMs = Number.NEGATIVE_INFINITY;
  for (const [i, { atMs, truth }] of points.entries()) {
    const before = points[i - 1];
    if (before?.truth === 'false') failedUntilMs = atMs;
    const isUnbroken = before !== undefined && atMs - before.atMs <= maxAgeMs;
    const fails = truth === 'false' || failedUntilMs > atMs - forMs;
    since = fails ? ((isUnbroken ? since : undefined) ?? atMs) : undefined;
  }
  return since;
}
