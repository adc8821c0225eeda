import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyHead } from '../../audit-chain.ts';
import type { Store } from '../../store.ts';
import { describeStore } from '../store.contract.ts';
import { changeOf } from '../store-place.contract.ts';
import { type Connection, connect } from './connection.ts';
import { driverProblem } from './driver-problem.ts';
import { openSqliteStore, type SqliteOptions } from './open-sqlite-store.ts';

const note = { atMs: 1, author: 'ada', reason: '' };

let folder: string;
let file: string;
let opened: Store[];

function usePlace(): void {
  folder = mkdtempSync(join(tmpdir(), 'sluice-store-'));
  file = join(folder, 'data', 'sluice.db');
  opened = [];
}

async function open(path: string, options?: SqliteOptions): Promise<Store> {
  const store = await openSqliteStore(path, options);
  opened.push(store);
  return store;
}

async function leavePlace(): Promise<void> {
  for (const store of opened) await store.close();
  rmSync(folder, { recursive: true });
}

describeStore('the store in a SQLite file', async () => {
  const place = mkdtempSync(join(tmpdir(), 'sluice-contract-'));
  const handles: Store[] = [];
  return {
    async open() {
      const store = await openSqliteStore(join(place, 'sluice.db'));
      handles.push(store);
      return store;
    },
    async run(statement) {
      const connection = connect(join(place, 'sluice.db'));
      connection.exec(statement);
      connection.close();
    },
    async remove() {
      for (const store of handles) await store.close();
      rmSync(place, { recursive: true });
    },
  };
});

describe('the file', () => {
  beforeEach(usePlace);
  afterEach(leavePlace);

  test('it and its folder are for their owner only, and so are its companions', async () => {
    const store = await open(file);
    await store.commit([{ kind: 'rule', name: 'a', body: 1 }], note);
    const modes = ['.', 'sluice.db', 'sluice.db-wal', 'sluice.db-shm'].map(
      (name) => statSync(join(folder, 'data', name)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
  });

  test('a closed store lies whole in the one file', async () => {
    const store = await open(file);
    await store.commit([{ kind: 'rule', name: 'a', body: 'x'.repeat(100_000) }], note);
    await store.close();
    copyFileSync(file, join(folder, 'copy.db'));
    expect((await (await open(join(folder, 'copy.db'))).get('rule', 'a'))?.body).toHaveLength(100_000);
  });

  test('the log is folded into the file when it grows long', async () => {
    const store = await open(file);
    for (let i = 0; i < 30; i++) await store.commit([{ kind: 'rule', name: 'a', body: 'x'.repeat(1e6) + i }], note);
    expect(statSync(file).size).toBeGreaterThan(20e6);
    expect(statSync(`${file}-wal`).size).toBeLessThan(8e6);
  });

  test('a reader elsewhere keeps the log from being folded, and nothing is lost by it', async () => {
    const store = await open(file);
    await store.commit([{ kind: 'rule', name: 'a', body: 0 }], note);
    const reader = connect(file);
    reader.exec('begin; select * from heads');
    for (let i = 0; i < 8; i++) await store.commit([{ kind: 'rule', name: 'a', body: 'x'.repeat(1e6) + i }], note);
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(8e6);
    reader.close();
    await store.commit([{ kind: 'rule', name: 'a', body: 'last' }], note);
    await store.commit([{ kind: 'rule', name: 'a', body: 'very last' }], note);
    expect(statSync(`${file}-wal`).size).toBeLessThan(1e6);
    expect(await (await open(file)).history('rule', 'a')).toHaveLength(11);
  });

  test('many handles may be opened on an empty folder at once', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => open(file)));
    for (const store of stores) expect(await store.revision()).toBe(0);
  });

  test('many processes may meet at the same empty folder', async () => {
    const fixture = fileURLToPath(new URL('writer.fixture.mjs', import.meta.url));
    const exits = Array.from({ length: 4 }, (_, i) =>
      once(
        spawn(process.execPath, [fixture, file, `writer ${i}`, '5'], { stdio: ['ignore', 'ignore', 'inherit'] }),
        'exit',
      ),
    );
    expect(await Promise.all(exits)).toEqual(exits.map(() => [0, null]));
    const { revision, objects } = await (await open(file)).load();
    expect(revision).toBe(20);
    expect(objects.map(({ version }) => version)).toEqual(Array(12).fill(5));
  });
});

