import type { Transactions } from '../store.ts';
import { clampBatch } from './clamp-batch.ts';
import type { BringBatch } from './send-counts.ts';

/** Merges batches into a store, whoever counted them; one that was merged before changes nothing. */
export function mergeIntoStore(
  store: Pick<Transactions, 'write'>,
  { nowMs, binMs }: { readonly nowMs: () => number; readonly binMs: number },
): BringBatch {
  return (batch) =>
    store.write((transaction) => {
      const now = nowMs();
      return transaction.mergeCounts(clampBatch(batch, now, binMs), now);
    });
}
