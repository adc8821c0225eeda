import { setTimeout as pause } from 'node:timers/promises';
import { type Manifest, shelved } from '../snapshot/manifest.ts';
import type { ReleaseShelf } from '../snapshot/release-shelf.ts';
import type { SnapshotFolder } from '../snapshot/snapshot-folder.ts';
import type { StoredObject } from '../store.ts';

/** Keeps the newest snapshot on the disk, in the background: one at a time, and of those that wait only the newest. */
export interface Keeping {
  /** Says that there is a newer manifest to keep. */
  renew(): void;
  /** The revision that is on the disk; 0 when there is none. */
  savedRevision(): number;
  /** Why the newest is not on the disk; `undefined` when it is or will be. */
  trouble(): unknown;
  /** Waits until the newest is kept or that has failed. */
  stop(): Promise<void>;
}

export interface KeepOptions {
  readonly folder: Pick<SnapshotFolder, 'save'>;
  readonly shelf: Pick<ReleaseShelf, 'putFile' | 'sweep'>;
  readonly manifest: () => Manifest;
  /** Takes over releases that could be written at last, so that they need no memory any more. */
  readonly onWritten: (objects: readonly StoredObject[]) => void;
  readonly onTrouble: (error: unknown) => void;
  readonly savedRevision: number;
  readonly nowMs: () => number;
  readonly retryMs?: number;
  /** How long a change waits until it is written, in milliseconds. */
  readonly settleMs?: number;
}

/** How long a release file stays that no manifest names any more. */
const sweepAfterMs = 60 * 60 * 1000;

export function keepSnapshot(options: KeepOptions): Keeping {
  const { folder, shelf, manifest, onWritten, onTrouble, nowMs, retryMs = 5000, settleMs = 100 } = options;
  const stopping = new AbortController();
  let { savedRevision } = options;
  let trouble: unknown;
  let isDue = false;
  let working: Promise<void> | undefined;

  const keepOnce = async (): Promise<void> => {
    const written = await writeWaiting(manifest().objects, shelf);
    // What was changed or deleted meanwhile stays so.
    const current = new Set(manifest().objects);
    const lasting = written.flatMap(({ waiting, object }) => (current.has(waiting) ? [object] : []));
    if (lasting.length > 0) onWritten(lasting);
    const { mark, objects } = manifest();
    await folder.save({ mark, objects });
    savedRevision = mark.revision;
    const used = objects.flatMap((object) => (object.kind === 'release' ? [shelved(object).sha256] : []));
    await shelf.sweep(new Set(used), nowMs(), sweepAfterMs);
  };
  const work = async (): Promise<void> => {
    while (isDue) {
      // Serving goes first, and of several changes in a row the last is enough.
      await pause(settleMs, undefined, { signal: stopping.signal }).catch(() => {});
      isDue = false;
      try {
        await keepOnce();
        trouble = undefined;
      } catch (error) {
        if (trouble === undefined) onTrouble(error);
        trouble = error;
        await pause(retryMs, undefined, { signal: stopping.signal }).catch(() => {});
        isDue = !stopping.signal.aborted;
      }
    }
    // In the same breath as the last look at whether there is more to do.
    working = undefined;
  };
  return {
    renew() {
      isDue = true;
      working ??= work();
    },
    savedRevision: () => savedRevision,
    trouble: () => trouble,
    async stop() {
      stopping.abort();
      await working;
    },
  };
}

/** A release that waited in memory, and the same on the disk. */
interface Written {
  readonly waiting: StoredObject;
  readonly object: StoredObject;
}

/** Tries once more to write the releases that had to stay in memory. @throws Problem when one still cannot be written. */
async function writeWaiting(
  objects: readonly StoredObject[],
  shelf: Pick<ReleaseShelf, 'putFile'>,
): Promise<readonly Written[]> {
  const written: Written[] = [];
  for (const object of objects) {
    if (object.kind !== 'release') continue;
    const { product, sha256, content } = shelved(object);
    if (content === undefined) continue;
    const body = await shelf.putFile(product, sha256, Buffer.from(content, 'base64'));
    if (body.content !== undefined) throw new Error(`${sha256} cannot be written`);
    written.push({ waiting: object, object: { ...object, body } });
  }
  return written;
}
