import { type Condition, evaluate, leavesOf } from 'sluice';
import type { Change } from '../../change.ts';
import type { Mistake } from '../../problem.ts';
import type { Moment } from './desk.ts';
import { isPast } from './due-time.ts';
import { waitsFor } from './waits-for.ts';

type Leaf = ReturnType<typeof leavesOf>[number];

/** What is wrong with the condition of change `id`, 0 for a new one: what it waits for is not there, or can never be. */
export async function conditionMistakes(
  { tx, current, nowMs }: Moment,
  condition: Condition,
  id: number,
): Promise<readonly Mistake[]> {
  const messages: string[] = [];
  const others = new Map<number, Change>();
  for (const leaf of leavesOf(condition)) {
    if ('change' in leaf) {
      const other = leaf.change.id;
      const change = others.get(other) ?? (await tx.change(other));
      if (other === id) messages.push('a change cannot wait for itself');
      else if (change === undefined) messages.push(`there is no change ${other}`);
      else others.set(other, change);
    }
    if ('approval' in leaf) {
      const { role, count } = leaf.approval;
      const people = current.access.holdersOf(role).length;
      if (people < count) messages.push(`${count} are to approve as ${role}, but ${people} hold that role`);
    }
  }
  const never = evaluate(condition, (leaf) => ended(leaf, others)) === 'false';
  if (never || isPast(condition, nowMs)) messages.push('this can never be true, or not any more');
  else if (messages.length === 0 && id > 0 && (await waitsFor(tx, { condition }, id))) {
    messages.push(`change ${id} and others would wait for each other, so none could be enacted`);
  }
  return messages.map((message) => ({ at: 'condition', message }));
}

/** What a leaf comes to for good: of a change that is enacted or vetoed, nothing else can come. */
function ended(leaf: Leaf, others: ReadonlyMap<number, Change>) {
  const state = 'change' in leaf ? others.get(leaf.change.id)?.state : undefined;
  if (!('change' in leaf) || (state !== 'enacted' && state !== 'vetoed')) return 'unknown';
  return state === leaf.change.state ? 'true' : 'false';
}
