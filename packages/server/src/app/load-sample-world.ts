import type { Store } from '../store.ts';
import { type CommitOptions, commitEdits, keyOf, prepareEdits } from './commit-edits.ts';
import { sampleThrottle, sampleWorld } from './sample-world.ts';

/** Whose commit the sample world is, so that an import can tell it from what people wrote. */
export const sampleWorldAuthor = 'sample world';

/** Fills a store that was never written to with the sample world; leaves any other alone. Answers whether it did. */
export async function loadSampleWorld(
  store: Store,
  options: Pick<CommitOptions, 'atMs' | 'makeSalt'>,
): Promise<boolean> {
  if ((await store.revision()) > 0) return false;
  await commitEdits(store, sampleWorld(), {
    ...options,
    author: sampleWorldAuthor,
    reason: 'something to try',
    doubts: 'refuse',
    code: 'invalid-object',
  });
  return true;
}

/** Whether the sample world, or what people have left of it, still stands to be tried. */
export async function hasSampleWorld(store: Store): Promise<boolean> {
  const [newest] = await store.history('throttle', sampleThrottle);
  return newest?.author === sampleWorldAuthor;
}

/** The keys of what belongs to the sample world. */
export function sampleNames(): ReadonlySet<string> {
  names ??= new Set(
    prepareEdits([], sampleWorld(), {
      doubts: 'refuse',
      code: 'invalid-object',
      makeSalt: () => '0'.repeat(16),
    }).edits.map(({ kind, name }) => keyOf(kind, name)),
  );
  return names;
}

let names: ReadonlySet<string> | undefined;
