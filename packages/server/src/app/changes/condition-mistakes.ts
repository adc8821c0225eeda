import { type Condition, type ConditionLeaf, evaluate, leavesOf, type SignalCondition } from 'sluice';
import type { Change } from '../../change.ts';
import type { Mistake } from '../../problem.ts';
import type { Reach } from '../../reach.ts';
import { dueAtMs } from '../conditions/due-time.ts';
import { signalText } from '../conditions/leaf-text.ts';
import { placesOfQuery, placesOfSignal } from '../readings/signal-places.ts';
import type { Desk } from './desk.ts';
import { waitsFor } from './waits-for.ts';

/** What is wrong with the condition of change `id`, 0 for a new one: what it waits for is not there, or can never be. */
export async function conditionMistakes(desk: Desk, condition: Condition, id: number): Promise<readonly Mistake[]> {
  const { tx, current, nowMs } = desk;
  const messages = new Set<string>();
  const others = new Map<number, Change>();
  for (const leaf of leavesOf(condition)) {
    if ('change' in leaf) {
      const other = leaf.change.id;
      const change = others.get(other) ?? (await tx.change(other));
      if (other === id) messages.add('a change cannot wait for itself');
      else if (change === undefined) messages.add(`there is no change ${other}`);
      else others.set(other, change);
    }
    if ('approval' in leaf) {
      const { role, count } = leaf.approval;
      const people = current.access.holdersOf(role).length;
      if (people < count) messages.add(`${count} are to approve as ${role}, but ${people} hold that role`);
    }
    const missing = 'signal' in leaf ? missingFor(desk, leaf.signal) : undefined;
    if (missing !== undefined) messages.add(missing);
  }
  const never = evaluate(condition, (leaf) => ended(leaf, others)) === 'false';
  if (never || dueAtMs(condition, nowMs) === undefined) messages.add('this can never be true, or not any more');
  else if (messages.size === 0 && id > 0 && (await waitsFor(tx, { condition }, id))) {
    messages.add(`change ${id} and others would wait for each other, so none could be enacted`);
  }
  return [...messages].map((message) => ({ at: 'condition', message }));
}

/** What is not there without which a signal can never be read. What somebody may not see is not there for them. */
function missingFor(desk: Desk, signal: SignalCondition): string | undefined {
  const { current, caller } = desk;
  const { name, uptake } = signal;
  // What was read is shown with the change, to whoever has proposed it too.
  const isSeen = (reaches: readonly Reach[]): boolean =>
    current.access.may(caller.principal, 'read-changes', { kind: 'signal', reaches });
  if (name !== undefined) {
    const isThere = current.get('signal', name) !== undefined && isSeen(placesOfSignal(desk, name));
    return isThere ? undefined : `there is no signal ${name}`;
  }
  if (!isSeen(placesOfQuery(signal)))
    return `${caller.principal.name} may not see what is counted for ${signalText(signal)}`;
  if (uptake === undefined || uptake.from === 'telemetry') return undefined;
  const { product } = uptake;
  if (current.get('population', product) !== undefined) return undefined;
  return `there is no population ${product}, which says how often its installs check: nothing is known of its uptake`;
}

/** What a leaf comes to for good: of a change that is enacted or vetoed, nothing else can come. */
function ended(leaf: ConditionLeaf, others: ReadonlyMap<number, Change>) {
  const state = 'change' in leaf ? others.get(leaf.change.id)?.state : undefined;
  if (!('change' in leaf) || (state !== 'enacted' && state !== 'vetoed')) return 'unknown';
  return state === leaf.change.state ? 'true' : 'false';
}
