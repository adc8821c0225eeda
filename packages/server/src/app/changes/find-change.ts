import type { Change } from '../../change.ts';
import { Problem } from '../../problem.ts';
import type { StoreView } from '../../store.ts';

/**
 * Finds the change that somebody means, in the version they saw.
 * @throws Problem `change-not-found`; `version-conflict` naming both versions.
 */
export async function findChange(
  view: Pick<StoreView, 'change'>,
  id: number,
  expectedVersion?: number,
): Promise<Change> {
  const change = await view.change(id);
  if (change === undefined) throw new Problem('change-not-found', `there is no change ${id}`);
  if (expectedVersion !== undefined && expectedVersion !== change.version) {
    const detail = `change ${id} is at version ${change.version}; this was asked of version ${expectedVersion}`;
    throw new Problem('version-conflict', detail);
  }
  return change;
}
