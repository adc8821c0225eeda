import { mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shelved } from '../snapshot/manifest.ts';
import { ReleaseShelf } from '../snapshot/release-shelf.ts';
import { snapshotFolder } from '../snapshot/snapshot-folder.ts';
import type { Store } from '../store.ts';
import { connect } from '../stores/sqlite/connection.ts';
import { openSqliteStore } from '../stores/sqlite/open-sqlite-store.ts';
import { type Assembly, changesOf, openAssembly } from './assemble-snapshot.ts';
import {
  deleteRelease,
  eventually,
  type Fragile,
  followedSources,
  fragileSource,
  putRelease,
  releasesIn,
} from './followed-stores.fixture.ts';
import { putObjects } from './put-objects.fixture.ts';

let data: string;
let file: string;
let store: Store;
let shelf: ReleaseShelf;
let source: Fragile;

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'sluice-faults-'));
  file = join(data, 'sluice.db');
  store = await openSqliteStore(file);
  shelf = new ReleaseShelf({ folder: snapshotFolder(data).releases, memoryBytes: 1_000_000 });
  source = fragileSource(store, shelf);
});
afterEach(async () => {
  await store.close();
  rmSync(data, { recursive: true });
});
// After the store: what follows it is stopped before it is closed.
const follow = followedSources();

const rule = { priority: 1, share: { kind: 'percent', percent: 50 }, product: 'MyApp', salt: '0123456789abcdef' };

function putRule(percent: number): Promise<unknown> {
  const body = { ...rule, share: { kind: 'percent', percent } };
  return putObjects(store, [{ kind: 'rule', name: '1', body, at: '' }]);
}

/** Commits a rule as no Sluice would, by another way into the database. */
function commitBadRule(revision: number, version: number, body: object): void {
  const raw = connect(file);
  raw.exec('begin immediate');
  raw.prepare(`insert into commits values (?, ?, 'mallory', 'by hand')`).all([revision, revision]);
  raw
    .prepare(`insert into object_versions (kind, name, version, revision, body) values ('rule', '1', ?, ?, ?)`)
    .all([version, revision, JSON.stringify(body)]);
  raw.prepare(`update heads set version = ?, revision = ? where kind = 'rule'`).all([version, revision]);
  raw.exec('commit');
  raw.close();
}

const bad = { ...rule, updateType: 'minor', share: { kind: 'percent', percent: 250 } };

function percentServed(assembly: Assembly): unknown {
  return assembly.assembled()?.snapshot.configuration.rules.map(({ value }) => value.share);
}

/** An assembly that begins with what the store holds now, as it would be found on the disk. */
async function keptOnDisk(): Promise<Assembly> {
  const first = await follow(source);
  await snapshotFolder(data).save(first.assembly.manifest());
  await first.stop();
  const manifest = snapshotFolder(data).load();
  if (manifest === undefined) throw new Error('it was saved');
  const assembly = openAssembly(shelf);
  assembly.adopt(changesOf(manifest));
  return assembly;
}

