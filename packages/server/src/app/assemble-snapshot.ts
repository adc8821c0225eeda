import { compile, type ReadRelease, type Snapshot } from 'sluice';
import { type Manifest, noMark, shelved } from '../snapshot/manifest.ts';
import type { ReleaseShelf } from '../snapshot/release-shelf.ts';
import type { Mark, StoreChanges, StoredObject } from '../store.ts';
import { toConfiguration } from './load-configuration.ts';
import { keyOf } from './prepare-edits.ts';

/** What a process answers from: a snapshot, and the releases that belong to it. */
export interface Assembled {
  readonly mark: Mark;
  readonly snapshot: Snapshot;
  readonly readRelease: ReadRelease;
}

/** Makes snapshots of changes, one after another. */
export interface Assembly {
  /** The newest; `undefined` before the first changes. */
  assembled(): Assembled | undefined;
  /** Takes changes over, all or none. @throws Problem naming what cannot be compiled; all is then as it was. */
  adopt(changes: StoreChanges): Assembled;
  /** Everything that the newest is made of. */
  manifest(): Manifest;
}

/** Begins with nothing. Releases are read from `shelf` when they are asked for. */
export function openAssembly(shelf: Pick<ReleaseShelf, 'read'>): Assembly {
  let objects: ReadonlyMap<string, StoredObject> = new Map();
  let newest: Assembled | undefined;
  return {
    assembled: () => newest,
    adopt(changes) {
      const next = changed(objects, changes);
      newest = assemble(changes.mark, next, shelf, newest?.snapshot);
      objects = next;
      return newest;
    },
    manifest: () => ({ mark: newest?.mark ?? noMark, objects: [...objects.values()] }),
  };
}

function changed(
  before: ReadonlyMap<string, StoredObject>,
  { whole, deleted, objects }: StoreChanges,
): ReadonlyMap<string, StoredObject> {
  const next = new Map(whole ? [] : before);
  for (const { kind, name } of deleted) next.delete(keyOf(kind, name));
  for (const object of objects) next.set(keyOf(object.kind, object.name), object);
  return next;
}

function assemble(
  mark: Mark,
  objects: ReadonlyMap<string, StoredObject>,
  shelf: Pick<ReleaseShelf, 'read'>,
  previous: Snapshot | undefined,
): Assembled {
  const configured: StoredObject[] = [];
  const places = new Map<string, StoredObject>();
  for (const object of objects.values()) {
    if (object.kind === 'release') places.set(object.name, object);
    else configured.push(object);
  }
  const snapshot = compile(toConfiguration(mark.revision, configured), previous);
  return {
    mark,
    snapshot,
    readRelease(name, part) {
      const place = places.get(name);
      return place && shelf.read(name, shelved(place), part);
    },
  };
}

/** A manifest as the changes that lead to it from nothing. */
export function changesOf({ mark, objects }: Manifest): StoreChanges {
  return { mark, whole: true, objects, deleted: [] };
}
