import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { removeAuditBefore } from '../app/audit/keep-audit.ts';
import { verifyAudit } from '../app/audit/verify-audit.ts';
import { checkBackup, readBackup } from '../app/read-backup.ts';
import { writeBackup } from '../app/write-backup.ts';
import { emptyHead } from '../audit-chain.ts';
import type { BinCount } from '../count.ts';
import type { Credential } from '../credential.ts';
import type { Store } from '../store.ts';
import type { StoredCommit } from '../stored-commit.ts';
import type { StoredItem } from '../stored-item.ts';
import { changeOf, edit, note, type StorePlace, withFresh } from './store-place.contract.ts';

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

    async function dumpOf(dumped: Store): Promise<readonly StoredItem[]> {
      const items: StoredItem[] = [];
      for await (const item of dumped.dump()) items.push(item);
      return items;
    }

    async function commitsOf(dumped: Store): Promise<readonly StoredCommit[]> {
      return (await dumpOf(dumped)).flatMap((item) => (item.kind === 'commit' ? [item.commit] : []));
    }

    const token = (id: string): Credential => ({
      kind: 'token',
      id,
      digest: id.padEnd(64, '0'),
      owner: 'user:ada\0',
      name: '\ud83d',
      createdAtMs: 1,
      expiresAtMs: 100,
    });

    /** A little of everything, and more of it than goes on a page. */
    async function inhabit(): Promise<void> {
      await store.write(async (transaction) => {
        await transaction.commit([edit('a', 1)], note);
        await transaction.commit([edit('a', 2)], note);
        for (let id = 1; id <= 45; id++) {
          await transaction.putChange(
            id === 2
              ? changeOf(id, {
                  state: 'enacted',
                  edits: [{ op: 'put', kind: 'rule', name: 'a', expectedVersion: 0, madeVersion: 1 }],
                  end: { by: 'user:ada', atMs: 1, reason: '', revision: 1 },
                })
              : changeOf(id),
          );
        }
        for (let i = 1; i <= 450; i++) {
          await transaction.append({ atMs: i, actor: 'user:ada\0', action: 'x', detail: { text: '\ud83d' } });
          if (i < 5) await transaction.putCredential(token(`token ${i}`));
        }
      });
      await removeAuditBefore(store, { keepMs: 1, nowMs: 100, actor: 'system' });
    }

    /** Counts, readings and notices: more of each than goes on a page. */
    async function observe(): Promise<void> {
      await store.write(async (transaction) => {
        await transaction.putReadings(
          Array.from({ length: 1010 }, (_, i) => {
            return {
              signal: `s\0 ${i % 3}`,
              asOfMs: i,
              atMs: i,
              by: 'system',
              note: '\ud83d',
              ...(i > 0 && { value: i / 7 }),
            };
          }),
        );
        const series = { event: 'check', product: 'P', channel: '\ud83d', release: '', rule: 0 } as const;
        const counts = Array.from({ length: 1010 }, (_, i) => ({
          ...series,
          version: `${i % 7}`,
          binMs: i,
          count: i + 1,
        }));
        await transaction.mergeCounts({ source: 'a', sequence: 3, throughMs: 2000, counts, last: true }, 5);
        for (let i = 1; i <= 210; i++) {
          const times = { createdAtMs: i, sendAtMs: i, nextAtMs: i };
          const about = { event: 'armed', notifier: 'mail\0', change: 1, state: 'waiting', attempts: 0 } as const;
          await transaction.putNotice({ id: `notice ${i}`, ...about, ...times });
        }
      });
    }

    test('a dump is every commit, oldest first, with all that it made', async () => {
      expect(await dumpOf(store)).toEqual([{ kind: 'audit-head', head: emptyHead }]);
      await store.commit([edit('b', { x: 1 }), edit('a\0\ud83d', 1), { kind: 'pin', name: 'p', body: null }], note);
      await store.commit([edit('b', undefined)], { atMs: 2, author: 'bob\0', reason: '' });
      expect(await commitsOf(store)).toEqual([
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

    test('all else comes along, and the chain of the audit log is sound', async () => {
      await inhabit();
      await observe();
      const items = await dumpOf(store);
      const count = (kind: StoredItem['kind']) => items.filter((item) => item.kind === kind).length;
      expect((['commit', 'change', 'credential', 'audit-entry', 'audit-head'] as const).map(count)).toEqual([
        2, 45, 4, 353, 1,
      ]);
      expect((['reading', 'notice', 'count', 'count-source'] as const).map(count)).toEqual([1010, 210, 1010, 1]);
      await withCopy(async (copy) => {
        expect(await copy.restore(store.dump())).toBe(2);
        expect(await dumpOf(copy)).toEqual(items);
        expect(await verifyAudit(copy)).toEqual(await verifyAudit(store));
        expect(await verifyAudit(copy)).toMatchObject({ ok: true, entries: 353 });
        const [next, made, open] = await copy.write(async (transaction) => [
          await transaction.nextChangeId(),
          await transaction.changeAt(1),
          await transaction.openChangesOn([{ kind: 'rule', name: 'a' }]),
        ]);
        expect(next).toBe(46);
        expect(made).toMatchObject({ id: 2, state: 'enacted' });
        expect(open).toHaveLength(44);
        expect(await copy.read((view) => view.credential(token('token 2').digest))).toEqual(token('token 2'));
        // Who counts goes on where it was, and nothing is merged once more.
        const merge = (sequence: number, counts: readonly BinCount[]) =>
          copy.write((transaction) => transaction.mergeCounts({ source: 'a', sequence, throughMs: 1, counts }, 5));
        const first = items.flatMap((item) => (item.kind === 'count' ? [item.count] : [])).slice(0, 1);
        expect([await merge(3, first), await merge(4, first)]).toEqual([false, true]);
        const all = { events: ['check'], product: 'P', fromMs: 0, toMs: 9999 } as const;
        expect(await copy.read((view) => view.countSum(all))).toBe((1010 * 1011) / 2 + (first[0]?.count ?? 0));
      });
    });

    test('a file between the two changes nothing, and those of older formats are still taken', async () => {
      await inhabit();
      await observe();
      const lines: string[] = [];
      for await (const line of writeBackup(store.dump(), 1)) lines.push(line.trimEnd());
      const source = (given: readonly string[]) => ({
        name: 'the file',
        lines: async function* () {
          yield* given;
        },
      });
      expect(await checkBackup(source(lines))).toMatchObject({
        revision: 2,
        changes: 45,
        entries: 353,
        credentials: 4,
        readings: 1010,
        notices: 210,
        counts: 1010,
      });
      await withCopy(async (copy) => {
        await copy.restore(readBackup(source(lines)));
        expect(await dumpOf(copy)).toEqual(await dumpOf(store));
      });
      const older = lines.filter((line) => !/^[{]"(?:reading|notice|count|countSource)":/.test(line)).slice(1);
      const second = [`{"format":"sluice-backup/2","atMs":1}`, ...older];
      await withCopy(async (copy) => {
        expect(await copy.restore(readBackup(source(second)))).toBe(2);
        expect(await dumpOf(copy)).toEqual((await dumpOf(store)).slice(0, 405));
      });
      const first = [`{"format":"sluice-backup/1","atMs":1}`, ...lines.slice(1, 5), `{"end":{"revision":2}}`];
      await withCopy(async (copy) => {
        expect(await copy.restore(readBackup(source(first)))).toBe(2);
        expect(await commitsOf(copy)).toEqual(await commitsOf(store));
        expect(await verifyAudit(copy)).toMatchObject({ ok: true, entries: 0 });
      });
    });

    test('a dump is of one moment, and nobody waits for who reads it', async () => {
      await inhabit();
      const before = await dumpOf(store);
      const slowly: StoredItem[] = [];
      for await (const item of store.dump()) {
        slowly.push(item);
        if (slowly.length % 50 !== 1) continue;
        await store.write(async (transaction) => {
          await transaction.commit([edit('a', slowly.length * 10)], note);
          await transaction.putChange(changeOf(45, { version: slowly.length + 1 }));
          await transaction.append({ atMs: 1, actor: 'system', action: 'x', detail: null });
        });
      }
      expect(slowly).toEqual(before);
    });

    test('a dump that is left early leaves the store as it was', async () => {
      await inhabit();
      for (let i = 0; i < 10; i++) {
        for await (const item of store.dump()) {
          expect(item.kind).toBe('commit');
          break;
        }
      }
      expect(await store.commit([edit('a', 'new')], note)).toBe(3);
    });

    test('a store that holds no more than an entry of the audit log takes no backup', async () => {
      await inhabit();
      await withCopy(async (copy) => {
        await copy.write((transaction) => transaction.append({ atMs: 1, actor: 'system', action: 'x', detail: 1 }));
        await expect(copy.restore(store.dump())).rejects.toMatchObject({ code: 'store-not-empty' });
        expect(await verifyAudit(copy)).toMatchObject({ ok: true, entries: 1 });
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
