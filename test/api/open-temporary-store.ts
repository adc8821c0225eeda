import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../packages/server/src/store.ts';
import { openStore } from '../../packages/server/src/stores/index.ts';

/** A new, empty embedded database in a folder of its own. */
export interface TemporaryStore {
  readonly store: Store;
  remove(): Promise<void>;
}

export async function openTemporaryStore(): Promise<TemporaryStore> {
  const data = mkdtempSync(join(tmpdir(), 'sluice-api-'));
  const store = await openStore({ data });
  return {
    store,
    async remove() {
      await store.close();
      rmSync(data, { recursive: true });
    },
  };
}
