import { type Condition, evaluate, leavesOf, type Truth } from 'sluice';
import type { Change } from '../../change.ts';
import { principalText } from '../../principal.ts';
import type { Desk, Moment } from './desk.ts';
import type { Consented } from './digest-of.ts';
import { momentMs } from './due-time.ts';
import { countedIn, type RoleState } from './requirements.ts';

type Leaf = ReturnType<typeof leavesOf>[number];

/** What a condition comes to, and each of its leaves with it. */
export interface Judgement {
  readonly truth: Truth;
  readonly leaves: ReadonlyMap<Leaf, Truth>;
}

/** Works out a condition, all of it, from what the store holds and the time. */
export async function judge(
  desk: Moment,
  change: Consented & Pick<Change, 'signOffs' | 'proposer'>,
  roles: readonly RoleState[],
): Promise<Judgement> {
  const leaves = new Map<Leaf, Truth>();
  for (const leaf of leavesOf(change.condition)) leaves.set(leaf, await truthOf(desk, change, roles, leaf));
  return { truth: evaluate(change.condition, (leaf) => leaves.get(leaf) ?? 'unknown'), leaves };
}

async function truthOf(
  desk: Moment,
  change: Consented & Pick<Change, 'signOffs' | 'proposer'>,
  roles: readonly RoleState[],
  leaf: Leaf,
): Promise<Truth> {
  if ('now' in leaf) return 'true';
  if ('time' in leaf) {
    const { after, before, zone } = leaf.time;
    const isAfter = after === undefined || desk.nowMs >= momentMs(after, zone);
    return isAfter && (before === undefined || desk.nowMs < momentMs(before, zone)) ? 'true' : 'false';
  }
  if ('approval' in leaf) {
    const { role, count } = leaf.approval;
    const own = roles.find((one) => one.role === role)?.ownSignOff ?? false;
    return countedIn(desk, change, role, own).length >= count ? 'true' : 'false';
  }
  const other = await desk.tx.change(leaf.change.id);
  return other === undefined ? 'unknown' : other.state === leaf.change.state ? 'true' : 'false';
}

/** Whether a condition waits for nothing but people: such a change is enacted with its last sign-off. */
export function isImmediate(condition: Condition): boolean {
  return leavesOf(condition).every((leaf) => 'now' in leaf || 'approval' in leaf);
}

/** Whether a change is its proposer's own. */
export function isProposer({ caller }: Pick<Desk, 'caller'>, { proposer }: Pick<Change, 'proposer'>): boolean {
  return principalText(caller.principal) === proposer;
}
