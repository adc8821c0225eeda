import type { Change } from '../change.ts';
import type { ImportedChange } from '../importer.ts';
import { type Mistake, Problem } from '../problem.ts';
import { followCurrent } from './changes/current.ts';
import type { Desk } from './changes/desk.ts';
import { type ProposedObjects, proposeObjects } from './changes/propose-objects.ts';
import { dueAtMs } from './conditions/due-time.ts';
import type { Edit } from './prepare-edits.ts';

export interface ImportedChanges {
  /** Each waits; it may have stood there before. */
  readonly scheduled: readonly Change[];
  readonly warnings: readonly Mistake[];
}

/**
 * Proposes the changes that wait in an import. One that cannot be proposed is told of and left out, because where it comes
 * from such changes may have been overtaken by others.
 */
export async function importChanges(
  desk: Desk,
  changes: readonly ImportedChange[],
  { changed, waiting }: ProposedObjects,
): Promise<ImportedChanges> {
  if (changes.length === 0) return { scheduled: [], warnings: [] };
  if (waiting !== undefined) {
    const message = `not taken: it rests on change ${waiting.change.id}; import the file again once that is enacted`;
    return { scheduled: [], warnings: changes.map(({ at }) => ({ at, message })) };
  }
  // What was just written is seen here, and by nobody else should it come to nothing.
  const after: Desk = changed ? { ...desk, current: await followCurrent()(desk.tx) } : desk;
  const scheduled: Change[] = [];
  const warnings: Mistake[] = [];
  for (const change of changes) {
    const { at } = change;
    try {
      const proposed = await propose(after, change);
      warnings.push(...proposed.warnings);
      if (proposed.waiting === undefined) warnings.push({ at, message: 'not taken: it would alter nothing' });
      else scheduled.push(proposed.waiting.change);
      if (isDue(after, change)) warnings.push({ at, message: 'its time has come: it can be enacted at once' });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      warnings.push({ at, message: `not taken: ${error.detail}` });
    }
  }
  return { scheduled, warnings };
}

async function propose(desk: Desk, { edits, condition, reason }: ImportedChange): Promise<ProposedObjects> {
  const missing = edits.find(({ isThere, kind, name = '' }) => isThere && desk.current.get(kind, name) === undefined);
  if (missing !== undefined) throw new Problem('object-not-found', `there is no ${missing.kind} ${missing.name}`);
  return proposeObjects(desk, {
    edits: edits.map(({ isThere, ...edit }): Edit => (isThere ? edit : { ...edit, expectedVersion: 0 })),
    condition,
    reason,
    doubts: 'accept',
    code: 'invalid-import',
  });
}

function isDue({ nowMs }: Desk, { condition }: ImportedChange): boolean {
  const dueMs = dueAtMs(condition);
  return dueMs !== undefined && dueMs > 0 && dueMs <= nowMs;
}
