import type { Change, ChangeEdit, ChangeReach, Conflict } from '../../change.ts';
import type { StoredVersion } from '../../stored-commit.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import { keyOf } from '../prepare-edits.ts';
import { alteredBy, wholeParts } from './altered-parts.ts';
import { changeReaches } from './change-reaches.ts';
import type { Desk } from './desk.ts';
import { keepChange } from './keep-change.ts';
import { overlap, pathsBetween } from './merge-patch.ts';
import { waitsFor } from './waits-for.ts';
import { bodyAfter } from './work-out.ts';

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
  const altered = new Map(versions.map((version) => [keyOf(version.kind, version.name), version]));
  const open = await tx.openChangesOn(objects.filter(({ kind, name }) => altered.has(keyOf(kind, name))));
  for (const change of open) {
    if (change.id === by) continue;
    let waits: Promise<boolean> | undefined;
    // A later step of its chain waits for it, by way of all that are between: so many need not be looked through.
    const isAware = () => (waits ??= isLaterStep(change, by) ? Promise.resolve(true) : waitsFor(tx, change, by));
    const clashes = new Map(change.conflicts.map((one) => [keyOf(one.kind, one.name), one]));
    const edits: ChangeEdit[] = [];
    const conflicts: Conflict[] = [];
    for (const edit of change.edits) {
      const version = altered.get(keyOf(edit.kind, edit.name));
      const before = clashes.get(keyOf(edit.kind, edit.name));
      const now =
        version === undefined
          ? { edit, conflict: before }
          : await rebased(desk, edit, version, by, async () => before === undefined && (await isAware()));
      edits.push(now.edit);
      if (now.conflict !== undefined) conflicts.push(now.conflict);
    }
    const reaches = conflicts.length > 0 ? change.reaches : await reachesNow(desk, change, edits, altered);
    const next: Change = { ...change, version: change.version + 1, edits, conflicts, reaches, updatedAtMs: nowMs };
    await keepChange(desk, next);
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

function isLaterStep({ id, chain }: Change, by: number): boolean {
  return chain !== undefined && by >= chain.id && by < id;
}

/** An edit as it stands against a new version of its object. */
async function rebased(
  { tx }: Desk,
  edit: ChangeEdit,
  { version, body }: Pick<StoredVersion, 'version' | 'body'>,
  by: number,
  waits: () => Promise<boolean>,
): Promise<{ readonly edit: ChangeEdit; readonly conflict: Conflict | undefined }> {
  const { kind, name, expectedVersion } = edit;
  const base = expectedVersion === 0 ? undefined : await tx.bodyOf(kind, name, expectedVersion);
  const currentVersion = body === undefined ? 0 : version;
  const paths = overlap(alteredBy(edit), wholeParts(kind, pathsBetween(base, body)));
  if (paths.length === 0 || (await waits()))
    return { edit: { ...edit, expectedVersion: currentVersion }, conflict: undefined };
  return { edit, conflict: { kind, name, expectedVersion, currentVersion, paths, change: by } };
}

type Altered = ReadonlyMap<string, Pick<StoredVersion, 'body'>>;

/** Where a change is after its objects were altered: what it does not touch of them may have moved them elsewhere. */
async function reachesNow(
  { tx, current }: Desk,
  { reaches }: Change,
  edits: readonly ChangeEdit[],
  altered: Altered,
): Promise<readonly ChangeReach[]> {
  const objects: ObjectEdit[] = [];
  for (const edit of edits) {
    const { kind, name } = edit;
    const version = altered.get(keyOf(kind, name));
    const object = current.get(kind, name);
    const isKept = version === undefined && object !== undefined;
    const before = isKept ? await tx.bodyOf(kind, name, object.version) : version?.body;
    // What is left of an object that is gone lies nowhere.
    if (edit.op === 'patch' && before === undefined) return reaches;
    objects.push({ kind, name, before, after: bodyAfter(edit, before) });
  }
  return changeReaches(objects);
}
