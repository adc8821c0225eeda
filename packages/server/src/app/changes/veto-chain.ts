import { Problem } from '../../problem.ts';
import type { Desk } from './desk.ts';
import { type Chain, findChain } from './find-chain.ts';
import type { ActedChain } from './propose-chain.ts';
import { stateAfter } from './transitions.ts';
import { vetoChange } from './veto-change.ts';

/**
 * Stops all steps of a chain that are not over, for good. What was enacted stays as it is. Whoever may veto the first of them
 * may do this, as the others cannot do without it.
 * @throws Problem as a veto of a change does
 */
export async function vetoChain(desk: Desk, { id, steps }: Chain, reason: string): Promise<ActedChain> {
  const first = steps.find(({ state }) => stateAfter('veto', state) !== undefined);
  if (first === undefined) throw new Problem('change-not-open', `chain ${id} is over already`);
  await vetoChange(desk, first, reason);
  return { chain: await findChain(desk.tx, id), warnings: [] };
}