describe('a damaged file', () => {
  beforeEach(usePlace);
  afterEach(leavePlace);

  /** A sound database of a few hundred pages that nobody has open. */
  async function makeVictim(): Promise<string> {
    const store = await open(file);
    const body = { filler: 'x'.repeat(3000) };
    await store.commit(
      Array.from({ length: 300 }, (_, i) => ({ kind: 'rule' as const, name: `${i}`, body })),
      note,
    );
    await store.close();
    const victim = join(folder, 'victim.db');
    copyFileSync(file, victim);
    await (await open(victim)).close();
    return victim;
  }

  function overwrite(path: string, offset: number, length: number): void {
    const handle = openSync(path, 'r+');
    writeSync(handle, Buffer.alloc(length, 0xa5), 0, length, offset);
    closeSync(handle);
  }

  test.each<[string, (path: string) => void]>([
    ['whose header is overwritten', (path) => overwrite(path, 0, 100)],
    ['that has a broken page in the middle', (path) => overwrite(path, 4096 * 150, 4096)],
    ['that was cut short', (path) => truncateSync(path, 4096 * 100)],
    ['that is something else', (path) => writeFileSync(path, 'dear diary, '.repeat(1000))],
  ])('%s is refused when it is opened, with what to do', async (_, damage) => {
    const copy = join(folder, 'damaged.db');
    copyFileSync(await makeVictim(), copy);
    damage(copy);
    const opening = openSqliteStore(copy);
    await expect(opening).rejects.toMatchObject({ code: 'store-corrupt' });
    await expect(opening).rejects.toThrow(`${copy} is damaged (`);
    await expect(opening).rejects.toThrow('put a backup in its place.');
  });

  test('a body that is not JSON is refused with the name of its object', async () => {
    const store = await open(file);
    await store.commit([{ kind: 'rule', name: 'a', body: { x: 1 } }], note);
    const raw = connect(file);
    raw.exec(`update object_versions set body = '{"x":'`);
    raw.close();
    const damaged = { code: 'store-corrupt', detail: expect.stringContaining('the body of rule "a" is not JSON') };
    await expect(store.load()).rejects.toMatchObject(damaged);
    await expect(store.get('rule', 'a')).rejects.toMatchObject(damaged);
    await expect(store.history('rule', 'a')).rejects.toMatchObject(damaged);
    expect(await store.revision()).toBe(1);
    expect(await store.commit([{ kind: 'rule', name: 'a', body: 'mended' }], note)).toBe(2);
    expect((await store.get('rule', 'a'))?.body).toBe('mended');
  });

  /** Takes the last step of the schema back. */
  const undo = `drop table counts; drop table count_series; drop table count_sources; drop table readings;
    drop table notices; drop table claims; drop index changes_by_due; drop index changes_by_update;
    delete from kysely_migration where name = '0004-signals-and-notices'`;

  test('a file from before there were signals is brought up to date, with all that it holds', async () => {
    const before = await open(file);
    await before.write((transaction) => transaction.putChange(changeOf(1)));
    await before.close();
    const raw = connect(file);
    raw.exec(undo);
    raw.close();
    const store = await open(file);
    expect(await store.read((view) => view.changes({ dueByMs: 1, limit: 9 }))).toMatchObject([{ id: 1 }]);
    expect(await store.read((view) => view.countSources())).toEqual([]);
  });

  test('a file from before there were changes is brought up to date, with all that it holds', async () => {
    const before = await open(file);
    await before.commit([{ kind: 'rule', name: 'a', body: 1 }], note);
    const content = await before.load();
    await before.close();
    const raw = connect(file);
    raw.exec(`${undo};
      drop table change_objects; drop table changes; drop table audit; drop table audit_head;
      drop table credentials; drop table replays; drop index object_versions_by_past; drop index commits_by_time;
      delete from kysely_migration where name = '0003-changes'`);
    raw.close();
    const store = await open(file);
    expect(await store.load()).toEqual(content);
    expect(await store.read((view) => view.auditHead())).toEqual(emptyHead);
    expect(await store.commit([{ kind: 'rule', name: 'a', body: 2 }], note)).toBe(2);
  });

  test('a file from a newer Sluice is left alone', async () => {
    await (await open(file)).close();
    const raw = connect(file);
    raw.exec(`insert into kysely_migration values ('9999-later', '2030-01-01T00:00:00.000Z')`);
    raw.close();
    await expect(openSqliteStore(file)).rejects.toMatchObject({
      code: 'store-unavailable',
      detail: expect.stringContaining('newer Sluice'),
    });
  });
});

