import type { Change } from '../../change.ts';
import { principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { Acted } from './acted.ts';
import { changeReaches } from './change-reaches.ts';
import type { Desk } from './desk.ts';
import { digestOf } from './digest-of.ts';
import { dueOf } from './due-time.ts';
import { enactIfReady } from './enact-change.ts';
import { checkProposal, contentOf, type Proposal } from './propose-change.ts';
import { stateAfter } from './transitions.ts';

/** What is to be another; what is absent stays. */
export interface Rewriting {
  readonly reason?: Proposal['reason'] | undefined;
  readonly edits?: Proposal['edits'] | undefined;
  readonly condition?: Proposal['condition'] | undefined;
  readonly priority?: Proposal['priority'] | undefined;
  /** Whether other people's sign-offs may be lost. */
  readonly voidSignOffs: boolean;
}

/**
 * Alters a change that is open or has failed. Whoever does so is its proposer from then on and must be allowed all of it.
 * Other people's sign-offs hold only as long as the edits and the condition are what they saw.
 *
 * @throws Problem `sign-offs-at-stake` naming who has signed, unless that is accepted; what proposing throws.
 */
export async function editChange(desk: Desk, change: Change, rewriting: Rewriting): Promise<Acted> {
  const state = stateAfter('edit', change.state);
  if (state === undefined) {
    throw new Problem('change-not-open', `change ${change.id} is ${change.state} and cannot be edited`);
  }
  const {
    voidSignOffs,
    reason = change.reason,
    edits = change.edits,
    condition = change.condition,
    priority = change.priority,
  } = rewriting;
  const proposer = principalText(desk.caller.principal);
  const next: Change = { ...change, reason, edits, condition, priority, state, proposer, conflicts: [] };
  const digest = digestOf(next);
  const isSame = digest === digestOf(change);
  const own = ({ user }: { readonly user: string }) => principalText({ kind: 'user', name: user }) === proposer;
  const others = change.signOffs.filter((signOff) => !own(signOff));
  if (!isSame && others.length > 0 && !voidSignOffs) {
    const who = others.map(({ user, role }) => `${user} as ${role}`).join(', ');
    throw new Problem('sign-offs-at-stake', `this would void the sign-offs of ${who}`);
  }
  // What somebody edits they have seen.
  const signOffs = isSame ? change.signOffs : change.signOffs.filter(own).map((signOff) => ({ ...signOff, digest }));
  const { worked } = await checkProposal(desk, next, change.id);
  const { end: _, dueAtMs: __, ...open } = next;
  const reaches = changeReaches(worked.objects);
  const due = dueOf(condition, desk.nowMs);
  const edited: Change = { ...open, ...due, signOffs, reaches, version: change.version + 1, updatedAtMs: desk.nowMs };
  await desk.tx.append({
    atMs: desk.nowMs,
    actor: proposer,
    action: 'change.edited',
    change: change.id,
    detail: { ...contentOf(edited), before: contentOf(change), voided: isSame ? [] : others },
  });
  return enactIfReady(desk, edited, worked);
}
