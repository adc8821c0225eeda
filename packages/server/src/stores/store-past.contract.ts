import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../store.ts';
import { edit, note, type StorePlace } from './store-place.contract.ts';

/** The part of the suite that is about how things were. */
export function describePast(name: string, make: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await make();
      store = await place.open();
    });
    afterEach(() => place.remove());

    test('what lived at every revision is what was loaded then', async () => {
      const then = [await store.load()];
      for (let i = 1; i <= 30; i++) {
        const odd = i % 7 === 0 ? 'c\0' : '\ud83d';
        const gone = i % 5 === 0 ? [edit('d', undefined)] : i % 5 === 1 ? [edit('d', i)] : [];
        await store.commit([edit('a', i), edit(odd, i), { kind: 'pin', name: 'a', body: null }, ...gone], note);
        then.push(await store.load());
      }
      await store.read(async (view) => {
        for (const [revision, content] of then.entries()) expect(await view.loadAt(revision)).toEqual(content);
        expect(await view.loadAt(31)).toEqual(then[30]);
        expect(await view.loadAt(-1)).toEqual(then[0]);
        const bodiless = await view.loadAt(12, ['rule']);
        expect(bodiless.objects).toEqual(
          then[12]?.objects.map((object) => (object.kind === 'rule' ? { ...object, body: null } : object)),
        );
      });
    });

    test('the revision of a time is the newest that was committed by then, also when clocks went back', async () => {
      for (const [i, atMs] of [10, 20, 15, 30].entries()) await store.commit([edit('a', i)], { ...note, atMs });
      await store.read(async (view) => {
        const found: number[] = [];
        for (const atMs of [0, 9.9, 10, 14, 15, 19, 20, 29, 30, 1e15]) found.push(await view.revisionAt(atMs));
        expect(found).toEqual([0, 0, 1, 1, 3, 3, 3, 3, 4, 4]);
      });
    });

    test('commits are listed newest first, a page at a time', async () => {
      for (let i = 1; i <= 5; i++) await store.commit([edit('a', i)], { atMs: i, author: `${i}\0`, reason: '\ud83d' });
      const header = (revision: number) => ({
        revision,
        atMs: revision,
        author: `${revision}\0`,
        reason: '\ud83d',
      });
      await store.read(async (view) => {
        expect(await view.commits({ limit: 2 })).toEqual([header(5), header(4)]);
        expect(await view.commits({ limit: 2, before: 3 })).toEqual([header(2), header(1)]);
        expect(await view.commits({ limit: 2, before: 1 })).toEqual([]);
      });
    });

    test('what a commit made is read with it, deletions too', async () => {
      await store.commit([edit('b', 1), edit('a', 1)], note);
      await store.commit([edit('b', undefined), { kind: 'pin', name: 'c\0', body: null }], note);
      await store.read(async (view) => {
        expect(await view.versionsOf(2)).toEqual([
          { kind: 'pin', name: 'c\0', version: 1, body: null },
          { kind: 'rule', name: 'b', version: 2, body: undefined },
        ]);
        expect(await view.versionsOf(3)).toEqual([]);
      });
    });
  });
}
