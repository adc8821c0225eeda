import type { Reading, SignalCondition } from 'sluice';
import { mostPerPage } from '../../store.ts';
import type { Moment } from '../changes/desk.ts';
import { signalKey } from '../conditions/signal-key.ts';

/** How far back a forecast looks. */
const pastMs = 24 * 3_600_000;
/** How many readings it takes, spread over what it looks at. */
const mostReadings = 60;

/** The readings of a signal from which its near future is told, the oldest first: some of those of the last day. */
export async function recentReadings(
  { tx, nowMs }: Pick<Moment, 'tx' | 'nowMs'>,
  signal: SignalCondition,
): Promise<readonly Reading[]> {
  const found = await tx.readings({
    signal: signalKey(signal),
    fromMs: Math.max(0, nowMs - pastMs),
    limit: mostPerPage,
  });
  const known = found.filter(({ value }) => value !== undefined);
  const step = Math.max(1, known.length / mostReadings);
  const spread = Array.from({ length: Math.min(known.length, mostReadings) }, (_, i) => known[Math.floor(i * step)]);
  return spread.filter((reading) => reading !== undefined).reverse();
}