describe('a commit that cannot be served', () => {
  test('never replaces the one before; object and field are named, and the next commit heals it', async () => {
    await putRule(10);
    let nowMs = 1;
    const followed = await follow(source, { nowMs: () => nowMs });
    await eventually(() => source.asked > 2);
    nowMs = 2;
    commitBadRule(2, 2, bad);
    await eventually(() => followed.fault() !== undefined);
    const detail = expect.stringContaining('rule 1, version 2.share.percent');
    expect(followed.fault()).toMatchObject({ code: 'invalid-object', detail });
    expect(followed.revision()).toBe(1);
    expect(percentServed(followed.assembly)).toEqual([{ kind: 'percent', percent: 10 }]);
    // It is no trouble with the database: that answers.
    expect(followed.trouble()).toBeUndefined();

    await putRule(30);
    await followed.reach(3);
    expect(followed.fault()).toBeUndefined();
    expect(percentServed(followed.assembly)).toEqual([{ kind: 'percent', percent: 30 }]);
    expect(followed.faults.map(({ code }) => code)).toEqual(['invalid-object']);
    expect(followed.changes.map(({ mark }) => mark.revision)).toEqual([1, 3]);
  });

  test('is fetched once and told once, however often it is seen, and makes nothing look up to date', async () => {
    await putRule(10);
    let nowMs = 1;
    const followed = await follow(source, { nowMs: () => nowMs });
    commitBadRule(2, 2, bad);
    await eventually(() => followed.fault() !== undefined);
    const upToDateAtMs = followed.upToDateAtMs();
    nowMs = 9;
    const { asked, fetched } = source;
    await eventually(() => source.asked > asked + 10);
    expect(source.fetched).toBe(fetched);
    expect(followed.faults).toHaveLength(1);
    expect(followed.upToDateAtMs()).toBe(upToDateAtMs);

    // Another bad one is another fault.
    commitBadRule(3, 3, { ...bad, priority: 'high' });
    await eventually(() => followed.faults.length === 2);
    expect(followed.fault()?.mistakes.map(({ at }) => at)).toEqual([
      'rule 1, version 3.priority',
      'rule 1, version 3.share.percent',
    ]);
  });

  test('is forgotten when the database goes back to what is served', async () => {
    await putRule(10);
    const followed = await follow(source);
    commitBadRule(2, 2, bad);
    await eventually(() => followed.fault() !== undefined);
    const raw = connect(file);
    raw.exec(`delete from heads; delete from object_versions where revision = 2; delete from commits where revision = 2;
      insert into heads (kind, name, version, revision) values ('rule', '1', 1, 1)`);
    raw.close();
    await eventually(() => followed.fault() === undefined);
    expect(followed.revision()).toBe(1);
  });

  test('is why a node with nothing on its disk does not begin', async () => {
    await putRule(10);
    commitBadRule(2, 2, bad);
    const detail = expect.stringContaining('share.percent');
    await expect(follow(source)).rejects.toMatchObject({ code: 'invalid-object', detail });
  });

  test('does not keep a node from beginning with what is on its disk', async () => {
    await putRule(10);
    const assembly = await keptOnDisk();
    commitBadRule(2, 2, bad);
    const followed = await follow(source, { assembly });
    expect(followed.fault()).toMatchObject({ code: 'invalid-object' });
    expect(followed.faults).toHaveLength(1);
    expect(followed.upToDateAtMs()).toBe(0);
    expect(percentServed(assembly)).toEqual([{ kind: 'percent', percent: 10 }]);
    await putRule(30);
    await followed.reach(3);
  });

  test('does not keep a lost file from coming back', async () => {
    await putRule(10);
    await putRelease(store, 'a');
    const followed = await follow(source);
    commitBadRule(3, 2, bad);
    await eventually(() => followed.fault() !== undefined);
    const release = followed.assembly.manifest().objects.find(({ kind }) => kind === 'release');
    if (release === undefined) throw new Error('there is a release');
    unlinkSync(join(data, 'snapshots', 'releases', `${shelved(release).sha256}.release`));
    followed.refetch();
    await eventually(() => shelf.has(shelved(release).sha256));
    const { asked, fetched } = source;
    await eventually(() => source.asked > asked + 5);
    expect(source.fetched).toBe(fetched);
    expect(followed.faults).toHaveLength(1);
  });

  test('may be one that only compiling finds out', async () => {
    await putRule(10);
    const followed = await follow(source);
    await followed.stop();
    // Whatever compiling may throw, a bug perhaps.
    const broken = {
      ...followed.assembly,
      adopt: () => {
        throw new TypeError('what is that');
      },
    };
    const again = await follow(source, { assembly: broken });
    await putRule(30);
    await eventually(() => again.fault() !== undefined);
    expect(again.fault()).toMatchObject({ code: 'invalid-object', detail: 'revision 2: TypeError: what is that' });
    expect(again.revision()).toBe(1);
  });
});

