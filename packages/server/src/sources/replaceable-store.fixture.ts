import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../problem.ts';
import type { Store } from '../store.ts';
import { openStore } from '../stores/index.ts';

/** A SQLite store in whose place another can be put, and that can be cut off from who follows it. */
export interface ReplaceableStore {
  /** For who commits. */
  store(): Store;
  /** For who follows. */
  readonly followed: Store;
  replace(): Promise<void>;
  setReachable(reachable: boolean): void;
  remove(): Promise<void>;
}

export async function openReplaceableStore(): Promise<ReplaceableStore> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-source-'));
  let count = 0;
  let isReachable = true;
  const open = (): Promise<Store> => {
    count += 1;
    return openStore({ data: join(folder, String(count)) });
  };
  let current = await open();
  const reached = (): Store => {
    if (!isReachable) throw new Problem('store-unavailable', 'cut off');
    return current;
  };
  const followed: Store = {
    read: async (...args) => reached().read(...args),
    write: async (...args) => reached().write(...args),
    revision: async () => reached().revision(),
    load: async () => reached().load(),
    newest: async () => reached().newest(),
    changesSince: async (...args) => reached().changesSince(...args),
    bodyOf: async (...args) => reached().bodyOf(...args),
    get: async (...args) => reached().get(...args),
    history: async (...args) => reached().history(...args),
    commit: async (...args) => reached().commit(...args),
    dump: () => reached().dump(),
    restore: async (commits) => reached().restore(commits),
    close: async () => {},
  };
  return {
    store: () => current,
    followed,
    async replace() {
      await current.close();
      current = await open();
    },
    setReachable(reachable) {
      isReachable = reachable;
    },
    async remove() {
      await current.close();
      rmSync(folder, { recursive: true });
    },
  };
}
