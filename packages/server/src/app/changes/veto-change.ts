import type { Change } from '../../change.ts';
import { principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { Acted } from './acted.ts';
import type { Desk } from './desk.ts';
import { followChain } from './follow-chain.ts';
import { keepChange } from './keep-change.ts';
import { stateAfter } from './transitions.ts';
import { whoMayVeto } from './who-may-veto.ts';

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
  if (!(await whoMayVeto(desk, change))(caller)) {
    throw new Problem('not-allowed', `only who proposed change ${change.id}, or could sign it, may veto it`);
  }
  const by = principalText(caller.principal);
  const end = { by, atMs: nowMs, reason };
  const vetoed: Change = { ...change, state, version: change.version + 1, updatedAtMs: nowMs, end };
  await keepChange(desk, vetoed);
  await tx.append({ atMs: nowMs, actor: by, action: 'change.vetoed', change: change.id, detail: { reason } });
  await followChain(desk, vetoed);
  return { change: vetoed, warnings: [] };
}
