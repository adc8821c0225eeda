import { readPrincipal } from '../../principal.ts';
import type { StoreTransaction, Transactions } from '../../store.ts';
import { beginSession, type PreparedSession } from './begin-session.ts';
import { hasAdministrator } from './has-administrator.ts';
import { isEnabled } from './is-enabled.ts';
import { digestOfSecret, isSecret } from './secret.ts';
import type { SignInOutcome } from './sign-in-outcome.ts';

/** Makes a user, or has one that there is, with the role `admin`. @throws Problem `invalid-object` for a name that cannot be. */
export type MakeAdmin = (transaction: StoreTransaction, user: string) => Promise<void>;

export interface LinkUse {
  readonly secret: string;
  /** Who the first administrator wants to be; a link for a user knows that itself. */
  readonly user: string | undefined;
  readonly makeAdmin: MakeAdmin;
}

/** Uses up a link and begins a session, in one transaction: of several who try, one gets in. */
export function useLink(
  store: Transactions,
  { secret, user, makeAdmin }: LinkUse,
  prepared: PreparedSession,
): Promise<SignInOutcome> {
  const nowMs = prepared.blank.createdAtMs;
  const digest = isSecret(secret) ? digestOfSecret(secret) : '';
  return store.write(async (transaction) => {
    const link = await transaction.credential(digest);
    const name = link?.owner === '' ? user : readPrincipal(link?.owner ?? 'user:').name;
    const isFirst = link?.owner === '';
    // Both are asked in any case, so that the time does not tell what was known.
    const hasOwner = await isEnabled(transaction, { kind: 'user', name: name ?? '' });
    if (link?.kind !== 'link') return refused('there is no such link');
    if (link.usedAtMs !== undefined) return refused(`link ${link.id} was used before`);
    if (link.revokedAtMs !== undefined) return refused(`link ${link.id} was revoked`);
    if (nowMs >= link.expiresAtMs) return refused(`link ${link.id} has expired`);
    if (name === undefined || name === '') return refused(`link ${link.id} needs a name`);
    if (isFirst) {
      if (await hasAdministrator(transaction))
        return refused(`link ${link.id} is for the first administrator, and there is one`);
      await makeAdmin(transaction, name);
    } else if (!hasOwner) return refused(`the user of link ${link.id} is not enabled`);
    await transaction.putCredential({ ...link, usedAtMs: nowMs, revokedAtMs: nowMs });
    const actor = `user:${name}`;
    await transaction.append({
      atMs: nowMs,
      actor,
      action: 'link.used',
      subject: `link ${link.id}`,
      detail: { first: isFirst },
    });
    return { kind: 'begun', session: await beginSession(transaction, prepared, name, 'link') };
  });
}

function refused(why: string): SignInOutcome {
  return { kind: 'refused', why };
}
