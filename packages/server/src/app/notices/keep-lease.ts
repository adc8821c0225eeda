import type { Notice } from '../../notice.ts';
import type { StoreTransaction } from '../../store.ts';

/** Writes that an attempt still lasts, so that nobody takes the notices over. What another has taken since is let alone. */
export async function keepLease(tx: StoreTransaction, sent: readonly Notice[], untilMs: number): Promise<void> {
  for (const { id, attempts } of sent) {
    const notice = await tx.notice(id);
    if (notice?.state === 'sending' && notice.attempts === attempts)
      await tx.putNotice({ ...notice, nextAtMs: untilMs });
  }
}
