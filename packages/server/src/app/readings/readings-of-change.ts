import { leavesOf } from 'sluice';
import type { Change } from '../../change.ts';
import type { StoredReading } from '../../signal.ts';
import type { StoreView } from '../../store.ts';
import { signalKey } from '../conditions/signal-key.ts';

/** Where a page of evidence ended: at a reading of this time, of the signal with this number. */
export interface EvidencePlace {
  readonly asOfMs: number;
  readonly signal: number;
}

/** A page of evidence, and where the next one begins. */
export interface ReadingsPage {
  readonly readings: readonly StoredReading[];
  readonly next?: EvidencePlace;
}

/** What was read of all signals of a change's condition since it is what it is, the newest first; until the change ended. */
export async function readingsOfChange(
  view: Pick<StoreView, 'readings'>,
  change: Pick<Change, 'condition' | 'conditionSinceMs' | 'createdAtMs' | 'end'>,
  { after, limit }: { readonly after?: EvidencePlace | undefined; readonly limit: number },
): Promise<ReadingsPage> {
  const { condition, conditionSinceMs, createdAtMs, end } = change;
  const signals = [
    ...new Set(leavesOf(condition).flatMap((leaf) => ('signal' in leaf ? [signalKey(leaf.signal)] : []))),
  ];
  const fromMs = conditionSinceMs ?? createdAtMs;
  const endMs = end === undefined ? Number.MAX_SAFE_INTEGER : end.atMs + 1;
  const found: Numbered[] = [];
  for (const [number, signal] of signals.sort().entries()) {
    const startMs = after === undefined ? endMs : after.asOfMs + (number > after.signal ? 1 : 0);
    const beforeMs = Math.min(endMs, startMs);
    const readings = await view.readings({ signal, fromMs, beforeMs, limit: limit + 1 });
    found.push(...readings.map((reading) => ({ reading, number })));
  }
  found.sort((a, b) => b.reading.asOfMs - a.reading.asOfMs || a.number - b.number);
  const last = found.length > limit ? found[limit - 1] : undefined;
  return {
    readings: found.slice(0, limit).map(({ reading }) => reading),
    ...(last !== undefined && { next: { asOfMs: last.reading.asOfMs, signal: last.number } }),
  };
}

interface Numbered {
  readonly reading: StoredReading;
  readonly number: number;
}
