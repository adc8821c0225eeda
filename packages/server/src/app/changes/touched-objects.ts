import type { Change } from '../../change.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import type { Moment } from './desk.ts';
import { bodyAfter } from './work-out.ts';

/** What a change is about, also where its edits do not fit any more. */
export async function touchedObjects(
  { tx, current }: Pick<Moment, 'tx' | 'current'>,
  { edits }: Pick<Change, 'edits'>,
): Promise<readonly ObjectEdit[]> {
  const objects: ObjectEdit[] = [];
  for (const edit of edits) {
    const { kind, name } = edit;
    const object = current.get(kind, name);
    const before = object === undefined ? undefined : await tx.bodyOf(kind, name, object.version);
    objects.push({ kind, name, before, after: bodyAfter(edit, before) });
  }
  return objects;
}
