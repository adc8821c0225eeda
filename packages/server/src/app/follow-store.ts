import { compile, type Snapshot } from 'sluice';
import type { Store, StoreContent, StoredObject } from '../store.ts';
import { keyOf } from './commit-edits.ts';
import { toConfiguration } from './load-configuration.ts';

/** The newest snapshot of a store. */
export interface Following {
  snapshot(): Snapshot;
  /** What went wrong when the store was last asked, while it is so. */
  trouble(): unknown;
  stop(): Promise<void>;
}

export interface FollowOptions {
  /** How often the store is asked for its revision, in milliseconds; after a hint it is asked at once. */
  readonly everyMs: number;
  readonly onSnapshot?: (snapshot: Snapshot) => void;
  readonly onTrouble?: (error: unknown) => void;
}

/**
 * Loads the store and keeps up with its commits, whoever makes them. While the store is in trouble the last snapshot
 * goes on answering.
 *
 * @throws Problem when the first load fails.
 */
export async function followStore(store: Store, { everyMs, onSnapshot, onTrouble }: FollowOptions): Promise<Following> {
  const objects = new Map<string, StoredObject>();
  const adopt = (content: StoreContent, whole: boolean): Snapshot => {
    if (whole) objects.clear();
    for (const { kind, name } of content.deleted) objects.delete(keyOf(kind, name));
    for (const object of content.objects) objects.set(keyOf(object.kind, object.name), object);
    const compiled = compile(toConfiguration(content.revision, objects.values()));
    onSnapshot?.(compiled);
    return compiled;
  };
  const catchUp = async (): Promise<void> => {
    const revision = await store.revision();
    if (revision === snapshot.revision) return;
    // A database that was put back to an earlier state is read anew: what came after it never happened.
    const whole = revision < snapshot.revision;
    snapshot = adopt(whole ? await store.load() : await store.changesSince(snapshot.revision), whole);
  };

  let snapshot = adopt(await store.load(), true);
  let trouble: unknown;
  const look = async (): Promise<void> => {
    try {
      await catchUp();
      trouble = undefined;
    } catch (error) {
      if (trouble === undefined) onTrouble?.(error);
      trouble = error;
    }
  };

  let stopped = false;
  let hinted = false;
  let wake = (): void => {};
  const unwatch = store.watch?.(() => {
    // Also while it looks: what it asked before the hint may be outdated.
    hinted = true;
    wake();
  });
  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, hinted ? 0 : everyMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const follow = async (): Promise<void> => {
    while (!stopped) {
      await rest();
      hinted = false;
      if (!stopped) await look();
    }
  };
  const following = follow();

  return {
    snapshot: () => snapshot,
    trouble: () => trouble,
    stop: async () => {
      stopped = true;
      unwatch?.();
      wake();
      await following;
    },
  };
}
