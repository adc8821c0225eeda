import type { Change, ChangeEdit, Conflict } from '../../change.ts';
import type { StoredVersion } from '../../store.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import { alteredBy, wholeParts } from './altered-parts.ts';
import type { Desk } from './desk.ts';
import { overlap, pathsBetween } from './merge-patch.ts';
import { waitsFor } from './overlapping-changes.ts';

/**
 * Brings what is pending up to date with what was just enacted: an edit of other parts of an object is now against its new
 * version, and its sign-offs hold; an edit of the same parts is in conflict. A change that waits for this one was proposed
 * and signed in the knowledge of it, so it is not.
 */
export async function rebaseOthers(
  desk: Desk,
  by: number,
  objects: readonly ObjectEdit[],
  versions: readonly Pick<StoredVersion, 'kind' | 'name' | 'version' | 'body'>[],
): Promise<void> {
  const { tx, nowMs } = desk;
  const altered = new Map(versions.map((version) => [`${version.kind}/${version.name}`, version]));
  const open = await tx.openChangesOn(objects.filter(({ kind, name }) => altered.has(`${kind}/${name}`)));
  for (const change of open) {
    if (change.id === by) continue;
    const waits = waitsFor(change, by);
    const edits: ChangeEdit[] = [];
    const conflicts: Conflict[] = [];
    for (const edit of change.edits) {
      const version = altered.get(`${edit.kind}/${edit.name}`);
      const before = change.conflicts.find(({ kind, name }) => kind === edit.kind && name === edit.name);
      const now =
        version === undefined
          ? { edit, conflict: before }
          : await rebased(desk, edit, version, by, waits && before === undefined);
      edits.push(now.edit);
      if (now.conflict !== undefined) conflicts.push(now.conflict);
    }
    const next: Change = { ...change, version: change.version + 1, edits, conflicts, updatedAtMs: nowMs };
    await tx.putChange(next);
    const isIn = conflicts.length > 0;
    await tx.append({
      atMs: nowMs,
      actor: 'system',
      action: isIn ? 'change.in-conflict' : 'change.rebased',
      change: change.id,
      detail: {
        by,
        ...(isIn
          ? { conflicts }
          : { edits: edits.map(({ kind, name, expectedVersion }) => ({ kind, name, expectedVersion })) }),
      },
    });
  }
}

/** An edit as it stands against a new version of its object. */
async function rebased(
  { tx }: Desk,
  edit: ChangeEdit,
  { version, body }: Pick<StoredVersion, 'version' | 'body'>,
  by: number,
  waits: boolean,
): Promise<{ readonly edit: ChangeEdit; readonly conflict: Conflict | undefined }> {
  const { kind, name, expectedVersion } = edit;
  const base = expectedVersion === 0 ? undefined : await tx.bodyOf(kind, name, expectedVersion);
  const currentVersion = body === undefined ? 0 : version;
  const paths = overlap(alteredBy(edit), wholeParts(kind, pathsBetween(base, body)));
  if (waits || paths.length === 0) return { edit: { ...edit, expectedVersion: currentVersion }, conflict: undefined };
  return { edit, conflict: { kind, name, expectedVersion, currentVersion, paths, change: by } };
}
