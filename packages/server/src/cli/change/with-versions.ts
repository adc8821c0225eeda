import type { ChangeEdit } from '../../change.ts';
import type { FindObject } from './quick-edits.ts';

/** Edits as people write them into a file, where they have no mistakes: one without an `expectedVersion` is against what there is now. */
export async function withVersions(list: unknown, find: FindObject): Promise<readonly ChangeEdit[]> {
  const edits: ChangeEdit[] = [];
  for (const entry of list as readonly (ChangeEdit & { readonly expectedVersion?: number })[]) {
    const name = String(entry.name);
    const expectedVersion = entry.expectedVersion ?? (await find({ kind: entry.kind, name }))?.version ?? 0;
    edits.push({ ...entry, name, expectedVersion });
  }
  return edits;
}
