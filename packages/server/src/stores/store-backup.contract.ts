import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store, StoredCommit } from '../store.ts';
import { edit, note, type StorePlace, withFresh } from './store-place.contract.ts';

/** The part of the suite that is about leaving with all one has. `make` gives a fresh, empty place. */
export function describeBackup(name: string, make: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await make();
      store = await place.open();
    });
    afterEach(() => place.remove());

    /** Lends a second, empty store. */
    const withCopy = (work: (copy: Store) => Promise<void>) => withFresh(make, work);

    async function dumpOf(dumped: Store): Promise<readonly StoredCommit[]> {
      const commits: StoredCommit[] = [];
      for await (const commit of dumped.dump()) commits.push(commit);
      return commits;
    }

    test('a dump is every commit, oldest first, with all that it made', async () => {
      expect(await dumpOf(store)).toEqual([]);
      await store.commit([edit('b', { x: 1 }), edit('a\0\ud83d', 1), { kind: 'pin', name: 'p', body: null }], note);
      await store.commit([edit('b', undefined)], { atMs: 2, author: 'bob\0', reason: '' });
      expect(await dumpOf(store)).toEqual([
        {
          revision: 1,
          ...note,
          versions: [
            { kind: 'pin', name: 'p', version: 1, body: null },
            { kind: 'rule', name: 'a\0\ud83d', version: 1, body: 1 },
            { kind: 'rule', name: 'b', version: 1, body: { x: 1 } },
          ],
        },
        {
          revision: 2,
          atMs: 2,
          author: 'bob\0',
          reason: '',
          versions: [{ kind: 'rule', name: 'b', version: 2, body: undefined }],
        },
      ]);
    });

    test('a restored store is the same, and versions and revisions go on from there', async () => {
      for (let i = 1; i <= 50; i++) await store.commit([edit('a', i), edit(`${i}`, i)], { ...note, atMs: i });
      await store.commit([edit('7', undefined)], note);
      await withCopy(async (copy) => {
        expect(await copy.restore(store.dump())).toBe(51);
        expect(await dumpOf(copy)).toEqual(await dumpOf(store));
        expect(await copy.load()).toEqual(await store.load());
        // Whoever followed the one may go on with the other.
        expect(await copy.newest()).toEqual(await store.newest());
        expect(await copy.commit([edit('a', 'new', 50), edit('7', 'back', 0)], note)).toBe(52);
        expect((await copy.history('rule', '7')).map(({ version, revision }) => [version, revision])).toEqual([
          [3, 52],
          [2, 51],
          [1, 7],
        ]);
      });
    });

    test('a store that was ever written to takes no backup, and stays as it is', async () => {
      await store.commit([edit('a', 1)], note);
      await withCopy(async (copy) => {
        await copy.commit([edit('a', 2)], note);
        await copy.commit([edit('a', undefined)], note);
        const before = await dumpOf(copy);
        await expect(copy.restore(store.dump())).rejects.toMatchObject({ code: 'store-not-empty' });
        expect(await dumpOf(copy)).toEqual(before);
      });
    });

    test('a backup that breaks off leaves the store empty, and so does one with a gap', async () => {
      for (let i = 1; i <= 3; i++) await store.commit([edit('a', i)], note);
      const [first, , third] = await dumpOf(store);
      async function* broken() {
        yield* first === undefined ? [] : [first];
        throw new Error('the tape is torn');
      }
      async function* withGap() {
        yield* first === undefined || third === undefined ? [] : [first, third];
      }
      await withCopy(async (copy) => {
        await expect(copy.restore(broken())).rejects.toThrow('the tape is torn');
        await expect(copy.restore(withGap())).rejects.toThrow(RangeError);
        expect(await copy.load()).toEqual({ revision: 0, objects: [] });
        expect(await copy.restore(store.dump())).toBe(3);
      });
    });
  });
}
