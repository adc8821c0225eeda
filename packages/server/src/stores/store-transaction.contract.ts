import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Credential } from '../credential.ts';
import type { Store, StoreTransaction } from '../store.ts';
import { changeOf, edit, note, type StorePlace } from './store-place.contract.ts';

/** The part of the suite that is about doing several things as one. */
export function describeTransactions(name: string, make: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await make();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const entry = (action: string) => ({ atMs: 5, actor: 'user:ada', action, detail: { b: 1, a: [null] } });
    const token: Credential = {
      kind: 'token',
      id: 'one',
      digest: 'd'.repeat(64),
      owner: 'user:ada',
      name: 'for tests',
      createdAtMs: 1,
      expiresAtMs: 100,
    };

    async function writeAll(transaction: StoreTransaction): Promise<number> {
      const { revision, versions } = await transaction.commit([edit('a', 1)], note);
      expect(versions).toEqual([{ kind: 'rule', name: 'a', version: 1, body: 1 }]);
      const id = await transaction.nextChangeId();
      await transaction.putChange(changeOf(id));
      await transaction.append(entry('change.proposed'));
      await transaction.putCredential(token);
      await transaction.putReplay({ principal: 'p', key: 'k', request: 'r', atMs: 1, status: 200, body: '\0' });
      return revision;
    }

    function everything(): Promise<unknown> {
      return store.read(async (view) => [
        await view.load(),
        await view.changes({ limit: 10 }),
        await view.audit({ limit: 10 }),
        await view.auditHead(),
        await view.credentials({ limit: 10 }),
        await view.replay('p', 'k'),
      ]);
    }

    test('what a transaction wrote is there for all afterwards, and for itself at once', async () => {
      const [during, result] = await store.write(async (transaction) => {
        const revision = await writeAll(transaction);
        return [
          [
            await transaction.load(),
            await transaction.changes({ limit: 10 }),
            await transaction.audit({ limit: 10 }),
            await transaction.auditHead(),
            await transaction.credentials({ limit: 10 }),
            await transaction.replay('p', 'k'),
          ],
          revision,
        ] as const;
      });
      expect(result).toBe(1);
      expect(await everything()).toEqual(during);
      expect(await (await place.open()).read((view) => view.change(1))).toEqual(changeOf(1));
    });

    test('when it throws, nothing of it is there', async () => {
      const before = await everything();
      const failing = store.write(async (transaction) => {
        await writeAll(transaction);
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await everything()).toEqual(before);
      const late = store.write(async (transaction) => {
        await writeAll(transaction);
        await transaction.commit([edit('a', 2, 7)], note);
      });
      await expect(late).rejects.toMatchObject({ code: 'version-conflict' });
      expect(await everything()).toEqual(before);
    });

    test('a refusal that the work deals with costs the rest nothing', async () => {
      await store.write(async (transaction) => {
        await expect(transaction.commit([edit('a', 1, 7)], note)).rejects.toMatchObject({ code: 'version-conflict' });
        await writeAll(transaction);
      });
      expect(await store.revision()).toBe(1);
    });

    test('a statement that failed fails the whole, even if the work goes on', async () => {
      await store.write(writeAll);
      const before = await everything();
      const going = store.write(async (transaction) => {
        await transaction.append(entry('x'));
        await transaction.putCredential({ ...token, id: 'two' }).catch(() => {});
        return 'done';
      });
      await expect(going).rejects.toThrow();
      expect(await everything()).toEqual(before);
    });

    test('transactions of several handles run one after the other', async () => {
      const other = await place.open();
      const add = (transaction: StoreTransaction) => transaction.append(entry('count'));
      const made = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          (i % 2 === 0 ? store : other).write(async (transaction) => {
            const id = await transaction.nextChangeId();
            await transaction.putChange(changeOf(id));
            await Promise.all([add(transaction), add(transaction)]);
            return id;
          }),
        ),
      );
      expect([...made].sort((a, b) => a - b)).toEqual(made.map((_, i) => i + 1));
      const entries = await store.read((view) => view.audit({ after: 0, limit: 100 }));
      expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
      for (const [i, { previous }] of entries.slice(1).entries()) expect(previous).toBe(entries[i]?.hash);
    });

    test('an urgent one goes before all that wait', async () => {
      const order: string[] = [];
      const writing = (name: string, urgent = false) =>
        store.write(
          async (transaction) => {
            await transaction.append(entry('count'));
            order.push(name);
          },
          { urgent },
        );
      const reading = store.read(async () => order.push('read'));
      const all = [writing('first'), writing('second'), writing('third'), writing('stop', true)];
      await Promise.all([...all, reading]);
      expect(order.filter((one) => one !== 'read').indexOf('stop')).toBeLessThanOrEqual(1);
      expect(order).toHaveLength(5);
    });

    test('the store itself cannot be used inside a transaction, nor the transaction after it', async () => {
      let kept: StoreTransaction | undefined;
      const inside = store.write(async (transaction) => {
        kept = transaction;
        await store.revision();
      });
      await expect(inside).rejects.toThrow('through the transaction alone');
      await expect(store.write(() => store.write(async () => 1))).rejects.toThrow('through the transaction alone');
      await expect(store.read(() => store.load())).rejects.toThrow('through the transaction alone');
      await expect(kept?.append(entry('late'))).rejects.toThrow('after the end');
      expect(await store.revision()).toBe(0);
    });

    test('a reader sees one moment throughout', async () => {
      const other = await place.open();
      await store.write(writeAll);
      const [first, second] = await store.read(async (view) => {
        const heads = [await view.auditHead()];
        await other.write((transaction) => transaction.append(entry('meanwhile')));
        heads.push(await view.auditHead());
        return heads;
      });
      expect(second).toEqual(first);
      expect(await store.read(async (view) => (await view.auditHead()).seq)).toBe(2);
    });
  });
}
