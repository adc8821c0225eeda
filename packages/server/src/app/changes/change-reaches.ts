import type { ChangeReach } from '../../change.ts';
import { type ObjectEdit, reachesOf } from '../access/object-edit.ts';

/** What edits touch, before and after, each place once. */
export function changeReaches(objects: readonly ObjectEdit[]): readonly ChangeReach[] {
  const reaches = new Map<string, ChangeReach>();
  for (const object of objects) {
    for (const reach of reachesOf(object))
      reaches.set(JSON.stringify([object.kind, reach]), { kind: object.kind, ...reach });
  }
  return [...reaches.values()];
}
