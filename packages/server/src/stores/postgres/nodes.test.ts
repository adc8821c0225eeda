import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { openAssembly } from '../../app/assemble-snapshot.ts';
import { followSource } from '../../app/follow-source.ts';
import { storeSource } from '../../sources/store.ts';
import type { Mark, Store } from '../../store.ts';
import { openPostgresStore } from './open-postgres-store.ts';
import { describeWithPostgres } from './postgres-server.fixture.ts';

const note = { atMs: 1, author: 'ada', reason: '' };
const promptMs = 250;
const opened: Store[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});

async function open(address: string): Promise<Store> {
  const store = await openPostgresStore(address);
  opened.push(store);
  return store;
}

/** Counts hints, and waits for the next one. */
function listenTo(store: Store): { readonly next: () => Promise<number>; readonly stop: () => void } {
  let waiting: (() => void)[] = [];
  const stop = store.watch?.(() => {
    for (const resolve of waiting) resolve();
    waiting = [];
  });
  return {
    stop: () => stop?.(),
    /** How long the hint took, in milliseconds. */
    async next() {
      const startedMs = performance.now();
      const late = pause(10_000, undefined, { ref: false }).then(() => Promise.reject(new Error('No hint came.')));
      await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), late]);
      return performance.now() - startedMs;
    },
  };
}

describeWithPostgres('many nodes on one PostgreSQL server', (server) => {
  test('a node that asks again and again sees every revision, in order, while four others write', async () => {
    const address = await server().makeDatabase();
    const writers = await Promise.all(Array.from({ length: 4 }, () => open(address)));
    const reader = await open(address);
    const each = 40;
    const writing = Promise.all(
      writers.map(async (store, writer) => {
        for (let i = 0; i < each; i++) await store.commit([{ kind: 'rule', name: `${writer}-${i}`, body: i }], note);
      }),
    );
    const seen: number[] = [];
    let looks = 0;
    for (let mark: Mark = { revision: 0, commit: '' }; mark.revision < writers.length * each; looks++) {
      const changes = await reader.changesSince(mark);
      expect(changes.whole).toBe(false);
      seen.push(...changes.objects.map((object) => object.revision).sort((a, b) => a - b));
      mark = changes.mark;
    }
    await writing;
    expect(looks).toBeGreaterThan(20);
    expect(seen).toEqual(Array.from({ length: writers.length * each }, (_, i) => i + 1));
  });

  describe('a hint', () => {
    test(`reaches another node in less than ${promptMs} ms`, async () => {
      const address = await server().makeDatabase();
      const [one, other] = [await open(address), await open(address)];
      const hints = listenTo(other);
      await hints.next();
      for (let i = 1; i <= 5; i++) {
        const hint = hints.next();
        await one.commit([{ kind: 'rule', name: 'a', body: i }], note);
        expect(await hint).toBeLessThan(promptMs);
        expect(await other.revision()).toBe(i);
      }
    });

    test('comes for what was committed while nobody listened, when the connection is back', async () => {
      const address = await server().makeDatabase();
      const [one, other] = [await open(address), await open(address)];
      const hints = listenTo(other);
      await hints.next();
      for (let i = 1; i <= 3; i++) {
        const back = hints.next();
        await server().query(`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen %'`);
        await back;
        const hint = hints.next();
        await one.commit([{ kind: 'rule', name: 'a', body: i }], note);
        expect(await hint).toBeLessThan(promptMs);
      }
      const back = hints.next();
      await server().kill();
      await server().start();
      await back;
      const hint = hints.next();
      await one.commit([{ kind: 'rule', name: 'a', body: 'after the crash' }], note);
      expect(await hint).toBeLessThan(promptMs);
    });

    test('tells of a write that commits nothing too, and not of one that wrote nothing', async () => {
      const address = await server().makeDatabase();
      const [one, other] = [await open(address), await open(address)];
      const hints = listenTo(other);
      await hints.next();
      let heard = 0;
      const idle = hints.next().then(() => (heard += 1));
      await one.write((transaction) => transaction.get('rule', 'a'));
      // All nodes count all the time, and nobody waits for it.
      await one.write(async (transaction) => {
        await transaction.mergeCounts({ source: 'a', sequence: 1, throughMs: 1, counts: [] }, 1);
        await transaction.putReadings([{ signal: 's', asOfMs: 1, atMs: 1, by: 'system', note: '' }]);
      });
      await pause(100);
      expect(heard).toBe(0);
      await one.write((transaction) => transaction.append({ atMs: 1, actor: 'system', action: 'x', detail: null }));
      await idle;
      expect(await other.revision()).toBe(0);
    });

    test('comes to everyone who watches, until they stop, and to nobody once the store is closed', async () => {
      const address = await server().makeDatabase();
      const [one, other] = [await open(address), await open(address)];
      const [stopped, closed] = [listenTo(other), listenTo(other)];
      await Promise.all([stopped.next(), closed.next()]);
      let late = 0;
      void stopped.next().then(
        () => late++,
        () => {},
      );
      stopped.stop();
      const hint = closed.next();
      await one.commit([{ kind: 'rule', name: 'a', body: 1 }], note);
      await hint;
      await other.close();
      const listeners = `select from pg_stat_activity where query ilike 'listen %' and datname = '${address.split('/').at(-1)}'`;
      for (let i = 0; i < 100 && (await server().query(listeners)).length > 0; i++) await pause(20);
      expect(await server().query(listeners)).toEqual([]);
      expect(late).toBe(0);
    });

    test('makes a node serve a commit at once, however seldom it asks', async () => {
      const address = await server().makeDatabase();
      const [one, other] = [await open(address), await open(address)];
      const fail = (error: unknown): never => {
        throw error;
      };
      const noRelease = () => fail(new Error('there are no releases'));
      const assembly = openAssembly({ read: noRelease });
      const following = await followSource(
        storeSource(async () => other, { put: noRelease }),
        {
          assembly,
          everyMs: 60_000,
          nowMs: Date.now,
          spread: Math.random,
          onChanges: () => {},
          onTrouble: fail,
          onFault: fail,
        },
      );
      await listenTo(other).next();
      for (let revision = 1; revision <= 3; revision++) {
        await one.commit([{ kind: 'emergency-stop', name: 'MyApp', body: { product: `MyApp ${revision}` } }], note);
        const committedMs = performance.now();
        while (assembly.manifest().mark.revision < revision) await pause(2);
        expect(performance.now() - committedMs).toBeLessThan(promptMs);
      }
      await following.stop();
    });
  });
});
