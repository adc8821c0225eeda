import { type Principal, principalText, readPrincipal } from '../principal.ts';
import type { Store } from '../store.ts';
import { followCurrent } from './changes/current.ts';
import { atDesk, type Changing } from './changes/desk.ts';
import { proposeObjects } from './changes/propose-objects.ts';
import { keyOf, prepareEdits } from './prepare-edits.ts';
import { sampleThrottle, sampleWorld } from './sample-world.ts';

/** Whose change the sample world is, so that an import can tell it from what people wrote. */
const sampleAuthor: Principal = { kind: 'local', name: 'sample world' };

/** Fills a store that was never written to with the sample world; leaves any other alone. Answers whether it did. */
export async function loadSampleWorld(
  store: Store,
  { atMs, makeSalt }: { readonly atMs: number; readonly makeSalt: () => string },
): Promise<boolean> {
  const changing: Changing = { store, current: followCurrent(), nowMs: () => atMs, makeSalt };
  return atDesk(changing, { principal: sampleAuthor }, async (desk) => {
    if (desk.current.mark.revision > 0) return false;
    const reason = 'something to try';
    await proposeObjects(desk, { edits: sampleWorld(), reason, doubts: 'refuse', code: 'invalid-object' });
    return true;
  });
}

/** Whether the sample world, or what people have left of it, still stands to be tried. */
export async function hasSampleWorld(store: Store): Promise<boolean> {
  const [newest] = await store.history('throttle', sampleThrottle);
  return newest !== undefined && isSampleAuthor(newest.author);
}

/** Whether a commit was that of the sample world, also where it was made before authors were principals. */
export function isSampleAuthor(author: string): boolean {
  return principalText(readPrincipal(author)) === principalText(sampleAuthor);
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
