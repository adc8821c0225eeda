import { join } from 'node:path';
import { openAssembly } from '../../packages/server/src/app/assemble-snapshot.ts';
import type { Preview } from '../../packages/server/src/app/preview/preview.ts';
import { aLine } from '../../packages/server/src/app/preview/preview-world.fixture.ts';
import { configSchema } from '../../packages/server/src/config.ts';
import type { Face } from '../../packages/server/src/face.ts';
import { faces } from '../../packages/server/src/faces/index.ts';
import { openPreviewing } from '../../packages/server/src/node/previewing.ts';
import { noMark } from '../../packages/server/src/snapshot/manifest.ts';
import { ReleaseShelf } from '../../packages/server/src/snapshot/release-shelf.ts';
import { storeSource } from '../../packages/server/src/sources/store.ts';
import type { Store } from '../../packages/server/src/store.ts';

/** Previews as a node makes them that serves what a store holds: it takes over what is new before each. */
export function realPreview(store: Store, folder: string): Preview {
  const shelf = new ReleaseShelf({ folder: join(folder, 'releases'), memoryBytes: 1024 * 1024 });
  const source = storeSource(async () => store, shelf);
  const assembly = openAssembly(shelf);
  const allFaces = faces as unknown as readonly Face[];
  const config = configSchema(allFaces).parse({});
  const preview = openPreviewing({
    config: () => config,
    faces: allFaces,
    version: { source: '', version: '', commit: '', build: '' },
    nowMs: () => 0,
    assembly,
    lines: () => [aLine({ product: 'Firefox' }), aLine({ product: 'Fennec' })],
  });
  return async (edits, wishes) => {
    assembly.adopt(await source.changesSince(assembly.assembled()?.mark ?? noMark));
    return preview(edits, wishes);
  };
}
