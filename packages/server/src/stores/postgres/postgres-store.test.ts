import { inspect } from 'node:util';
import { Client } from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { emptyHead } from '../../audit-chain.ts';
import type { Store } from '../../store.ts';
import { describeStore } from '../store.contract.ts';
import { changeOf } from '../store-place.contract.ts';
import { clientSettings } from './client-settings.ts';
import { openPostgresStore, type PostgresOptions } from './open-postgres-store.ts';
import { describeWithPostgres } from './postgres-server.fixture.ts';

const note = { atMs: 1, author: 'ada', reason: '' };
const opened: Store[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});

async function open(address: string, options?: PostgresOptions): Promise<Store> {
  const store = await openPostgresStore(address, options);
  opened.push(store);
  return store;
}

/** Something that one part of a test waits for and another gives. */
function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

describeWithPostgres('a PostgreSQL server', (server) => {
  describeStore('the store in a schema of it', async () => {
    const address = await server().makeSchema();
    const handles: Store[] = [];
    return {
      async open() {
        const store = await openPostgresStore(address);
        handles.push(store);
        return store;
      },
      async run(statement) {
        await server().query(statement, address);
      },
      async remove() {
        await Promise.all(handles.map((store) => store.close()));
      },
    };
  });

  describe('opening', () => {
    test('many nodes may open an empty database at once', async () => {
      const address = await server().makeDatabase();
      const stores = await Promise.all(Array.from({ length: 8 }, () => open(address)));
      for (const store of stores) expect(await store.revision()).toBe(0);
      expect(await server().query('select name from sluice_migrations', address)).toHaveLength(3);
    });

    test('a database without our tables is refused where they must exist, and left as it is', async () => {
      const address = await server().makeDatabase();
      const refusal = { code: 'store-unavailable', detail: expect.stringContaining('holds nothing of Sluice') };
      await expect(openPostgresStore(address, { mustExist: true })).rejects.toMatchObject(refusal);
      expect(await server().query(`select from pg_tables where schemaname = 'public'`, address)).toEqual([]);
      await open(address);
      await open(address, { mustExist: true });
    });

    test('two stores live in two schemas of one database', async () => {
      const [one, other] = [await open(await server().makeSchema()), await open(await server().makeSchema())];
      await one.commit([{ kind: 'rule', name: 'a', body: 1 }], note);
      expect(await other.revision()).toBe(0);
    });

    /** Takes the last step of the schema back. */
    const undo = `drop table counts; drop table count_series; drop table count_sources; drop table readings;
      drop table notices; drop table claims; drop index changes_by_due; drop index changes_by_update;
      delete from sluice_migrations where name = '0003-signals-and-notices'`;

    test('a database from before there were signals is brought up to date, with all that it holds', async () => {
      const address = await server().makeSchema();
      const before = await open(address);
      await before.write((transaction) => transaction.putChange(changeOf(1)));
      await before.close();
      await server().query(undo, address);
      const store = await open(address);
      expect(await store.read((view) => view.changes({ dueByMs: 1, limit: 9 }))).toMatchObject([{ id: 1 }]);
      expect(await store.read((view) => view.countSources())).toEqual([]);
    });

    test('a database from before there were changes is brought up to date, with all that it holds', async () => {
      const address = await server().makeSchema();
      const before = await open(address);
      await before.commit([{ kind: 'rule', name: 'a', body: 1 }], note);
      const content = await before.load();
      await before.close();
      const older = `${undo}; drop table change_objects; drop table changes; drop table audit; drop table audit_head; drop table credentials;
        drop table replays; drop index object_versions_by_past; drop index commits_by_time;
        delete from commit_ids; alter table commit_ids drop column noted_at, alter column revision set not null;
        delete from sluice_migrations where name = '0002-changes'`;
      await server().query(older, address);
      const store = await open(address);
      expect(await store.load()).toEqual(content);
      expect(await store.read((view) => view.auditHead())).toEqual(emptyHead);
      expect(await store.commit([{ kind: 'rule', name: 'a', body: 2 }], note)).toBe(2);
    });

    test('a database from a newer Sluice is left alone', async () => {
      const address = await server().makeSchema();
      await open(address);
      await server().query(`insert into sluice_migrations values ('9999-later')`, address);
      const refusal = { code: 'store-unavailable', detail: expect.stringContaining('newer Sluice') };
      await expect(openPostgresStore(address)).rejects.toMatchObject(refusal);
    });

    test('a database that cannot keep every text is refused', async () => {
      const address = await server().makeDatabase(`encoding 'LATIN1' locale 'C' template template0`);
      const refusal = { code: 'store-unavailable', detail: expect.stringMatching(/keeps text as LATIN1: .* UTF8\.$/) };
      await expect(openPostgresStore(address)).rejects.toMatchObject(refusal);
    });

    test('a user who may not make tables is told so, and may use those that are there', async () => {
      const address = await server().makeDatabase();
      await server().query(`create role clerk login password 'clerk'`);
      const clerks = address.replace(/\/\/.*@/, '//clerk:clerk@');
      const refusal = { code: 'store-unavailable', detail: expect.stringContaining('permission denied') };
      await expect(openPostgresStore(clerks)).rejects.toMatchObject(refusal);
      await open(address);
      await server().query('grant select, insert, update, delete on all tables in schema public to clerk', address);
      const store = await open(clerks);
      expect(await store.commit([{ kind: 'rule', name: 'a', body: 1 }], note)).toBe(1);
      const series = { event: 'check', product: 'P', channel: 'c', version: '1', release: '', rule: 0 } as const;
      const batch = { source: 'a', sequence: 1, throughMs: 1, counts: [{ ...series, binMs: 0, count: 1 }] };
      expect(await store.write((transaction) => transaction.mergeCounts(batch, 1))).toBe(true);
    });

    test('the server knows who asks, and gives up what takes too long', async () => {
      const client = new Client(clientSettings(await server().makeSchema(), { patienceMs: 5000, silenceMs: 10_000 }));
      await client.connect();
      const settings = ['application_name', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
      const shown: unknown[] = [];
      for (const name of settings) shown.push((await client.query(`show ${name}`)).rows[0][name]);
      await client.end();
      expect(shown).toEqual(['sluice', '1min', '5s', '10s']);
    });
  });

  describe('an address that is of no use', () => {
    const complaints: readonly (readonly [string, (address: string) => string, RegExp])[] = [
      ['a wrong password', (it) => it.replace(/:[^:@]*@/, ':secret@'), /password authentication failed/],
      ['a database that does not exist', (it) => it.replace('/postgres', '/nowhere'), /does not exist/],
      ['no host', () => 'postgres:secret', /it looks like postgres:/],
      ['a bare / in the password', () => 'postgres://ada:12/secret@host/sluice', /%2F/],
      ['a bare # in the password', () => 'postgres://ada:12#secret@host/sluice', /%23/],
      ['a bare ? in the password', () => 'postgres://ada:12?secret@host/sluice', /%3F/],
      ['half an escape', () => 'postgres://ada:secret%ff@host/sluice', /not understood/],
      ['a host that cannot be', () => 'postgres://ada:secret@ho^st/sluice', /not understood: Invalid URL/],
    ];
    // What may yet change is tried for as long as patience lasts.
    const passing: typeof complaints = [
      [
        'a port where nobody listens',
        () => 'postgres://ada:secret@127.0.0.1:1/sluice',
        /^The PostgreSQL database sluice at 127\.0\.0\.1:1 cannot .*REFUSED/,
      ],
      ['a host that does not exist', () => 'postgres://ada:secret@no.invalid/sluice', /at no\.invalid:5432 cannot be/],
      ['no password', (it) => it.replace(/:[^:@]*@/, '@'), /password/],
    ];

    test.each([
      ...complaints.map((complaint) => [...complaint, 5000] as const),
      ...passing.map((complaint) => [...complaint, 300] as const),
    ])('%s is told in one sentence, without the password', async (_, spoil, sentence, patienceMs) => {
      const address = spoil(await server().makeSchema());
      const error: unknown = await openPostgresStore(address, { patienceMs }).then(
        () => 'no error',
        (thrown) => thrown,
      );
      expect(error).toMatchObject({ code: 'store-unavailable', detail: expect.stringMatching(sentence) });
      const everything = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true });
      for (const secret of [server().password, encodeURIComponent(server().password), ':secret']) {
        expect(everything).not.toContain(secret);
      }
    });
  });

  describe('trouble', () => {
    test('what the database holds damaged is named', async () => {
      const address = await server().makeSchema();
      const store = await open(address);
      await store.commit([{ kind: 'rule', name: 'a', body: 1 }], note);
      await server().query(`update object_versions set body = '{"x":'`, address);
      const damaged = { code: 'store-corrupt', detail: expect.stringContaining('the body of rule "a" is not JSON') };
      await expect(store.load()).rejects.toMatchObject(damaged);
      expect(await store.commit([{ kind: 'rule', name: 'a', body: 'mended' }], note)).toBe(2);
      await server().query('drop table heads', address);
      await expect(store.load()).rejects.toMatchObject({ code: 'store-corrupt' });
    });

    test('a name that fits in no index is refused, and nothing is written', async () => {
      const store = await open(await server().makeSchema());
      const name = Array.from({ length: 1000 }, (_, i) => String.fromCodePoint(0x4e00 + i * 17)).join('');
      const committing = store.commit([{ kind: 'rule', name, body: 1 }], note);
      await expect(committing).rejects.toMatchObject({ code: 'usage', detail: expect.stringContaining('so long') });
      expect(await store.revision()).toBe(0);
    });

    test('a commit that waits for another for too long is refused, and readers do not wait', async () => {
      const address = await server().makeSchema();
      const store = await open(address, { patienceMs: 500 });
      const other = await open(address);
      const [begun, held] = [signal(), signal()];
      async function* slow() {
        begun.give();
        yield { kind: 'commit' as const, commit: { revision: 1, ...note, versions: [] } };
        await held.given;
      }
      const restoring = other.restore(slow());
      await begun.given;
      const commits = Array.from({ length: 3 }, (_, i) =>
        store.commit([{ kind: 'rule', name: `${i}`, body: 1 }], note),
      );
      const refusals = Promise.allSettled(commits);
      for (let i = 0; i < 20; i++) expect(await store.revision()).toBe(0);
      for (const { status, ...rest } of await refusals) {
        expect({ status, ...rest }).toMatchObject({ status: 'rejected', reason: { code: 'store-busy' } });
      }
      held.give();
      expect(await restoring).toBe(1);
      expect(await store.commit([{ kind: 'rule', name: 'a', body: 1 }], note)).toBe(2);
    });

    test('connections that the server ends are made anew, whether they were in use or not', async () => {
      const address = await server().makeSchema();
      const store = await open(address);
      const endAll = () =>
        server().query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sluice'`);
      for (let i = 1; i <= 5; i++) {
        await Promise.all([store.load(), store.load(), endAll(), store.history('rule', 'a')]);
        const [revision] = await Promise.all([store.commit([{ kind: 'rule', name: 'a', body: i }], note), endAll()]);
        expect(revision).toBe(i);
        await endAll();
        expect(await store.revision()).toBe(i);
      }
      expect(await store.history('rule', 'a')).toHaveLength(5);
    });

    test('thousands of questions at once are all answered, a few at a time', async () => {
      const store = await open(await server().makeSchema(), { patienceMs: 1000 });
      // Connections are made before, for a busy machine may take longer for that than patience lasts.
      await Promise.all(Array.from({ length: 3 }, () => store.revision()));
      const answers = await Promise.all(Array.from({ length: 4000 }, () => store.get('rule', 'a')));
      expect(answers.every((answer) => answer === undefined)).toBe(true);
      const [row] = await server().query(
        `select count(*)::int < 5 as few from pg_stat_activity where application_name = 'sluice'`,
      );
      expect(row).toEqual({ few: true });
    });
  });
});
