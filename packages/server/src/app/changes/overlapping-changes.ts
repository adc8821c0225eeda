import { leavesOf } from 'sluice';
import type { Change } from '../../change.ts';
import type { Mistake } from '../../problem.ts';
import { alteredBy } from './altered-parts.ts';
import type { Desk } from './desk.ts';
import { overlap } from './merge-patch.ts';

/** Warns of other open changes that alter the same, where this one does not wait for them nor they for it. */
export async function overlappingChanges(
  { tx }: Pick<Desk, 'tx'>,
  change: Pick<Change, 'id' | 'edits' | 'condition'>,
): Promise<readonly Mistake[]> {
  const open = await tx.openChangesOn(change.edits);
  return change.edits.flatMap((edit, i) =>
    open.flatMap((other): readonly Mistake[] => {
      if (other.id === change.id || waitsFor(change, other.id) || waitsFor(other, change.id)) return [];
      const twin = other.edits.find(({ kind, name }) => kind === edit.kind && name === edit.name);
      if (twin === undefined || overlap(alteredBy(edit), alteredBy(twin)).length === 0) return [];
      const message = `change ${other.id} alters the same: whichever is enacted first puts the other in conflict, unless that waits for it`;
      return [{ at: `edits[${i}]`, message }];
    }),
  );
}

/** Whether a change has another's enactment in its condition. */
export function waitsFor({ condition }: Pick<Change, 'condition'>, id: number): boolean {
  return leavesOf(condition).some(
    (leaf) => 'change' in leaf && leaf.change.id === id && leaf.change.state === 'enacted',
  );
}
