import { LRUCache } from 'lru-cache';
import { expectedCrossing, type Reading, type SignalCondition } from 'sluice';
import { signalKey } from '../app/conditions/signal-key.ts';
import type { Known } from '../judgement.ts';

const mostKept = 20_000;
/** How long what was worked out is good enough, though there be new readings. */
const goodForMs = 30_000;
/** How many are worked out in a second, so that nothing that is due waits for it. The others keep what they had. */
const mostInASecond = 200;

/** When signals are expected to reach what they are compared with. */
export function openForecast(nowMs: () => number): NonNullable<Known['forecast']> {
  const kept = new LRUCache<string, { readonly atMs: number; readonly crossingMs: number | undefined }>({
    max: mostKept,
  });
  let secondMs = Number.NEGATIVE_INFINITY;
  let worked = 0;
  return (signal: SignalCondition, readings: readonly Reading[]) => {
    const atMs = nowMs();
    const key = `${signalKey(signal)} ${signal.op} ${signal.value}`;
    const known = kept.get(key);
    if (known !== undefined && Math.abs(atMs - known.atMs) < goodForMs) return known.crossingMs;
    if (Math.abs(atMs - secondMs) >= 1000) {
      secondMs = atMs;
      worked = 0;
    }
    worked += 1;
    if (worked > mostInASecond) return known?.crossingMs;
    const crossingMs = expectedCrossing(readings, signal)?.atMs;
    kept.set(key, { atMs, crossingMs });
    return crossingMs;
  };
}
