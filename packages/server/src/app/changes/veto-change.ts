import type { Change } from '../../change.ts';
import { principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { Acted } from './acted.ts';
import type { Desk } from './desk.ts';
import { isProposer } from './judge.ts';
import { approvalsIn, requirementsOf } from './requirements.ts';
import { touchedObjects } from './touched-objects.ts';
import { stateAfter } from './transitions.ts';

/**
 * Stops a change for good, any time before it is enacted. Its proposer may, and whoever holds a role that could sign it;
 * where no role could, whoever might have proposed it.
 *
 * @throws Problem `change-not-open`, `not-allowed`
 */
export async function vetoChange(desk: Desk, change: Change, reason: string): Promise<Acted> {
  const { caller, nowMs, tx } = desk;
  const state = stateAfter('veto', change.state);
  if (state === undefined) throw new Problem('change-not-open', `change ${change.id} is ${change.state} already`);
  if (!(await mayVeto(desk, change))) {
    throw new Problem('not-allowed', `only who proposed change ${change.id}, or could sign it, may veto it`);
  }
  const by = principalText(caller.principal);
  const end = { by, atMs: nowMs, reason };
  const vetoed: Change = { ...change, state, version: change.version + 1, updatedAtMs: nowMs, end };
  await tx.putChange(vetoed);
  await tx.append({ atMs: nowMs, actor: by, action: 'change.vetoed', change: change.id, detail: { reason } });
  return { change: vetoed, warnings: [] };
}

async function mayVeto(desk: Desk, change: Change): Promise<boolean> {
  const { caller, current } = desk;
  const { principal, scopes } = caller;
  if (scopes?.includes('sign') === false) return false;
  if (isProposer(desk, change)) return true;
  const objects = await touchedObjects(desk, change);
  const required = await requirementsOf(desk, change, objects);
  const asked = [...required, ...approvalsIn(change.condition)].map(({ role }) => role);
  if (asked.length === 0) return current.access.mayEdit(principal, objects).length === 0;
  // A program could not sign, whatever it holds.
  return principal.kind === 'user' && current.access.rolesOf(principal).some((role) => asked.includes(role));
}
