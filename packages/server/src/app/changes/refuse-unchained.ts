import { type Condition, evaluate } from 'sluice';
import type { Change } from '../../change.ts';
import { Problem } from '../../problem.ts';
import type { StoreView } from '../../store.ts';
import { isOpen } from './transitions.ts';

/**
 * Keeps a step of a chain behind the one before, whatever it is edited to, and down while that one is not up.
 * @throws Problem `invalid-object` for a condition that may be true without it; `change-not-open`
 */
export async function refuseUnchained(
  view: Pick<StoreView, 'change'>,
  { id, chain }: Pick<Change, 'id' | 'chain'>,
  condition: Condition,
): Promise<void> {
  if (chain === undefined || chain.step === 1) return;
  const before = id - 1;
  const isBehind =
    evaluate(condition, (leaf) =>
      'change' in leaf && leaf.change.id === before && leaf.change.state === 'enacted' ? 'false' : 'unknown',
    ) === 'false';
  const name = `step ${chain.step} of chain ${chain.id}`;
  if (!isBehind) {
    const example = JSON.stringify({ all: [{ change: { id: before, state: 'enacted' } }, '…'] });
    throw new Problem('invalid-object', `condition: ${name} waits for change ${before} to be enacted: ${example}`);
  }
  const previous = await view.change(before);
  if (previous === undefined || previous.state === 'enacted' || isOpen(previous.state)) return;
  const first = `edit step ${chain.step - 1} first, which is change ${before}`;
  throw new Problem(
    'change-not-open',
    `${name} can come to nothing while the one before is ${previous.state}: ${first}`,
  );
}
