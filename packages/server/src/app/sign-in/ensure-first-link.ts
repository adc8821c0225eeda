import type { SignInLink } from '../../credential.ts';
import type { Transactions } from '../../store.ts';
import { hasAdministrator } from './has-administrator.ts';
import { allOf } from './revoke-all-of.ts';
import { makeSecret } from './secret.ts';

const lifeMs = 24 * 3_600_000;

/**
 * Makes the link with which the first administrator signs in, and answers its secret; `undefined` where there is an
 * administrator. Links that were made before for the same do not count any more.
 */
export async function ensureFirstLink(store: Transactions, nowMs: number): Promise<string | undefined> {
  const secret = makeSecret('first');
  const link: SignInLink = {
    kind: 'link',
    id: secret.id,
    digest: secret.digest,
    owner: '',
    createdAtMs: nowMs,
    expiresAtMs: nowMs + lifeMs,
  };
  const isMade = await store.write(async (transaction) => {
    if (await hasAdministrator(transaction)) return false;
    for await (const old of allOf(transaction, { kind: 'link', owner: '' })) {
      if (old.revokedAtMs === undefined) await transaction.putCredential({ ...old, revokedAtMs: nowMs });
    }
    await transaction.putCredential(link);
    const subject = `link ${link.id}`;
    await transaction.append({
      atMs: nowMs,
      actor: 'system',
      action: 'link.made',
      subject,
      detail: { for: 'the first administrator' },
    });
    return true;
  });
  return isMade ? secret.text : undefined;
}
