import type { AuditHead } from '../../audit.ts';
import type { StoreTransaction, Transactions } from '../../store.ts';
import { type ChainVerdict, type Removal, removalAction } from '../../verify-chain.ts';
import { verifyAudit } from './verify-audit.ts';

export interface KeepAuditOptions {
  /** How old an entry may become. */
  readonly keepMs: number;
  readonly nowMs: number;
  /** Who has it done (`principalText`), or `system`. */
  readonly actor: string;
}

/** What retention came to. */
export interface KeptAudit {
  readonly removed: number;
  /** How the log is afterwards; when it was not as written before, nothing was removed. */
  readonly verdict: ChainVerdict;
}

/** Entries that one transaction removes at most, for an emergency stop may wait for it. */
const mostAtOnce = 10_000;

/**
 * Removes the entries at the beginning of the audit log that are older than `keepMs`, and writes down in the log that it
 * did. A log that is not as it was written stays as it is, for what is wrong with it could be among them.
 */
export async function removeAuditBefore(store: Transactions, options: KeepAuditOptions): Promise<KeptAudit> {
  // What removes says so in an entry of now, which must not be too old itself.
  if (!(options.keepMs > 0)) throw new RangeError(`Entries cannot be kept for ${options.keepMs} ms.`);
  const before = await verifyAudit(store, { commits: false });
  if (!before.ok) return { removed: 0, verdict: before };
  let removed = 0;
  for (;;) {
    const step = await store.write((transaction) => removeSome(transaction, options));
    if (step === 0) break;
    removed += step;
  }
  if (removed === 0) return { removed, verdict: before };
  return { removed, verdict: await verifyAudit(store, { commits: false }) };
}

async function removeSome(transaction: StoreTransaction, { keepMs, nowMs, actor }: KeepAuditOptions): Promise<number> {
  const head = await transaction.auditHead();
  const to = Math.min(await lastTooOld(transaction, head, nowMs - keepMs), head.removedSeq + mostAtOnce);
  const [last] = await transaction.audit({ after: to - 1, limit: 1 });
  if (to <= head.removedSeq || last?.seq !== to) return 0;
  const removal: Removal = { from: head.removedSeq + 1, to, hash: last.hash };
  await transaction.removeAudit(to);
  await transaction.append({ atMs: nowMs, actor, action: removalAction, detail: removal });
  return to - head.removedSeq;
}

/** The number of the last entry before the first that is young enough: clocks may have gone back in between. */
async function lastTooOld(transaction: StoreTransaction, head: AuditHead, fromMs: number): Promise<number> {
  const [young] = await transaction.audit({ after: head.removedSeq, fromMs, limit: 1 });
  return (young?.seq ?? head.seq + 1) - 1;
}
