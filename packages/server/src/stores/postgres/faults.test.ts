import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../app/audit/verify-audit.ts';
import type { Store, StoreTransaction } from '../../store.ts';
import { keptLedger } from '../kept-ledger.fixture.ts';
import { changeOf } from '../store-place.contract.ts';
import { type CuttingProxy, openCuttingProxy } from './cutting-proxy.fixture.ts';
import { openPostgresStore, type PostgresOptions } from './open-postgres-store.ts';
import { describeWithPostgres } from './postgres-server.fixture.ts';

const note = { atMs: 1, author: 'ada', reason: '' };
const crashes = process.env['SLUICE_SOAK'] === '1' ? 30 : 4;
const opened: Store[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});

async function open(address: string, options?: PostgresOptions): Promise<Store> {
  const store = await openPostgresStore(address, options);
  opened.push(store);
  return store;
}

/** Everything that an enactment writes, in one transaction; answers the revision. */
async function enact(transaction: StoreTransaction, name: string): Promise<number> {
  const edits = (['rule', 'pin'] as const).map((kind) => ({ kind, name, body: 1, expectedVersion: 0 }));
  const { revision, versions, digest } = await transaction.commit(edits, note);
  const change = await transaction.nextChangeId();
  const made = versions.map(({ kind, name, version: madeVersion }) => {
    return { op: 'put' as const, kind, name, expectedVersion: 0, madeVersion };
  });
  const end = { by: note.author, atMs: 1, reason: '', revision };
  await transaction.putChange(changeOf(change, { state: 'enacted', proposer: note.author, edits: made, end }));
  const detail = { commit: { revision, digest } };
  await transaction.append({ atMs: 1, actor: note.author, action: 'change.enacted', change, detail });
  return revision;
}

const series = { event: 'check', product: 'P', channel: 'c', version: '1', release: '', rule: 0 } as const;

/** A query that says "commit", as it goes over the wire. */
function isCommit(said: string): boolean {
  return said.includes('Q\0\0\0\x0bcommit\0');
}