describe('a node that finds a snapshot on its disk', () => {
  test('serves it while the source is away, says so, and catches up', async () => {
    await putRule(10);
    await putRelease(store, 'a');
    const assembly = await keptOnDisk();
    source.trouble = new Error('away');
    const followed = await follow(source, { assembly });
    expect(followed.revision()).toBe(2);
    expect(releasesIn(assembly)).toEqual(['a']);
    expect(followed.trouble()).toBe(source.trouble);
    expect(followed.upToDateAtMs()).toBe(0);

    await putRelease(store, 'b');
    await deleteRelease(store, 'a');
    const { fetched } = source;
    source.trouble = undefined;
    await followed.reach(4);
    expect(releasesIn(assembly)).toEqual(['b']);
    expect(followed.upToDateAtMs()).toBeGreaterThan(0);
    // Only what changed since.
    expect(followed.changes.map(({ whole, objects }) => [whole, objects.length])).toEqual([[false, 1]]);
    expect(source.fetched).toBe(fetched + 1);
  });

  test('waits for a source that answers, and fetches nothing when that has nothing new', async () => {
    await putRule(10);
    const assembly = await keptOnDisk();
    await putRule(30);
    const { fetched } = source;
    const followed = await follow(source, { assembly });
    expect(followed.revision()).toBe(2);
    await followed.stop();
    expect(source.fetched).toBe(fetched + 1);
    const same = await follow(source, { assembly });
    expect(same.upToDateAtMs()).toBeGreaterThan(0);
    expect(source.fetched).toBe(fetched + 1);
  });

  test('does not wait for ever for one that says nothing', async () => {
    await putRule(10);
    const assembly = await keptOnDisk();
    let release = (): void => {};
    const silence = new Promise<void>((resolve) => {
      release = resolve;
    });
    const silent = { ...source, newest: () => silence.then(() => source.newest()) };
    const followed = await follow(silent, { assembly });
    expect(followed.revision()).toBe(1);
    expect([followed.upToDateAtMs(), followed.trouble()]).toEqual([0, undefined]);
    await putRule(30);
    release();
    await followed.reach(2);
  });
});

describe('fetching everything anew', () => {
  test('brings lost files back, at once and at most every ten seconds', async () => {
    await putRelease(store, 'a');
    await putRelease(store, 'b');
    let elapsedMs = 100_000;
    const followed = await follow(source, { everyMs: 3_600_000, elapsedMs: () => elapsedMs });
    const lose = (): string[] => {
      const releases = followed.assembly.manifest().objects.map((object) => shelved(object).sha256);
      for (const sha256 of releases) unlinkSync(join(data, 'snapshots', 'releases', `${sha256}.release`));
      return releases;
    };
    const lost = lose();
    followed.refetch();
    followed.refetch();
    await eventually(() => lost.every((sha256) => shelf.has(sha256)));
    await eventually(() => followed.changes.length === 2);
    expect(followed.changes[1]).toMatchObject({ whole: true, mark: { revision: 2 } });

    lose();
    elapsedMs += 9999;
    followed.refetch();
    await pause(50);
    expect(followed.changes).toHaveLength(2);
    elapsedMs += 1;
    followed.refetch();
    await eventually(() => lost.every((sha256) => shelf.has(sha256)));
  });

  test('is not forgotten when it is wished for while something is being fetched', async () => {
    await putRelease(store, 'a');
    let during: (() => void) | undefined;
    const interrupted = {
      ...source,
      changesSince: async (mark: Parameters<typeof source.changesSince>[0]) => {
        const changes = await source.changesSince(mark);
        during?.();
        during = undefined;
        return changes;
      },
    };
    const followed = await follow(interrupted);
    during = () => followed.refetch();
    await putRelease(store, 'b');
    await eventually(() => followed.changes.length === 3);
    expect(followed.changes.map(({ whole }) => whole)).toEqual([false, false, true]);
    expect(releasesIn(followed.assembly)).toEqual(['a', 'b']);
  });
});
