import { type Reading, type SignalComparison, type SignalCondition, type SignalVerdict, signalTruth } from 'sluice';
import type { JudgedLeaf, Known } from '../../judgement.ts';
import { comparisonOf } from './comparison-of.ts';
import { leafText } from './leaf-text.ts';
import { signalKey } from './signal-key.ts';

/** What a comparison of a signal comes to. */
export function judgeSignal(leaf: { readonly signal: SignalCondition }, known: Known): JudgedLeaf {
  const { signal } = leaf;
  const { nowMs, sinceMs } = known;
  const comparison = comparisonOf(signal, known.everyMs(signal));
  const readings = known.readings(signal);
  const verdict = signalTruth(comparison, readings, nowMs, sinceMs);
  const { truth, reading, holdsSinceMs, failsSinceMs } = verdict;
  const expectedMs = truth === 'true' ? undefined : expected(signal, comparison, verdict, readings, known);
  return {
    leaf,
    truth,
    says: `${leafText(leaf)}: ${readingText(reading)}${whyText(verdict, comparison)}`,
    signal: signalKey(signal),
    ...(reading !== undefined && { reading }),
    ...(holdsSinceMs !== undefined && { holdsSinceMs }),
    ...(failsSinceMs !== undefined && { failsSinceMs }),
    // What lies beyond all dates is never.
    ...(expectedMs !== undefined && expectedMs < 8.64e15 && { expectedAtMs: expectedMs }),
  };
}

/** The duration ends at a time of the data, which comes a little later. */
function expected(
  signal: SignalCondition,
  { forMs }: SignalComparison,
  { why, holdsSinceMs }: SignalVerdict,
  readings: readonly Reading[],
  known: Known,
): number | undefined {
  if (holdsSinceMs !== undefined) return Math.max(known.nowMs, holdsSinceMs + forMs);
  if (why !== 'fails') return undefined;
  const crossing = known.forecast?.(signal, readings);
  return crossing === undefined ? undefined : Math.max(known.nowMs, crossing) + forMs;
}

function readingText(reading: Reading | undefined): string {
  if (reading === undefined) return '';
  const { value, asOfMs, note } = reading;
  return value === undefined ? `unknown (${note}); ` : `${value} as of ${instant(asOfMs)}; `;
}

function whyText(verdict: SignalVerdict, { maxAgeMs, onUnknown }: SignalComparison): string {
  const { why, holdsSinceMs } = verdict;
  const since = holdsSinceMs === undefined ? '' : ` since ${instant(holdsSinceMs)}`;
  switch (why) {
    case 'holds':
      return `holds${since}`;
    case 'latched':
      return 'has held once, which is enough';
    case 'fails':
      return 'does not hold';
    case 'too-short':
      return `holds${since} only`;
    case 'broken':
      return `holds${since} at most: nothing is known of some of the time`;
    case 'stale':
      return `too old to count after ${maxAgeMs / 1000} seconds${instead[onUnknown]}`;
    case 'future':
      return `that is still to come, so one of the clocks is wrong${instead[onUnknown]}`;
    case 'unknown':
      return `cannot be known${instead[onUnknown]}`;
    case 'none':
      return `nothing was read yet${instead[onUnknown]}`;
  }
}

const instead = {
  hold: '',
  fail: ', so it does not hold',
  pass: ', and holds all the same, as the condition says',
} as const;

function instant(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms);
}
