import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Mark, Store, StoreEdit } from '../store.ts';
import type { CommitNote } from '../stored-commit.ts';
import { edit, type StorePlace, withFresh } from './store-place.contract.ts';

const note: CommitNote = { atMs: 1_790_000_000_000, author: 'ada', reason: 'because\0' };
const nothing: Mark = { revision: 0, commit: '' };

/** The part of the suite that is about following a store, from mark to mark. `make` gives a fresh, empty place. */
export function describeChanges(name: string, make: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await make();
      store = await place.open();
    });
    afterEach(() => place.remove());

    /** Lends another, empty store. */
    const withOther = (work: (other: Store) => Promise<void>) => withFresh(make, work);

    test('a new store has none, and whoever comes from elsewhere is told so', async () => {
      expect(await store.changesSince(nothing)).toEqual({ mark: nothing, whole: false, objects: [], deleted: [] });
      for (const mark of [
        { revision: 0, commit: 'none' },
        { revision: 7, commit: 'x' },
        { revision: 7, commit: '' },
      ]) {
        expect(await store.changesSince(mark)).toEqual({ mark: nothing, whole: true, objects: [], deleted: [] });
      }
    });

    test('are each changed object once, in its newest version, and the deletions', async () => {
      await store.commit([edit('same', 1), edit('twice', 1), edit('gone', 1), edit('back', 1)], note);
      const first = await store.newest();
      await store.commit([edit('twice', 2), edit('back', undefined)], note);
      await store.commit([edit('twice', 3), edit('gone', undefined), edit('back', 2), edit('new', 1)], note);
      const { mark, whole, objects, deleted } = await store.changesSince(first);
      expect([mark.revision, whole]).toEqual([3, false]);
      expect(mark).toEqual(await store.newest());
      expect(objects.map(({ name, version, body }) => [name, version, body]).sort()).toEqual([
        ['back', 3, 2],
        ['new', 1, 1],
        ['twice', 3, 3],
      ]);
      expect(deleted).toEqual([{ kind: 'rule', name: 'gone' }]);
      expect(await store.changesSince(mark)).toEqual({ mark, whole: false, objects: [], deleted: [] });
    });

    test('since a mark that was never here are everything that lives, and no deletion', async () => {
      await store.commit([edit('a', 1), edit('b', 1)], note);
      const { revision, commit } = await store.newest();
      await store.commit([edit('b', undefined), edit('c', 1)], note);
      const mark = await store.newest();
      for (const foreign of [
        { revision, commit: `${commit}0` },
        { revision, commit: '' },
        { revision: 0, commit },
        { revision: 2, commit },
        { revision: 3, commit: mark.commit },
        { revision: 3, commit: '' },
        { revision: -1, commit: '' },
      ]) {
        const changes = await store.changesSince(foreign);
        expect(changes).toMatchObject({ mark, whole: true, deleted: [] });
        expect(changes.objects.map((object) => object.name)).toEqual(['a', 'c']);
      }
      expect((await store.changesSince({ revision, commit })).whole).toBe(false);
    });

    test('two stores with the same commits share their marks', () =>
      withOther(async (other) => {
        const seen: Mark[] = [];
        for (let i = 1; i <= 3; i++) {
          const made = { atMs: i, author: 'ada\ud800', reason: `☃ ${i}` };
          await store.commit([edit('a', i)], made);
          await other.commit([edit('a', i)], made);
          expect(await other.newest()).toEqual(await store.newest());
          seen.push(await store.newest());
        }
        expect(new Set(seen.map(({ commit }) => commit)).size).toBe(3);
        for (const mark of seen) expect(await other.changesSince(mark)).toEqual(await store.changesSince(mark));
      }));

    test.each([
      ['at another time', { ...note, atMs: note.atMs + 1 }],
      ['by somebody else', { ...note, author: 'bob' }],
      ['for another reason', { ...note, reason: 'because' }],
    ])('a commit that was lost and made again %s has another mark', (_, again) =>
      withOther(async (other) => {
        await store.commit([edit('a', 1), edit('lost', 1)], note);
        await other.commit([edit('a', 1)], again);
        const [mine, theirs] = [await store.newest(), await other.newest()];
        expect(theirs.revision).toBe(mine.revision);
        expect(theirs.commit).not.toBe(mine.commit);
        const changes = await other.changesSince(mine);
        expect(changes).toMatchObject({ mark: theirs, whole: true });
        expect(changes.objects.map((object) => object.name)).toEqual(['a']);
        // Neither does it help that the other has gone on since.
        await other.commit([edit('b', 1)], note);
        expect(await other.changesSince(mine)).toMatchObject({ whole: true, mark: { revision: 2 } });
      }),
    );

    test('leave out the bodies of the kinds that they are not wanted of, and nothing else', async () => {
      const pin: StoreEdit = { kind: 'pin', name: 'p', body: { x: 1 } };
      const release: StoreEdit = { kind: 'release', name: 'r', body: null };
      await store.commit([edit('a', { y: 1 }), edit('gone', 1), pin, release, { ...pin, name: 'gone' }], note);
      const mark = await store.newest();
      await store.commit([edit('a', { y: 2 }), { ...pin, body: { x: 2 } }, { ...release, body: 'text' }], note);
      await store.commit([edit('gone', undefined), { ...pin, name: 'gone', body: undefined }], note);
      const full = await store.changesSince(mark);
      expect(await store.changesSince(mark, [])).toEqual(full);
      const bare = await store.changesSince(mark, ['pin', 'release', 'throttle']);
      expect(bare).toEqual({
        ...full,
        objects: full.objects.map((object) => (object.kind === 'rule' ? object : { ...object, body: null })),
      });
      expect(bare.deleted.map(({ kind }) => kind).sort()).toEqual(['pin', 'rule']);
      expect(bare.objects.map(({ body }) => body)).toEqual([null, null, { y: 2 }]);
      expect((await store.load(['release', 'pin'])).objects).toEqual(bare.objects);
      expect((await store.changesSince({ revision: 0, commit: 'none' }, ['pin'])).objects[0]).toMatchObject({
        name: 'p',
        version: 2,
        body: null,
      });
    });

    test('the body of every version can be had, of none that was deleted or never was', async () => {
      for (const body of [{ x: 1 }, undefined, null, { x: 3 }]) await store.commit([edit('a', body)], note);
      const bodies = await Promise.all([0, 1, 2, 3, 4, 5].map((version) => store.bodyOf('rule', 'a', version)));
      expect(bodies).toEqual([undefined, { x: 1 }, undefined, null, { x: 3 }, undefined]);
      expect(await store.bodyOf('pin', 'a', 1)).toBeUndefined();
      expect(await store.bodyOf('rule', 'b', 1)).toBeUndefined();
    });

    test('beside a writer lead from each mark to the next, without a gap', async () => {
      const other = await place.open();
      const last = 30;
      const writing = (async () => {
        for (let i = 1; i <= last; i++) await store.commit([edit('a', i), edit(`${i}`, i)], note);
      })();
      const seen = new Map<string, unknown>();
      for (let mark = nothing; mark.revision < last; ) {
        const changes = await other.changesSince(mark);
        expect(changes.whole).toBe(false);
        for (const { name, body } of changes.objects) seen.set(name, body);
        mark = changes.mark;
        expect(seen.get('a')).toBe(mark.revision === 0 ? undefined : mark.revision);
        expect(seen.size).toBe(mark.revision === 0 ? 0 : mark.revision + 1);
      }
      await writing;
    });
  });
}
