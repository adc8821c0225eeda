import type { AccountBody } from '../../kinds/account-body.ts';
import { Problem } from '../../problem.ts';
import type { StoreTransaction } from '../../store.ts';
import type { Changing } from './desk.ts';
import { proposeChange } from './propose-change.ts';

/** Whoever uses the first administrator's link has it from the machine. */
const principal = { kind: 'local', name: 'first link' } as const;

/**
 * Makes a user, or has one that there is, with the role `admin`, by a change like any other.
 * @throws Problem `invalid-object` for a name that cannot be; `sign-offs-missing` where policies want other people's consent
 */
export function makeAdministrator(
  changing: Pick<Changing, 'current' | 'nowMs' | 'makeSalt'>,
): (tx: StoreTransaction, user: string) => Promise<void> {
  return async (tx, name) => {
    const { nowMs, makeSalt } = changing;
    const current = await changing.current(tx);
    const before = current.get('user', name);
    const { roles = [], ...rest } = (before?.body ?? {}) as Partial<AccountBody>;
    const body = { ...rest, roles: [...new Set([...roles, 'admin'])], disabled: false };
    const desk = { tx, current, caller: { principal }, nowMs: nowMs(), makeSalt };
    const { change } = await proposeChange(desk, {
      reason: 'the first administrator',
      edits: [{ kind: 'user', name, expectedVersion: before?.version ?? 0, op: 'put', body }],
      condition: { now: true },
      priority: 0,
      draft: false,
    });
    if (change.state === 'enacted') return;
    throw new Problem(
      'sign-offs-missing',
      'policies want sign-offs for an administrator: have sluice put propose one, and sign that',
    );
  };
}
