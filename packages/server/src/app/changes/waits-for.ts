import { type Condition, evaluate, leavesOf } from 'sluice';
import type { StoreView } from '../../store.ts';
import { isOpen } from './transitions.ts';

/** How many changes are looked through at most: beyond them nothing is known to wait. */
const mostChanges = 200;

/**
 * Whether a condition can be true only once a change has ended, by what it says of that change itself or by way of others
 * that it waits for in turn.
 */
export async function waitsFor(
  view: Pick<StoreView, 'change'>,
  { condition }: { readonly condition: Condition },
  id: number,
): Promise<boolean> {
  // Where changes go round in a circle, those that are being looked at are not known to wait.
  const known = new Map<number, boolean>();
  const isBehind = async (other: number): Promise<boolean> => {
    const before = known.get(other);
    if (before !== undefined || known.size >= mostChanges) return before ?? false;
    known.set(other, false);
    const change = await view.change(other);
    const waits = change !== undefined && isOpen(change.state) && (await isHeld(change.condition));
    known.set(other, waits);
    return waits;
  };
  const isHeld = async (of: Condition): Promise<boolean> => {
    const behind = new Set<number>();
    for (const leaf of leavesOf(of)) {
      if ('change' in leaf && leaf.change.id !== id && leaf.change.state === 'enacted') {
        if (await isBehind(leaf.change.id)) behind.add(leaf.change.id);
      }
    }
    const truth = evaluate(of, (leaf) => {
      if (!('change' in leaf)) return 'unknown';
      const { id: other, state } = leaf.change;
      return other === id || (state === 'enacted' && behind.has(other)) ? 'false' : 'unknown';
    });
    return truth === 'false';
  };
  return isHeld(condition);
}
