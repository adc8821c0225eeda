import type { Change } from '../../change.ts';
import { Problem } from '../../problem.ts';
import type { StoreView } from '../../store.ts';

/** A chain of changes: each step waits for the one before. */
export interface Chain {
  /** The id of its first step. */
  readonly id: number;
  /** Of all its steps together: it grows with every alteration of one of them. */
  readonly version: number;
  /** All of them, in their order. */
  readonly steps: readonly Change[];
}

/**
 * Finds the chain that somebody means, in the version they saw.
 * @throws Problem `change-not-found`; `version-conflict` naming both versions.
 */
export async function findChain(view: Pick<StoreView, 'change'>, id: number, expectedVersion?: number): Promise<Chain> {
  const first = await view.change(id);
  if (first?.chain?.step !== 1) throw new Problem('change-not-found', `there is no chain ${id}`);
  const chain = await restOf(view, first);
  if (expectedVersion !== undefined && expectedVersion !== chain.version) {
    const detail = `chain ${id} is at version ${chain.version}; this was asked of version ${expectedVersion}`;
    throw new Problem('version-conflict', detail);
  }
  return chain;
}

/** Its steps were proposed in one transaction, so their ids follow one another. */
async function restOf(view: Pick<StoreView, 'change'>, first: Change): Promise<Chain> {
  const steps = [first];
  for (let step = 1; step < (first.chain?.of ?? 1); step += 1) {
    const change = await view.change(first.id + step);
    if (change?.chain?.id !== first.id) throw new Error(`Step ${step + 1} of chain ${first.id} is not there.`);
    steps.push(change);
  }
  return { id: first.id, version: steps.reduce((sum, { version }) => sum + version, 0), steps };
}
