import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../store.ts';
import { describeAudit } from './store-audit.contract.ts';
import { describeBackup } from './store-backup.contract.ts';
import { describeChanges } from './store-changes.contract.ts';
import { describeCounts } from './store-counts.contract.ts';
import { describeLedger } from './store-ledger.contract.ts';
import { expectLikeMap } from './store-model.contract.ts';
import { describeNotices } from './store-notices.contract.ts';
import { describePages } from './store-pages.contract.ts';
import { describePast } from './store-past.contract.ts';
import { edit, note, type StorePlace } from './store-place.contract.ts';
import { describeReadings } from './store-readings.contract.ts';
import { describeTransactions } from './store-transaction.contract.ts';

/** The suite that every store passes. `make` gives a fresh, empty place. */
export function describeStore(name: string, make: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await make();
      store = await place.open();
    });
    afterEach(() => place.remove());

    /** Everything a reader can see, to show that a refused commit left no trace. */
    async function everything(): Promise<unknown> {
      return { now: await store.load(), past: await store.history('rule', 'a') };
    }

    describe('reading', () => {
      test('a new store is at revision 0 and holds nothing', async () => {
        expect(await store.revision()).toBe(0);
        expect(await store.newest()).toEqual({ revision: 0, commit: '' });
        expect(await store.load()).toEqual({ revision: 0, objects: [] });
        expect(await store.get('rule', 'a')).toBeUndefined();
        expect(await store.history('rule', 'a')).toEqual([]);
      });

      test('a commit shows in every way of reading', async () => {
        expect(await store.commit([edit('a', { priority: 1 })], note)).toBe(1);
        const object = { kind: 'rule', name: 'a', version: 1, revision: 1, body: { priority: 1 } };
        expect(await store.revision()).toBe(1);
        expect(await store.get('rule', 'a')).toEqual(object);
        expect((await store.newest()).revision).toBe(1);
        expect(await store.load()).toEqual({ revision: 1, objects: [object] });
        expect((await store.changesSince({ revision: 0, commit: '' })).objects).toEqual([object]);
        expect(await store.bodyOf('rule', 'a', 1)).toEqual({ priority: 1 });
        expect(await store.history('rule', 'a')).toEqual([{ version: 1, revision: 1, body: { priority: 1 }, ...note }]);
      });

      test('the same name in another kind is another object', async () => {
        await store.commit([edit('a', 1), { kind: 'pin', name: 'a', body: 2 }], note);
        expect((await store.get('rule', 'a'))?.body).toBe(1);
        expect((await store.get('pin', 'a'))?.body).toBe(2);
        expect(await store.get('throttle', 'a')).toBeUndefined();
      });

      test('history is newest first, with who, when and why, and keeps deletions', async () => {
        const notes = [1, 2, 3].map((n) => ({ atMs: n * 1000, author: `author ${n}`, reason: `reason\0${n}` }));
        for (const [i, body] of ['one', undefined, 'three'].entries()) {
          await store.commit([edit('a', body)], notes[i] ?? note);
        }
        expect(await store.history('rule', 'a')).toEqual([
          { version: 3, revision: 3, body: 'three', ...notes[2] },
          { version: 2, revision: 2, body: undefined, ...notes[1] },
          { version: 1, revision: 1, body: 'one', ...notes[0] },
        ]);
      });
    });

    describe('committing', () => {
      test('versions count on over a deletion', async () => {
        for (const body of [1, undefined, 2]) await store.commit([edit('a', body)], note);
        expect((await store.get('rule', 'a'))?.version).toBe(3);
      });

      test('an edit against the current version is enacted', async () => {
        await store.commit([edit('a', 1, 0)], note);
        await store.commit([edit('a', 2, 1)], note);
        await store.commit([edit('a', undefined, 2)], note);
        expect(await store.commit([edit('a', 4, 0)], note)).toBe(4);
        expect((await store.get('rule', 'a'))?.version).toBe(4);
      });

      test('every late edit is named, and none is enacted', async () => {
        await store.commit([edit('a', 1), edit('gone', 1)], note);
        await store.commit([edit('a', 2), edit('gone', undefined)], note);
        const before = await everything();
        const late = [edit('a', 3, 1), edit('fine', 1, 0), edit('a2', 1, 7), edit('gone', 1, 2), edit('any', 1)];
        await expect(store.commit(late, note)).rejects.toMatchObject({
          code: 'version-conflict',
          mistakes: [{ at: 'edits[0]' }, { at: 'edits[2]' }, { at: 'edits[3]' }],
        });
        await expect(store.commit([edit('a', 2, 0)], note)).rejects.toMatchObject({ code: 'version-conflict' });
        await expect(store.commit([edit('x', undefined, 1)], note)).rejects.toMatchObject({ code: 'version-conflict' });
        expect(await everything()).toEqual(before);
        expect(await store.get('rule', 'fine')).toBeUndefined();
      });

      test('deleting nothing is refused, and the other edits with it', async () => {
        await store.commit([edit('a', 1)], note);
        const before = await everything();
        await expect(store.commit([edit('a', 2), edit('b', undefined)], note)).rejects.toMatchObject({
          code: 'object-not-found',
          mistakes: [{ at: 'edits[1]' }],
        });
        expect(await everything()).toEqual(before);
        await store.commit([edit('a', undefined)], note);
        await expect(store.commit([edit('a', undefined)], note)).rejects.toMatchObject({ code: 'object-not-found' });
        await expect(store.commit([edit('a', undefined, 0)], note)).rejects.toMatchObject({ code: 'object-not-found' });
      });

      test('editing one object twice in a commit is refused', async () => {
        const twice = store.commit([edit('a', 1), edit('b', 1), edit('a', 2)], note);
        await expect(twice).rejects.toMatchObject({ code: 'usage', mistakes: [{ at: 'edits[2]' }] });
        expect(await store.revision()).toBe(0);
      });

      test('an edit that changes nothing makes no version, and alone no revision', async () => {
        await store.commit([edit('a', 1), edit('b', 1)], note);
        expect(await store.commit([edit('a', 1)], note)).toBe(1);
        expect(await store.commit([], note)).toBe(1);
        expect(await store.revision()).toBe(1);
        expect(await store.commit([edit('a', 1), edit('b', 2)], note)).toBe(2);
        expect((await store.get('rule', 'a'))?.version).toBe(1);
        expect((await store.get('rule', 'b'))?.version).toBe(2);
      });

      test('bodies are equal by value, whatever the order of their keys', async () => {
        await store.commit([edit('a', { x: { one: 1, two: [1, { p: 1, q: 2 }] }, y: null })], note);
        expect(await store.commit([edit('a', { y: null, x: { two: [1, { q: 2, p: 1 }], one: 1 } })], note)).toBe(1);
        expect(await store.commit([edit('a', { y: null, x: { two: [{ q: 2, p: 1 }, 1], one: 1 } })], note)).toBe(2);
      });

      test('null and other scalars are bodies; only undefined deletes', async () => {
        for (const body of [null, false, 0, '', []]) {
          await store.commit([edit('a', body)], note);
          expect((await store.get('rule', 'a'))?.body).toEqual(body);
        }
      });

      test('what is not JSON is refused before anything is written', async () => {
        await expect(store.commit([edit('b', 1), edit('a', () => 1)], note)).rejects.toThrow(TypeError);
        expect(await store.revision()).toBe(0);
      });
    });

    describe('odd content', () => {
      const names = [
        '',
        'ünï ☃ 🎢',
        'e\u0301',
        '\u00e9',
        `it's "quoted" \\ back`,
        'a/b',
        'a',
        'A',
        'a\0b',
        'a\0c',
        '\0',
      ];
      names.push('x'.repeat(1000), '__proto__', 'constructor', '%', '\ud83d', '\n\r\t', "'; drop table heads; --");

      test('names of every shape are kept apart and come back as they were', async () => {
        await store.commit(
          names.map((name, i) => edit(name, i)),
          note,
        );
        const { objects } = await store.load();
        const mark = await store.newest();
        expect(new Map(objects.map(({ name, body }) => [name, body]))).toEqual(new Map(names.map((n, i) => [n, i])));
        await store.commit(
          names.map((name) => edit(name, undefined, 1)),
          note,
        );
        expect((await store.changesSince(mark)).deleted.map(({ name }) => name).sort()).toEqual([...names].sort());
        for (const [i, name] of names.entries()) {
          expect((await store.history('rule', name)).map(({ body }) => body)).toEqual([undefined, i]);
          expect(await store.bodyOf('rule', name, 1)).toBe(i);
        }
      });

      test('a body keeps what JSON can say, even a key called __proto__', async () => {
        const text = '{"__proto__":{"a":1},"10":1,"9":2,"n":1e-7,"u":"\\ud800\\u0000☃","deep":[[[{}]]]}';
        await store.commit([edit('a', JSON.parse(text))], note);
        const body = (await store.get('rule', 'a'))?.body;
        expect(JSON.stringify(body, Object.keys(body ?? {}).sort())).toBe(
          JSON.stringify(JSON.parse(text), Object.keys(JSON.parse(text)).sort()),
        );
        expect(Object.keys(body ?? {})).toContain('__proto__');
      });

      test('a body of five million characters is kept', async () => {
        const body = { text: 'ß☃x'.repeat(1_666_667) };
        await store.commit([edit('a', body)], note);
        expect(await store.commit([edit('a', body)], note)).toBe(1);
        expect((await (await place.open()).get('rule', 'a'))?.body).toEqual(body);
      });

      test('ten thousand objects go in at once and come out at once', async () => {
        const edits = Array.from({ length: 10_000 }, (_, i) => edit(`object ${i}`, { priority: i }, 0));
        expect(await store.commit(edits, note)).toBe(1);
        expect((await store.load()).objects).toHaveLength(10_000);
        const mark = await store.newest();
        expect(
          await store.commit(
            edits.slice(0, 3).map((e) => ({ ...e, body: 'new', expectedVersion: 1 })),
            note,
          ),
        ).toBe(2);
        expect((await store.changesSince(mark)).objects).toHaveLength(3);
      });
    });

    describe('two handles on one place', () => {
      test('each sees what the other commits', async () => {
        const other = await place.open();
        await store.commit([edit('a', 1)], note);
        expect(await other.revision()).toBe(1);
        expect((await other.get('rule', 'a'))?.body).toBe(1);
        const mark = await store.newest();
        expect(await other.newest()).toEqual(mark);
        await other.commit([edit('a', 2, 1)], note);
        expect((await store.changesSince(mark)).objects.map(({ body }) => body)).toEqual([2]);
      });

      test('commits at the same time are all kept, one after the other', async () => {
        const other = await place.open();
        const revisions = await Promise.all(
          Array.from({ length: 40 }, (_, i) =>
            (i % 2 === 0 ? store : other).commit([edit('a', i), edit(`${i}`, i)], note),
          ),
        );
        expect([...revisions].sort((a, b) => a - b)).toEqual(revisions.map((_, i) => i + 1));
        const history = await store.history('rule', 'a');
        expect(history.map(({ version }) => version)).toEqual(revisions.map((_, i) => 40 - i));
        for (const { body, revision } of history) expect(revisions[Number(body)]).toBe(revision);
        expect((await other.load()).objects).toHaveLength(41);
      });

      test('of two edits against the same version one is late', async () => {
        const other = await place.open();
        await store.commit([edit('a', 0)], note);
        const results = await Promise.allSettled([
          store.commit([edit('a', 1, 1)], note),
          other.commit([edit('a', 2, 1)], note),
        ]);
        expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect((await store.get('rule', 'a'))?.version).toBe(2);
      });

      test('a reader beside a writer sees whole commits at growing revisions', async () => {
        const other = await place.open();
        let writing = true;
        const writer = async () => {
          for (let i = 1; i <= 30; i++) await store.commit([edit('a', i), edit('b', i)], note);
          writing = false;
        };
        const reader = async () => {
          let last = 0;
          while (writing) {
            const { revision, objects } = await other.load();
            expect(revision).toBeGreaterThanOrEqual(last);
            expect(objects.map(({ body }) => body)).toEqual(revision === 0 ? [] : [revision, revision]);
            last = revision;
          }
        };
        await Promise.all([writer(), reader()]);
        expect(await other.revision()).toBe(30);
      });

      test('what one handle committed is there after all are closed', async () => {
        await store.commit([edit('a', 1)], note);
        await store.close();
        await store.close();
        expect((await (await place.open()).get('rule', 'a'))?.body).toBe(1);
      });
    });

    test('any sequence of edits leaves what a plain map would hold', () =>
      expectLikeMap(async (work) => {
        const fresh = await make();
        try {
          await work(await fresh.open());
        } finally {
          await fresh.remove();
        }
      }));
  });
  describeChanges(`the changes of ${name}`, make);
  describePast(`the past of ${name}`, make);
  describeLedger(`the ledger of ${name}`, make);
  describeAudit(`the audit log of ${name}`, make);
  describeTransactions(`the transactions of ${name}`, make);
  describePages(`the pages of ${name}`, make);
  describeBackup(`the backup of ${name}`, make);
  describeCounts(`the counts of ${name}`, make);
  describeReadings(`the readings of ${name}`, make);
  describeNotices(`the notices of ${name}`, make);
}
