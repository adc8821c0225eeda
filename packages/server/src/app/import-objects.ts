import type { Import } from '../importer.ts';
import type { AccountBody } from '../kinds/account-body.ts';
import type { Mistake } from '../problem.ts';
import type { StoredObject } from '../store.ts';
import { enabledRoles } from './access/accounts.ts';
import type { Desk } from './changes/desk.ts';
import { type ProposedObjects, proposeObjects } from './changes/propose-objects.ts';
import { type ImportedChanges, importChanges } from './import-changes.ts';
import { isSampleAuthor, sampleNames } from './load-sample-world.ts';
import { checkEdits, keyOf, mistakesIn } from './prepare-edits.ts';

export interface ImportOptions {
  /** Whether what the store holds of the imported kinds goes, and the sample world with it, or all stays. */
  readonly mode: 'replace' | 'add';
  readonly reason: string;
}

/** What became of an import. */
export interface Imported extends ProposedObjects {
  /** The changes that were proposed besides. */
  readonly scheduled: ImportedChanges['scheduled'];
}

/** Checks what an importer read by itself. @throws Problem `invalid-import` with every mistake and its place. */
export function checkImport(read: Import): void {
  checkEdits(read.objects, { code: 'invalid-import', mistakes: mistakesBeside(read) });
}

/** Proposes what an importer read as one change, and what waits in it as changes that wait, all or nothing. */
export async function importObjects(desk: Desk, read: Import, { mode, reason }: ImportOptions): Promise<Imported> {
  const kept: Mistake[] = [];
  const clears = async (living: readonly StoredObject[]): Promise<readonly StoredObject[]> => {
    const named = new Set(read.objects.flatMap(({ kind, name }) => (name === undefined ? [] : [keyOf(kind, name)])));
    const cleared: StoredObject[] = [];
    for (const object of living) {
      if (!read.carries.includes(object.kind) && !(await isSample(desk, object))) continue;
      if (isAdministrator(object) && !named.has(keyOf(object.kind, object.name))) kept.push(stays(object));
      else cleared.push(object);
    }
    return cleared;
  };
  const proposed = await proposeObjects(desk, {
    edits: read.objects,
    reason,
    doubts: 'accept',
    code: 'invalid-import',
    mistakes: mistakesBeside(read),
    ...(mode === 'replace' && { clears }),
  });
  const { scheduled, warnings } = await importChanges(desk, read.changes ?? [], proposed);
  return { ...proposed, scheduled, warnings: [...read.warnings, ...kept, ...proposed.warnings, ...warnings] };
}

/** Mistakes outside of the objects that are written at once. */
function mistakesBeside({ mistakes = [], changes = [] }: Import): readonly Mistake[] {
  return [...mistakes, ...changes.flatMap(({ edits }) => mistakesIn(edits))];
}

/** An import must not lock out who looks after the server. */
function isAdministrator({ kind, body }: StoredObject): boolean {
  return kind === 'user' && enabledRoles(body as AccountBody).includes('admin');
}

function stays({ name }: StoredObject): Mistake {
  return { at: `user ${name}`, message: 'the file does not name this administrator, who stays' };
}

/** An object of the sample world that nobody has changed since. */
async function isSample({ tx }: Desk, { kind, name }: StoredObject): Promise<boolean> {
  if (!sampleNames().has(keyOf(kind, name))) return false;
  const [newest] = await tx.history(kind, name);
  return newest !== undefined && isSampleAuthor(newest.author);
}
