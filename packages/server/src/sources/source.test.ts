import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReleaseShelf } from '../snapshot/release-shelf.ts';
import { openReplaceableStore } from './replaceable-store.fixture.ts';
import { describeSource, type SourcePlace } from './source.contract.ts';
import { storeSource } from './store.ts';

async function make(): Promise<SourcePlace> {
  const stores = await openReplaceableStore();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-shelf-'));
  const shelf = new ReleaseShelf({ folder, memoryBytes: 1024 * 1024 });
  const source = storeSource(async () => stores.followed, shelf);
  return {
    source,
    shelf,
    store: stores.store,
    replaceStore: stores.replace,
    setReachable: stores.setReachable,
    async remove() {
      await source.close();
      await stores.remove();
      rmSync(folder, { recursive: true });
    },
  };
}

describeSource('a store as a source', make);
