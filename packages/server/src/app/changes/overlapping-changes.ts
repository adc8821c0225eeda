import type { Change } from '../../change.ts';
import type { Mistake } from '../../problem.ts';
import { keyOf } from '../prepare-edits.ts';
import { alteredBy } from './altered-parts.ts';
import type { Desk } from './desk.ts';
import { overlap } from './merge-patch.ts';
import { waitsFor } from './waits-for.ts';

/** Warns of other open changes that alter the same, where this one does not wait for them nor they for it. */
export async function overlappingChanges(
  { tx }: Pick<Desk, 'tx'>,
  change: Pick<Change, 'id' | 'edits' | 'condition' | 'chain'>,
): Promise<readonly Mistake[]> {
  const warnings: Mistake[] = [];
  for (const other of await tx.openChangesOn(change.edits)) {
    if (other.id === change.id || (change.chain !== undefined && other.chain?.id === change.chain.id)) continue;
    const twins = new Map(other.edits.map((edit) => [keyOf(edit.kind, edit.name), edit]));
    const shared = change.edits.flatMap((edit, i) => {
      const twin = twins.get(keyOf(edit.kind, edit.name));
      return twin !== undefined && overlap(alteredBy(edit), alteredBy(twin)).length > 0 ? [`edits[${i}]`] : [];
    });
    if (shared.length === 0 || (await waitsFor(tx, change, other.id)) || (await waitsFor(tx, other, change.id)))
      continue;
    const message = `change ${other.id} alters the same: whichever is enacted first puts the other in conflict, unless that waits for it`;
    warnings.push(...shared.map((at) => ({ at, message })));
  }
  return warnings;
}
