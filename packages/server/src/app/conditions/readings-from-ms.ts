import type { SignalCondition } from 'sluice';
import { comparisonOf } from './comparison-of.ts';

/**
 * How far back the readings of a signal matter, in milliseconds since 1970: what is older alters nothing.
 * @param everyMs how often the signal is read outside
 */
export function readingsFromMs(condition: SignalCondition, nowMs: number, sinceMs: number, everyMs?: number): number {
  const { forMs, maxAgeMs, until, latched } = comparisonOf(condition, everyMs);
  // The newest may be as old as it is still of use, and the one that stands at the beginning is older than that.
  const window = nowMs - forMs - 2 * maxAgeMs;
  if (until !== undefined) return Math.min(window, sinceMs);
  return latched ? Math.min(window, sinceMs - forMs - maxAgeMs) : window;
}
