import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../../change.ts';
import { principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import { dueOf } from '../conditions/due-time.ts';
import type { Acted } from './acted.ts';
import { changeReaches } from './change-reaches.ts';
import type { Desk } from './desk.ts';
import { digestOf } from './digest-of.ts';
import { enactIfReady } from './enact-change.ts';
import { checkProposal, contentOf, type Proposal } from './propose-change.ts';
import { refuseUnchained } from './refuse-unchained.ts';
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
 * Alters a change that is open or has failed. Whoever does so must be allowed all of it, and is its proposer from then on,
 * unless they only say its reason or priority anew. Other people's sign-offs hold only as long as the edits, what these are
 * made against, and the condition are what they saw.
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
  const editor = principalText(desk.caller.principal);
  const content = { edits, condition, ...(change.acceptsDoubts && { acceptsDoubts: change.acceptsDoubts }) };
  const digest = digestOf(content);
  const isSame = isAsSeen(change) && digest === digestOf(change);
  const own = ({ user }: { readonly user: string }) => principalText({ kind: 'user', name: user }) === editor;
  const others = change.signOffs.filter((signOff) => !own(signOff));
  if (!isSame && others.length > 0 && !voidSignOffs) {
    const who = others.map(({ user, role }) => `${user} as ${role}`).join(', ');
    throw new Problem('sign-offs-at-stake', `this would void the sign-offs of ${who}`);
  }
  // What somebody edits they have seen.
  const signOffs = isSame ? change.signOffs : change.signOffs.filter(own).map((signOff) => ({ ...signOff, digest }));
  await refuseUnchained(desk.tx, change, condition);
  const { worked } = await checkProposal(desk, content, change.id);
  const { end: _, dueAtMs: __, reverts, ...kept } = change;
  const edited: Change = {
    ...kept,
    ...content,
    ...dueOf(condition, desk.nowMs),
    ...(!isDeepStrictEqual(condition, change.condition) && { conditionSinceMs: desk.nowMs }),
    // What does something else takes nothing back any more.
    ...(isSame && reverts !== undefined && { reverts }),
    version: change.version + 1,
    state,
    reason,
    priority,
    proposer: isSame ? change.proposer : editor,
    signOffs,
    conflicts: [],
    reaches: changeReaches(worked.objects),
    updatedAtMs: desk.nowMs,
  };
  await desk.tx.append({
    atMs: desk.nowMs,
    actor: editor,
    action: 'change.edited',
    change: change.id,
    detail: { ...contentOf(edited), before: contentOf(change), voided: isSame ? [] : others },
  });
  return enactIfReady(desk, edited, worked);
}

/** Whether what people saw when they signed is still so: nothing holds what a change in conflict or a failed one rests on. */
function isAsSeen({ state, conflicts }: Change): boolean {
  return state !== 'failed' && conflicts.length === 0;
}
