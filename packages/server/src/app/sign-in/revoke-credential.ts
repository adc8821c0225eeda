import type { Credential } from '../../credential.ts';
import { Problem } from '../../problem.ts';
import type { StoreTransaction, Transactions } from '../../store.ts';

export interface Revocation {
  readonly id: string;
  /** Only if it is one of these; absent for any. */
  readonly kind?: Credential['kind'] | undefined;
  /** Only if it is this one's (`principalText`); absent for anybody's. */
  readonly owner?: string | undefined;
  /** Who revokes it. */
  readonly by: string;
}

/**
 * Makes a token, session or link count no more; one that was revoked already stays as it is.
 * @throws Problem `credential-not-found`, also for one of somebody else.
 */
export async function revokeCredential(
  store: Transactions,
  { id, kind, owner, by }: Revocation,
  nowMs: number,
): Promise<void> {
  await store.write(async (transaction) => {
    const credential = await transaction.credentialById(id);
    const isMeant =
      (kind ?? credential?.kind) === credential?.kind && (owner ?? credential?.owner) === credential?.owner;
    if (credential === undefined || !isMeant)
      throw new Problem('credential-not-found', `there is none of the id ${id}`);
    await revokeIn(transaction, credential, by, nowMs);
  });
}

/** Revokes within a transaction, and answers whether there was anything to revoke. */
export async function revokeIn(
  transaction: StoreTransaction,
  credential: Credential,
  by: string,
  nowMs: number,
): Promise<boolean> {
  if (credential.revokedAtMs !== undefined) return false;
  await transaction.putCredential({ ...credential, revokedAtMs: nowMs });
  await transaction.append({
    atMs: nowMs,
    actor: by,
    action: `${credential.kind}.revoked`,
    subject: `${credential.kind} ${credential.id}`,
    detail: { owner: credential.owner },
  });
  return true;
}
