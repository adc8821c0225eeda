import { compile, type Snapshot } from 'sluice';
import type { Store, StoredObject } from '../store.ts';
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
  /** How often the store is asked for its revision, in milliseconds. */
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
  let snapshot: Snapshot | undefined;
  let trouble: unknown;
  let stopped = false;

  const catchUp = async (): Promise<Snapshot> => {
    const content = snapshot === undefined ? await store.load() : await store.changesSince(snapshot.revision);
    for (const { kind, name } of content.deleted) objects.delete(keyOf(kind, name));
    for (const object of content.objects) objects.set(keyOf(object.kind, object.name), object);
    const compiled = compile(toConfiguration(content.revision, objects.values()));
    snapshot = compiled;
    onSnapshot?.(compiled);
    return compiled;
  };

  const look = async (): Promise<void> => {
    try {
      if ((await store.revision()) !== snapshot?.revision) await catchUp();
      trouble = undefined;
    } catch (error) {
      if (trouble === undefined) onTrouble?.(error);
      trouble = error;
    }
  };

  let newest = await catchUp();
  let timer: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();
  const next = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      looking = look().then(next);
    }, everyMs);
  };
  next();

  return {
    snapshot: () => {
      newest = snapshot ?? newest;
      return newest;
    },
    trouble: () => trouble,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
