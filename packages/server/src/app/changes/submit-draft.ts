import type { Change } from '../../change.ts';
import { principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { Acted } from './acted.ts';
import type { Desk } from './desk.ts';
import { enactIfReady } from './enact-change.ts';
import { checkProposal } from './propose-change.ts';
import { stateAfter } from './transitions.ts';

/** Puts a draft up for sign-off. Whoever does so is its proposer from then on. @throws Problem as proposing does. */
export async function submitDraft(desk: Desk, change: Change): Promise<Acted> {
  const state = stateAfter('submit', change.state);
  if (state === undefined) throw new Problem('change-not-open', `change ${change.id} is ${change.state} and no draft`);
  if (change.conflicts.length > 0) {
    throw new Problem('change-in-conflict', `change ${change.id} has to be edited before it is put up`);
  }
  const { worked } = await checkProposal(desk, change, change.id);
  const proposer = principalText(desk.caller.principal);
  const pending: Change = { ...change, state, proposer, version: change.version + 1, updatedAtMs: desk.nowMs };
  await desk.tx.append({ atMs: desk.nowMs, actor: proposer, action: 'change.proposed', change: change.id, detail: {} });
  return enactIfReady(desk, pending, worked);
}