describe('a file that is out of reach', () => {
  beforeEach(usePlace);
  afterEach(leavePlace);

  /** Does `work` without the superuser's right to ignore file modes. */
  async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
    if (process.getuid?.() !== 0) return work();
    process.seteuid?.(65_534);
    try {
      return await work();
    } finally {
      process.seteuid?.(0);
    }
  }

  test('a folder that cannot be written to is a problem in one sentence', async () => {
    await (await open(file)).close();
    const shut = join(folder, 'shut');
    mkdirSync(shut);
    copyFileSync(file, join(shut, 'sluice.db'));
    chmodSync(folder, 0o755);
    chmodSync(join(shut, 'sluice.db'), 0o444);
    chmodSync(shut, 0o555);
    for (const path of ['sluice.db', 'new.db', 'deeper/sluice.db'].map((name) => join(shut, name))) {
      const detail = expect.stringContaining(path);
      await asOrdinaryUser(() =>
        expect(openSqliteStore(path)).rejects.toMatchObject({ code: 'store-unavailable', detail }),
      );
    }
    chmodSync(shut, 0o755);
  });

  test('a folder in the place of the file, and a file in the place of the folder, are problems', async () => {
    await expect(openSqliteStore(folder)).rejects.toMatchObject({ code: 'store-unavailable' });
    writeFileSync(join(folder, 'file'), '');
    await expect(openSqliteStore(join(folder, 'file', 'sluice.db'))).rejects.toMatchObject({
      code: 'store-unavailable',
    });
  });

  test.each([
    [3, 'store-unavailable'],
    [5, 'store-busy'],
    [517, 'store-busy'],
    [8, 'store-unavailable'],
    [1032, 'store-unavailable'],
    [778, 'store-unavailable'],
    [11, 'store-corrupt'],
    [13, 'store-unavailable'],
    [14, 'store-unavailable'],
    [26, 'store-corrupt'],
  ])('result code %i of SQLite is the problem %s', (rawCode, code) => {
    expect(driverProblem('x.db', Object.assign(new Error('from SQLite'), { rawCode }))).toMatchObject({ code });
  });

  test('any other error is a bug and stays what it is', () => {
    for (const bug of [new TypeError('x'), Object.assign(new Error('a constraint'), { rawCode: 1555 }), 'a string']) {
      expect(driverProblem('x.db', bug)).toBe(bug);
    }
  });
});

describe('a file that another process is writing to', () => {
  beforeEach(usePlace);
  afterEach(leavePlace);

  test('a commit waits for the lock without holding the thread, and others read meanwhile', async () => {
    const store = await open(file);
    const other = connect(file);
    other.exec('begin immediate');
    const committing = store.commit([{ kind: 'rule', name: 'a', body: 1 }], note);
    await pause(60);
    expect(await store.revision()).toBe(0);
    expect((await store.load()).objects).toEqual([]);
    other.exec('rollback');
    expect(await committing).toBe(1);
    other.close();
  });

  test('a commit that waited too long is refused, changes nothing, and may be tried again', async () => {
    const store = await open(file, { patienceMs: 20 });
    const other = connect(file);
    other.exec('begin immediate');
    await expect(store.commit([{ kind: 'rule', name: 'a', body: 1 }], note)).rejects.toMatchObject({
      code: 'store-busy',
      detail: expect.stringContaining(file),
    });
    const second = await open(file, { patienceMs: 20 });
    expect(await second.revision()).toBe(0);
    other.exec('rollback');
    expect(await store.commit([{ kind: 'rule', name: 'a', body: 1 }], note)).toBe(1);
    expect(await second.commit([{ kind: 'rule', name: 'a', body: 2 }], note)).toBe(2);
    other.close();
  });

  test('an urgent write waits for longer than others do', async () => {
    const store = await open(file, { patienceMs: 20 });
    const other = connect(file);
    other.exec('begin immediate');
    const write = (options: { readonly urgent?: boolean }) =>
      store.write((transaction) => transaction.commit([{ kind: 'rule', name: 'a', body: 1 }], note), options);
    const urgent = write({ urgent: true });
    await expect(write({})).rejects.toMatchObject({ code: 'store-busy' });
    other.exec('rollback');
    expect(await urgent).toMatchObject({ revision: 1 });
    other.close();
  });

  test('opening waits too, and says so when it was too long', async () => {
    const other = await lockOut();
    const opening = open(file);
    await expect(openSqliteStore(file, { patienceMs: 20 })).rejects.toMatchObject({ code: 'store-busy' });
    other.close();
    expect(await (await opening).revision()).toBe(1);
  });

  /** A connection that keeps even readers out, as one does for a moment that recovers the log after a crash. */
  async function lockOut(): Promise<Connection> {
    const first = await open(join(folder, 'first.db'));
    await first.commit([{ kind: 'rule', name: 'a', body: 1 }], note);
    await first.close();
    file = join(folder, 'copy.db');
    copyFileSync(join(folder, 'first.db'), file);
    const connection = connect(file);
    connection.exec('pragma locking_mode = exclusive; begin immediate; update commits set reason = reason; commit');
    return connection;
  }
});
