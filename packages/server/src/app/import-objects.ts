import type { Import } from '../importer.ts';
import type { Store, StoredObject } from '../store.ts';
import { type CommitOptions, type Committed, commitEdits, keyOf } from './commit-edits.ts';
import { sampleNames, sampleWorldAuthor } from './load-sample-world.ts';

export interface ImportOptions extends Omit<CommitOptions, 'clears' | 'mistakes'> {
  /** Whether what the store holds of the imported kinds goes, and the sample world with it, or all stays. */
  readonly mode: 'replace' | 'add';
}

/** Writes what an importer read, all or nothing. */
export async function importObjects(store: Store, read: Import, options: ImportOptions): Promise<Committed> {
  const clears = async (current: readonly StoredObject[]): Promise<readonly StoredObject[]> => {
    const cleared: StoredObject[] = [];
    for (const object of current) {
      if (read.carries.includes(object.kind) || (await isSample(store, object))) cleared.push(object);
    }
    return cleared;
  };
  const { warnings, ...committed } = await commitEdits(store, read.objects, {
    ...options,
    mistakes: read.mistakes ?? [],
    ...(options.mode === 'replace' && { clears }),
  });
  return { ...committed, warnings: [...read.warnings, ...warnings] };
}

/** An object of the sample world that nobody has changed since. */
async function isSample(store: Store, { kind, name }: StoredObject): Promise<boolean> {
  if (!sampleNames().has(keyOf(kind, name))) return false;
  const [newest] = await store.history(kind, name);
  return newest?.author === sampleWorldAuthor;
}
