import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changesOf, openAssembly } from '../app/assemble-snapshot.ts';
import { type Edit, keyOf } from '../app/prepare-edits.ts';
import { putObjects } from '../app/put-objects.fixture.ts';
import { Problem } from '../problem.ts';
import { noMark, shelved } from '../snapshot/manifest.ts';
import { decodeReleaseFile } from '../snapshot/release-file.ts';
import type { ReleaseShelf } from '../snapshot/release-shelf.ts';
import type { Source } from '../source.ts';
import type { Mark, Store, StoreChanges } from '../store.ts';

/** A source, and the store whose commits it tells in the end. */
export interface SourcePlace {
  readonly source: Source;
  readonly shelf: ReleaseShelf;
  /** Where to commit; another one after `replaceStore`. */
  store(): Store;
  /** Puts an empty store in its place, as if nothing had ever been committed. */
  replaceStore(): Promise<void>;
  /** Makes that the source cannot be reached, or can be again. */
  setReachable(reachable: boolean): void;
  remove(): Promise<void>;
}

/** The suite that every source passes. `make` gives one whose store is empty. */
export function describeSource(name: string, make: () => Promise<SourcePlace>): void {
  describe(name, () => {
    let place: SourcePlace;
    let atMs = 1_790_000_000_000;
    beforeEach(async () => {
      place = await make();
    });
    afterEach(() => place.remove());

    async function put(...edits: readonly Edit[]): Promise<Mark> {
      await putObjects(place.store(), edits, { doubts: 'accept', atMs: atMs++ });
      return told();
    }

    /** Waits until the source tells of the newest commit, which may take it a moment. */
    async function told(): Promise<Mark> {
      const wanted = await place.store().newest();
      for (const deadline = Date.now() + 10_000; ; await pause(5)) {
        const newest = await place.source.newest();
        if (newest.revision === wanted.revision && newest.commit === wanted.commit) return newest;
        if (Date.now() > deadline) throw new Error(`it tells ${newest.revision}, not ${wanted.revision}`);
      }
    }

    test('begins at nothing', async () => {
      expect(await place.source.newest()).toEqual(noMark);
      expect(await place.source.changesSince(noMark)).toMatchObject({ mark: noMark, objects: [], deleted: [] });
    });

    test('tells everything to who has nothing, releases by their place on the shelf', async () => {
      const mark = await put(throttle('1.0', 10), release('MyApp-1'));
      const changes = await place.source.changesSince(noMark);
      expect(changes.mark).toEqual(mark);
      expect(keysOf(changes)).toEqual(['release MyApp-1', 'throttle MyApp/1.0']);
      const object = changes.objects.find(({ kind }) => kind === 'release');
      if (object === undefined) throw new Error('no release');
      expect(object.body).toEqual({ product: 'MyApp', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(decodeReleaseFile(place.shelf.bytesOf(shelved(object)))).toEqual(release('MyApp-1').body);
    });

    test('tells only what changed after a mark, deletions too', async () => {
      const first = await put(throttle('1.0', 10), throttle('1.1', 10), release('MyApp-1'), release('MyApp-2'));
      await place.source.changesSince(noMark);
      const second = await put(throttle('1.1', 20), release('MyApp-2', 'other'), release('MyApp-3'));
      const changes = await place.source.changesSince(first);
      expect({ mark: changes.mark, whole: changes.whole }).toEqual({ mark: second, whole: false });
      expect(keysOf(changes)).toEqual(['release MyApp-2', 'release MyApp-3', 'throttle MyApp/1.1']);
      for (const object of changes.objects) {
        if (object.kind === 'release') expect(place.shelf.has(shelved(object).sha256)).toBe(true);
      }
      await put(gone('throttle', 'MyApp/1.0'), gone('release', 'MyApp-1'));
      const { objects, deleted } = await place.source.changesSince(second);
      expect(objects).toEqual([]);
      expect(deleted.map(({ kind, name }) => keyOf(kind, name)).sort()).toEqual(
        [keyOf('release', 'MyApp-1'), keyOf('throttle', 'MyApp/1.0')].sort(),
      );
    });

    test('tells nothing when nothing changed', async () => {
      const mark = await put(throttle('1.0', 10));
      await place.source.changesSince(noMark);
      expect(await place.source.newest()).toEqual(mark);
      expect(await place.source.changesSince(mark)).toEqual({ mark, whole: false, objects: [], deleted: [] });
    });

    test('tells everything to who comes from somewhere else', async () => {
      const mark = await put(throttle('1.0', 10), release('MyApp-1'));
      await place.source.changesSince(noMark);
      const changes = await place.source.changesSince({ revision: 1, commit: 'another' });
      expect({ mark: changes.mark, whole: changes.whole, deleted: changes.deleted }).toEqual({
        mark,
        whole: true,
        deleted: [],
      });
      expect(keysOf(changes)).toEqual(['release MyApp-1', 'throttle MyApp/1.0']);
    });

    test('tells of a store that was put back to the same revision', async () => {
      const first = await put(throttle('1.0', 10));
      await place.source.changesSince(noMark);
      await place.replaceStore();
      const second = await put(throttle('2.0', 10));
      expect(second.revision).toBe(first.revision);
      expect(second.commit).not.toBe(first.commit);
      const assembly = openAssembly(place.shelf);
      assembly.adopt(await place.source.changesSince(noMark));
      assembly.adopt(await place.source.changesSince(first));
      expect(keysOf(changesOf(assembly.manifest()))).toEqual(['throttle MyApp/2.0']);
    });

    test('leads to what the store holds, however many commits are taken over at once', async () => {
      const assembly = openAssembly(place.shelf);
      for (let round = 1; round <= 25; round += 1) {
        const at = (one: number): string => String((round * one) % 5);
        const removed = round % 3 === 0 ? (await place.store().load()).objects.slice(0, 1) : [];
        const edits = [throttle(at(3), round), release(`MyApp-${at(2)}`, `round ${round}`)];
        const kept = edits.filter(({ kind, name }) => !removed.some((one) => one.kind === kind && one.name === name));
        await put(...kept, ...removed.map((object) => gone(object.kind, object.name)));
        if (round % 4 === 0) continue;
        assembly.adopt(await place.source.changesSince(assembly.manifest().mark));
        const { objects } = await place.store().load();
        const here = assembly.manifest().objects;
        expect(versions(here)).toEqual(versions(objects));
        for (const { kind, name, body } of objects.filter((object) => object.kind === 'release')) {
          const object = here.find((one) => one.kind === kind && one.name === name);
          if (object === undefined) throw new Error(`no ${name}`);
          expect(decodeReleaseFile(place.shelf.bytesOf(shelved(object)))).toEqual(body);
        }
      }
    });

    test('is a Problem while it cannot be reached, and goes on where it was', async () => {
      const mark = await put(throttle('1.0', 10));
      await place.source.changesSince(noMark);
      place.setReachable(false);
      await expect(place.source.newest()).rejects.toBeInstanceOf(Problem);
      await putObjects(place.store(), [throttle('1.1', 10)]);
      await expect(place.source.newest()).rejects.toBeInstanceOf(Problem);
      place.setReachable(true);
      await told();
      expect(keysOf(await place.source.changesSince(mark))).toEqual(['throttle MyApp/1.1']);
    });
  });
}

function throttle(version: string, percent: number): Edit {
  return { kind: 'throttle', name: `MyApp/${version}`, body: { product: 'MyApp', version, percent }, at: '' };
}

function release(name: string, said = 'nothing'): Edit {
  const blob = { name, schema_version: 50, detailsUrl: `https://example.org/${said}`, displayVersion: '1.0' };
  return { kind: 'release', name, body: { product: 'MyApp', blob }, at: '' };
}

function gone(kind: Edit['kind'], name: string): Edit {
  return { kind, name, body: undefined, at: '' };
}

function keysOf({ objects }: StoreChanges): readonly string[] {
  return objects.map(({ kind, name }) => `${kind} ${name}`).sort();
}

function versions(objects: StoreChanges['objects']): readonly string[] {
  return objects.map(({ kind, name, version, revision }) => `${kind} ${name} ${version} ${revision}`).sort();
}
