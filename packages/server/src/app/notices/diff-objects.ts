import type { Change } from '../../change.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import type { Moment } from '../changes/desk.ts';
import { touchedObjects } from '../changes/touched-objects.ts';

/** What a change alters, before and after; what it has altered, where it is enacted. */
export async function alteredObjects(moment: Moment, change: Change): Promise<readonly ObjectEdit[]> {
  if (change.state !== 'enacted') return touchedObjects(moment, change);
  const objects: ObjectEdit[] = [];
  for (const { kind, name, madeVersion } of change.edits) {
    if (madeVersion === undefined) continue;
    const bodyAt = (version: number): Promise<unknown> => moment.tx.bodyOf(kind, name, version);
    const before = madeVersion > 1 ? await bodyAt(madeVersion - 1) : undefined;
    objects.push({ kind, name, before: before ?? undefined, after: (await bodyAt(madeVersion)) ?? undefined });
  }
  return objects;
}
