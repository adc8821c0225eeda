import type { Change } from '../../change.ts';
import { principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { Acted } from './acted.ts';
import type { Desk } from './desk.ts';
import { keepChange } from './keep-change.ts';
import { stateAfter } from './transitions.ts';

/** Takes a person's own sign-off back. @throws Problem `change-not-open`, `sign-off-refused` when there is none. */
export async function withdrawSignOff(desk: Desk, change: Change): Promise<Acted> {
  const { caller, nowMs, tx } = desk;
  if (stateAfter('withdraw', change.state) === undefined) {
    throw new Problem('change-not-open', `change ${change.id} is ${change.state}; its sign-offs stand`);
  }
  if (caller.scopes?.includes('sign') === false) {
    throw new Problem('sign-off-refused', 'the token that was sent may not sign');
  }
  const { kind, name } = caller.principal;
  const own = change.signOffs.find(({ user }) => kind === 'user' && user === name);
  if (own === undefined) throw new Problem('sign-off-refused', `${name} has not signed change ${change.id}`);
  const signOffs = change.signOffs.filter((one) => one !== own);
  const next: Change = { ...change, signOffs, version: change.version + 1, updatedAtMs: nowMs };
  await keepChange(desk, next);
  await tx.append({
    atMs: nowMs,
    actor: principalText(caller.principal),
    action: 'change.sign-off-withdrawn',
    change: change.id,
    detail: { role: own.role },
  });
  return { change: next, warnings: [] };
}
