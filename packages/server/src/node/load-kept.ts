import type { Logger } from 'pino';
import { type Assembly, changesOf } from '../app/assemble-snapshot.ts';
import { checkStoredObject } from '../snapshot/check-stored-object.ts';
import { type Manifest, shelved } from '../snapshot/manifest.ts';
import type { ReleaseShelf } from '../snapshot/release-shelf.ts';
import type { SnapshotFolder } from '../snapshot/snapshot-folder.ts';
import type { StoredObject } from '../store.ts';

/** What a node finds of the snapshot that it kept last. */
export interface Kept {
  readonly manifest: Manifest;
  /** Whether every release that it names is as it was written. */
  readonly isWhole: boolean;
}

/** Looks what is on the disk. What is damaged there is told, and never served. */
export async function loadKept(folder: SnapshotFolder, shelf: ReleaseShelf, log: Logger): Promise<Kept | undefined> {
  let manifest: Manifest | undefined;
  try {
    manifest = folder.load();
  } catch (err) {
    log.error({ err }, 'the snapshot on the disk is damaged and is not used');
    return undefined;
  }
  if (manifest === undefined) return undefined;
  // One that could not be written stands in the manifest itself.
  const files = manifest.objects.flatMap((object) => {
    const place = object.kind === 'release' ? shelved(object) : undefined;
    return place === undefined || place.content !== undefined ? [] : [place.sha256];
  });
  const damaged = await shelf.discardDamaged(files);
  if (damaged.length > 0)
    log.error({ releases: damaged }, 'releases on the disk are damaged and must be fetched again');
  const objects = manifest.objects.map((object) => asIsNow(object, log));
  return { manifest: { ...manifest, objects }, isWhole: damaged.length === 0 };
}

/** An earlier version of Sluice may have kept it, without fields that have been added since. */
function asIsNow(object: StoredObject, log: Logger): StoredObject {
  if (object.kind === 'release') return object;
  try {
    return checkStoredObject(object);
  } catch (err) {
    log.error({ err }, 'the snapshot on the disk holds what would not be taken now; it goes on being served');
    return object;
  }
}

/** Answers whether what was kept can be served. */
export function adoptKept(assembly: Assembly, { manifest }: Kept, log: Logger): boolean {
  try {
    assembly.adopt(changesOf(manifest));
    return true;
  } catch (err) {
    log.error({ err }, 'the snapshot on the disk cannot be compiled and is not used');
    return false;
  }
}