describeWithPostgres('a PostgreSQL server that fails', (server) => {
  test(`of commits during ${crashes} crashes none that was acknowledged is lost, and none that was refused is there`, async () => {
    const address = await server().makeDatabase();
    const stores = await Promise.all([1, 2].map(() => open(address, { patienceMs: 20_000 })));
    const fates = new Map<string, number | 'refused' | 'unknown'>();
    let crashing = true;
    const writer = async (store: Store, writer: number): Promise<void> => {
      for (let i = 0; crashing; i++) {
        const name = `${writer}-${i}`;
        const fate = await store
          .write((transaction) => enact(transaction, name))
          .catch((error) => (String(error).includes('is not known') ? ('unknown' as const) : ('refused' as const)));
        fates.set(name, fate);
      }
    };
    const writing = stores.map(writer);
    for (let crash = 0; crash < crashes; crash++) {
      await pause(150 + 50 * (crash % 5));
      await server().kill();
      await server().start();
    }
    await pause(100);
    crashing = false;
    await Promise.all(writing);

    const kept = new Map<string, number>();
    const after = await open(address);
    for await (const item of after.dump()) {
      if (item.kind !== 'commit') continue;
      const { revision, versions } = item.commit;
      expect(versions).toHaveLength(2);
      for (const { name, version } of versions) {
        expect(version).toBe(1);
        kept.set(name, revision);
      }
    }
    expect(kept.size).toBeGreaterThan(0);
    const { changes, entries } = await keptLedger(after, note.author);
    expect(changes.map(({ revision }) => revision)).toEqual([...kept.values()]);
    expect(entries).toEqual(changes);
    expect(await verifyAudit(after)).toMatchObject({ ok: true, entries: kept.size });
    for (const [name, fate] of fates) {
      if (fate === 'refused') expect(kept.has(name), name).toBe(false);
      if (typeof fate === 'number') expect(kept.get(name), name).toBe(fate);
    }
    expect([...kept.keys()].filter((name) => !fates.has(name))).toEqual([]);
    const acknowledged = [...fates.values()].filter((fate) => typeof fate === 'number');
    process.stdout.write(
      `${crashes} crashes under two writers: 0 of ${acknowledged.length} acknowledged commits lost, `,
    );
    process.stdout.write(`${fates.size - acknowledged.length} were not acknowledged\n`);
  });

  test('while it stands still calls fail within their time, and afterwards all is as before', async () => {
    const address = await server().makeDatabase();
    const store = await open(address, { patienceMs: 1000, silenceMs: 1500 });
    expect(await store.commit([{ kind: 'rule', name: 'a', body: 0 }], note)).toBe(1);
    server().pause();
    const startedMs = performance.now();
    const calls = [
      store.revision(),
      store.load(),
      store.history('rule', 'a'),
      openPostgresStore(address, { patienceMs: 1000 }),
    ];
    const results = await Promise.allSettled([...calls, store.commit([{ kind: 'rule', name: 'a', body: 1 }], note)]);
    const tookMs = performance.now() - startedMs;
    server().resume();
    for (const result of results) expect(result).toMatchObject({ reason: { code: 'store-unavailable' } });
    expect(tookMs).toBeLessThan(8000);
    for (let i = 2; i < 5; i++) await store.commit([{ kind: 'rule', name: 'a', body: i }], note);
    const bodies = (await store.history('rule', 'a')).map(({ body }) => body);
    expect(bodies.filter((body) => body !== 1)).toEqual([4, 3, 2, 0]);
  });

  test('a short standstill is waited out', async () => {
    const store = await open(await server().makeDatabase());
    server().pause();
    const calls = Promise.all([store.load(), store.commit([{ kind: 'rule', name: 'a', body: 1 }], note)]);
    await pause(1000);
    server().resume();
    expect((await calls)[1]).toBe(1);
  });

  test('it is found again after it was away for longer than anyone waits', async () => {
    const store = await open(await server().makeDatabase(), { patienceMs: 500 });
    await store.commit([{ kind: 'rule', name: 'a', body: 1 }], note);
    await server().kill();
    await expect(store.load()).rejects.toMatchObject({ code: 'store-unavailable' });
    const refused = {
      code: 'store-unavailable',
      detail: expect.stringContaining('cannot be used: connect ECONNREFUSED'),
    };
    await expect(store.commit([{ kind: 'rule', name: 'a', body: 2 }], note)).rejects.toMatchObject(refused);
    await server().start();
    expect(await store.commit([{ kind: 'rule', name: 'a', body: 3 }], note)).toBe(2);
  });

  describe('a connection that is lost during a commit', () => {
    let proxy: CuttingProxy | undefined;
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((store) => store.close()));
      await proxy?.close();
    });

    async function openThroughProxy(
      options?: PostgresOptions,
    ): Promise<{ proxy: CuttingProxy; store: Store; direct: Store }> {
      const address = await server().makeDatabase();
      proxy = await openCuttingProxy(server().port);
      return { proxy, direct: await open(address), store: await open(proxy.via(address), options) };
    }

    /** The first so many commits of the store meet this fate; the beginnings and ends of reading are left alone. */
    function spoilCommits(proxy: CuttingProxy, fate: 'cut before' | 'cut after', times: number): void {
      proxy.decide((said) => (isCommit(said) && times-- > 0 ? fate : 'pass'));
    }

    test.each(['cut before', 'cut after'] as const)(
      '(%s the server has heard of it) is made up for, once',
      async (fate) => {
        const { proxy, store, direct } = await openThroughProxy();
        await store.commit([{ kind: 'rule', name: 'a', body: 0 }], note);
        for (const times of [1, 3]) {
          spoilCommits(proxy, fate, times);
          const before = await direct.history('rule', 'a');
          const edit = { kind: 'rule' as const, name: 'a', body: times, expectedVersion: before.length };
          expect(await store.commit([edit], note)).toBe(before.length + 1);
          expect((await direct.history('rule', 'a')).slice(1)).toEqual(before);
        }
        expect(await direct.revision()).toBe(3);
      },
    );

    test('is told as what it is when nobody can say what became of it', async () => {
      const { proxy, store, direct } = await openThroughProxy({ patienceMs: 400, silenceMs: 500 });
      let heard = false;
      // Once the server has heard the commit there is no way to it any more.
      proxy.decide((said) => {
        if (heard) return 'cut before';
        heard = isCommit(said);
        return heard ? 'cut after' : 'pass';
      });
      const unknown = {
        code: 'store-unavailable',
        detail: expect.stringContaining('whether it was enacted is not known'),
      };
      await expect(store.commit([{ kind: 'rule', name: 'a', body: 1 }], note)).rejects.toMatchObject(unknown);
      expect(await direct.revision()).toBe(1);
      proxy.decide(() => 'pass');
      expect(await store.commit([{ kind: 'rule', name: 'a', body: 1 }], note)).toBe(1);
    });

    test.each(['cut before', 'cut after'] as const)(
      'does not do a transaction twice, and answers what the one came to that landed (%s)',
      async (fate) => {
        const { proxy, store, direct } = await openThroughProxy();
        for (const [i, times] of [1, 3].entries()) {
          spoilCommits(proxy, fate, times);
          let attempts = 0;
          const answer = await store.write(async (transaction) => {
            attempts += 1;
            return { attempts, revision: await enact(transaction, `${times}`) };
          });
          expect(answer).toEqual({ attempts, revision: i + 1 });
          // The commit that did land ends the attempts, though nobody heard of it.
          expect(attempts).toBe(fate === 'cut before' ? times + 1 : 1);
          // What writes to the audit log alone is looked for as well.
          spoilCommits(proxy, fate, 1);
          const entry = { atMs: 1, actor: 'eve', action: 'x', detail: null };
          expect(await store.write((transaction) => transaction.append(entry))).toMatchObject({ seq: 2 * i + 2 });
          // And so is what nobody is told of.
          spoilCommits(proxy, fate, 1);
          const batch = { source: 'a', sequence: i + 1, throughMs: 1, counts: [{ ...series, binMs: 0, count: 1 }] };
          expect(await store.write((transaction) => transaction.mergeCounts(batch, 1))).toBe(true);
        }
        const all = { events: ['check'], product: 'P', fromMs: 0, toMs: 1 } as const;
        expect(await direct.read((view) => view.countSum(all))).toBe(2);
        const { changes, entries } = await keptLedger(direct, note.author);
        expect(changes).toEqual([
          { change: 1, revision: 1 },
          { change: 2, revision: 2 },
        ]);
        expect(entries).toEqual(changes);
        expect(await verifyAudit(direct)).toMatchObject({ ok: true, entries: 4 });
      },
    );

    test('of a backup is looked into, and the backup never put in twice', async () => {
      const { proxy, store, direct } = await openThroughProxy();
      async function* backup() {
        for (const revision of [1, 2]) {
          const version = { kind: 'rule' as const, name: 'a', version: revision, body: revision };
          yield { kind: 'commit' as const, commit: { revision, ...note, versions: [version] } };
        }
      }
      spoilCommits(proxy, 'cut before', 1);
      const nothing = { code: 'store-unavailable', detail: expect.stringContaining('nothing was written') };
      await expect(store.restore(backup())).rejects.toMatchObject(nothing);
      expect(await direct.revision()).toBe(0);
      spoilCommits(proxy, 'cut after', 1);
      expect(await store.restore(backup())).toBe(2);
      expect(await direct.history('rule', 'a')).toHaveLength(2);
    });
  });
});
