import type { Store } from '../store.ts';
import { type CommitOptions, commitEdits } from './commit-edits.ts';
import { sampleWorld } from './sample-world.ts';

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
