import type { StoredReading } from '../../signal.ts';
import type { StoreTransaction } from '../../store.ts';
import { followingReading } from './following-reading.ts';

/** Writes down those readings that say something new of their signal. Answers which these are. */
export async function keepReadings(
  tx: Pick<StoreTransaction, 'newestReadings' | 'putReadings'>,
  readings: readonly StoredReading[],
): Promise<ReadonlySet<StoredReading>> {
  const signals = [...new Set(readings.map(({ signal }) => signal))];
  const newest = new Map((await tx.newestReadings(signals)).map((reading) => [reading.signal, reading]));
  const news: StoredReading[] = [];
  const kept = new Set<StoredReading>();
  for (const reading of [...readings].sort((a, b) => a.asOfMs - b.asOfMs)) {
    const following = followingReading(newest.get(reading.signal), reading);
    if (following === undefined) continue;
    newest.set(reading.signal, following);
    news.push(following);
    kept.add(reading);
  }
  if (news.length > 0) await tx.putReadings(news);
  return kept;
}
