import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, vi } from 'vitest';
import type { Problem } from '../problem.ts';
import { ReleaseShelf } from '../snapshot/release-shelf.ts';
import type { Source } from '../source.ts';
import { storeSource } from '../sources/store.ts';
import type { Store, StoreChanges } from '../store.ts';
import { type Assembly, openAssembly } from './assemble-snapshot.ts';
import { type Following, type FollowOptions, followSource } from './follow-source.ts';
import { putObjects } from './put-objects.fixture.ts';

/** What follows a source, and everything that it told. */
export interface Followed extends Following {
  readonly assembly: Assembly;
  readonly changes: readonly StoreChanges[];
  readonly troubles: readonly unknown[];
  readonly faults: readonly Problem[];
  revision(): number;
  /** Waits until this revision is served. */
  reach(revision: number): Promise<void>;
  /** The names of the releases that are served. */
  releases(): readonly string[];
}

/** A source that counts what it is asked, and can be away. */
export interface Fragile extends Source {
  trouble: Error | undefined;
  asked: number;
  fetched: number;
}

/** Gives a function that follows a source in a test; whoever still follows after it is stopped. */
export function followedSources(): (source: Source, more?: Partial<FollowOptions>) => Promise<Followed> {
  const running: Following[] = [];
  afterEach(async () => {
    for (const following of running.splice(0)) await following.stop();
  });
  return async (source, more = {}) => {
    const changes: StoreChanges[] = [];
    const troubles: unknown[] = [];
    const faults: Problem[] = [];
    const assembly = more.assembly ?? openAssembly(nowhereShelf);
    const following = await followSource(source, {
      assembly,
      everyMs: 5,
      nowMs: Date.now,
      spread: () => 1,
      onChanges: (one) => changes.push(one),
      onTrouble: (error) => troubles.push(error),
      onFault: (fault) => faults.push(fault),
      ...more,
    });
    running.push(following);
    const revision = () => assembly.assembled()?.mark.revision ?? -1;
    return {
      ...following,
      assembly,
      changes,
      troubles,
      faults,
      revision,
      reach: async (wanted) => {
        await eventually(() => revision() === wanted);
      },
      releases: () => releasesIn(assembly),
    };
  };
}

/** Waits for something that comes soon. */
export function eventually(isSo: () => boolean): Promise<boolean> {
  return vi.waitUntil(isSo, { timeout: 10_000, interval: 2 });
}

export function releasesIn(assembly: Assembly): readonly string[] {
  return assembly
    .manifest()
    .objects.flatMap(({ kind, name }) => (kind === 'release' ? [name] : []))
    .sort();
}

const nowhereShelf: Pick<ReleaseShelf, 'read'> = {
  read: () => {
    throw new Error('nothing is read here');
  },
};

/** Gives a function that makes a shelf in a folder of its own. */
export function temporaryShelves(): () => ReleaseShelf {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-shelf-'));
    folders.push(folder);
    return new ReleaseShelf({ folder, memoryBytes: 1_000_000 });
  };
}

export function fragileSource(store: Store, shelf: Pick<ReleaseShelf, 'put'>): Fragile {
  const source = storeSource(async () => store, shelf);
  const made: Fragile = {
    ...source,
    trouble: undefined,
    asked: 0,
    fetched: 0,
    newest: async () => {
      made.asked += 1;
      if (made.trouble !== undefined) throw made.trouble;
      return source.newest();
    },
    changesSince: async (mark) => {
      made.fetched += 1;
      return source.changesSince(mark);
    },
  };
  return made;
}

export function putRelease(store: Store, name: string, atMs?: number): Promise<unknown> {
  const blob = { name, schema_version: 4000, products: [] };
  const options = atMs === undefined ? {} : { atMs };
  return putObjects(store, [{ kind: 'release', name, body: { product: 'MyApp', blob }, at: '' }], options);
}

export function deleteRelease(store: Store, name: string): Promise<unknown> {
  return putObjects(store, [{ kind: 'release', name, body: undefined, at: '' }]);
}
