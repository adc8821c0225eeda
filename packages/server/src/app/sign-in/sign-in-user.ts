import type { Transactions } from '../../store.ts';
import { beginSession, type PreparedSession } from './begin-session.ts';
import { isEnabled } from './is-enabled.ts';
import type { SignInOutcome } from './sign-in-outcome.ts';

/** Begins a session for whom the provider has named, if that is a user who may enter. */
export function signInUser(store: Transactions, user: string, prepared: PreparedSession): Promise<SignInOutcome> {
  return store.write(async (transaction) => {
    if (!(await isEnabled(transaction, { kind: 'user', name: user })))
      return { kind: 'refused', why: 'no user of this name is enabled' };
    return { kind: 'begun', session: await beginSession(transaction, prepared, user, 'oidc') };
  });
}
