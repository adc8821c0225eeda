import type { SignalComparison, SignalCondition } from 'sluice';
import { durationMs } from '../../kinds/duration.ts';

const minuteMs = 60_000;

/**
 * What a condition says of a signal, with everything said. A reading of ours is good for ten minutes unless it says
 * otherwise; one from outside for as long as three are missing, and for at least five minutes.
 * @param everyMs how often the signal is read outside; absent for our own, and where that is not known
 */
export function comparisonOf(condition: SignalCondition, everyMs?: number): SignalComparison {
  const { op, value, until, latched = false, onUnknown = 'hold', maxAge, for: duration } = condition;
  const usualMs = everyMs === undefined ? 10 * minuteMs : Math.max(5 * minuteMs, 3 * everyMs);
  return {
    op,
    value,
    ...(until !== undefined && { until }),
    forMs: msOf(duration) ?? 0,
    maxAgeMs: msOf(maxAge) ?? usualMs,
    onUnknown,
    latched,
  };
}

function msOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : durationMs(text);
}
