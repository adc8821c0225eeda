import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Manifest, ShelvedRelease } from '../snapshot/manifest.ts';
import { shelved } from '../snapshot/manifest.ts';
import { ReleaseShelf } from '../snapshot/release-shelf.ts';
import { type SnapshotFolder, snapshotFolder } from '../snapshot/snapshot-folder.ts';
import type { StoredObject } from '../store.ts';
import { eventually } from './followed-stores.fixture.ts';
import { type Keeping, type KeepOptions, keepSnapshot } from './keep-snapshot.ts';

let data: string;
let folder: SnapshotFolder;
let shelf: ReleaseShelf;
let keeping: Keeping | undefined;
/** What is served. */
let current: Manifest;
let troubles: unknown[];
let written: (readonly StoredObject[])[];

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'sluice-keep-'));
  folder = snapshotFolder(data);
  shelf = new ReleaseShelf({ folder: folder.releases, memoryBytes: 1_000_000 });
  troubles = [];
  written = [];
  current = at(0);
});
afterEach(async () => {
  await keeping?.stop();
  keeping = undefined;
  rmSync(data, { recursive: true });
});

function at(revision: number, objects: readonly StoredObject[] = []): Manifest {
  return { mark: { revision, commit: `c${revision}` }, objects };
}

function release(name: string, body: ShelvedRelease, version = 1): StoredObject {
  return { kind: 'release', name, version, revision: version, body };
}

const body = (name: string) => ({ product: 'MyApp', blob: { schema_version: 4000, name, products: [] } }) as const;

function keep(more: Partial<KeepOptions> = {}): Keeping {
  keeping = keepSnapshot({
    folder,
    shelf,
    manifest: () => current,
    onWritten: (objects) => {
      written.push(objects);
      const names = new Map(objects.map((object) => [object.name, object]));
      current = at(
        current.mark.revision,
        current.objects.map((object) => names.get(object.name) ?? object),
      );
    },
    onTrouble: (error) => troubles.push(error),
    savedRevision: 0,
    nowMs: () => 0,
    retryMs: 5,
    settleMs: 0,
    ...more,
  });
  return keeping;
}

/** Has nothing to write and nothing to sweep. */
const idleShelf: KeepOptions['shelf'] = {
  putFile: () => Promise.reject(new Error('nothing waits to be written')),
  sweep: async () => 0,
};

/** A folder whose saves are done when the test says so. */
function slowFolder() {
  const saves: { readonly manifest: Manifest; readonly finish: (error?: unknown) => void }[] = [];
  const save = (manifest: Manifest): Promise<void> =>
    new Promise((resolve, reject) => {
      saves.push({ manifest, finish: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  return { saves, revisions: () => saves.map(({ manifest }) => manifest.mark.revision), folder: { save } };
}

describe('keeping the snapshot', () => {
  test('writes what is served to the disk, and says which revision is there', async () => {
    const kept = keep({ savedRevision: 7 });
    expect(kept.savedRevision()).toBe(7);
    current = at(8, [release('a', await shelf.put(body('a')))]);
    kept.renew();
    await eventually(() => kept.savedRevision() === 8);
    expect(snapshotFolder(data).load()).toEqual(current);
    expect([kept.trouble(), troubles, written]).toEqual([undefined, [], []]);
  });

  test('is done one at a time, and of those that wait only the newest is', async () => {
    const slow = slowFolder();
    const kept = keep({ folder: slow.folder });
    for (const revision of [1, 2, 3]) {
      current = at(revision);
      kept.renew();
    }
    await eventually(() => slow.saves.length === 1);
    for (const revision of [4, 5, 6]) {
      current = at(revision);
      kept.renew();
      await pause(2);
    }
    expect(slow.saves).toHaveLength(1);
    slow.saves[0]?.finish();
    await eventually(() => slow.saves.length === 2);
    expect(kept.savedRevision()).toBe(slow.revisions()[0]);
    slow.saves[1]?.finish();
    await eventually(() => kept.savedRevision() === 6);
    expect(slow.revisions().at(-1)).toBe(6);
    expect(slow.saves).toHaveLength(2);
  });

  test('never misses the newest, however close on the end of another save it comes', async () => {
    for (let gap = 0; gap < 30; gap += 1) {
      const slow = slowFolder();
      const kept = keep({ folder: slow.folder, shelf: idleShelf });
      current = at(1);
      kept.renew();
      await eventually(() => slow.saves.length === 1);
      slow.saves[0]?.finish();
      // So many turns of the queue later.
      for (let turn = 0; turn < gap; turn += 1) await undefined;
      current = at(2);
      kept.renew();
      await eventually(() => slow.saves.length === 2);
      slow.saves[1]?.finish();
      await eventually(() => kept.savedRevision() === 2);
      await kept.stop();
    }
  });

  test('goes on after trouble with the disk, which is told once', async () => {
    writeFileSync(join(data, 'snapshots'), 'a file in the place of the folder');
    const kept = keep();
    current = at(1);
    kept.renew();
    await eventually(() => kept.trouble() !== undefined);
    await pause(40);
    expect(kept.trouble()).toMatchObject({ code: 'unwritable-file' });
    expect(troubles).toHaveLength(1);
    expect(kept.savedRevision()).toBe(0);
    current = at(2);
    rmSync(join(data, 'snapshots'));
    await eventually(() => kept.savedRevision() === 2);
    await eventually(() => kept.trouble() === undefined);
    expect(snapshotFolder(data).load()).toEqual(current);
  });

  test('deletes release files that no manifest has named for an hour', async () => {
    const used = await shelf.put(body('used'));
    await shelf.put(body('old'));
    for (const file of readdirSync(folder.releases)) utimesSync(join(folder.releases, file), 1, 1);
    let nowMs = 5_000_000;
    const kept = keep({ nowMs: () => nowMs });
    const serve = async (revision: number): Promise<void> => {
      current = at(revision, [release('used', used)]);
      kept.renew();
      await eventually(() => kept.savedRevision() === revision);
      await kept.stop();
    };
    await serve(1);
    nowMs += 3_599_999;
    await serve(2);
    expect(readdirSync(folder.releases)).toHaveLength(2);
    nowMs += 1;
    await serve(3);
    expect(readdirSync(folder.releases)).toEqual([`${used.sha256}.release`]);
  });
});

describe('releases that had to stay in memory', () => {
  test('are written at last, need no memory any more, and stand in the manifest as files', async () => {
    mkdirSync(join(data, 'snapshots'));
    writeFileSync(folder.releases, 'a file in the place of the folder');
    const [a, b] = [await shelf.put(body('a')), await shelf.put(body('b'))];
    expect([a.content, b.content].every((content) => content !== undefined)).toBe(true);
    const kept = keep();
    current = at(1, [release('a', a), release('b', b)]);
    kept.renew();
    await eventually(() => kept.trouble() !== undefined);
    await pause(20);
    expect([kept.savedRevision(), written]).toEqual([0, []]);

    rmSync(folder.releases);
    await eventually(() => kept.savedRevision() === 1);
    expect(written.flat().map((object) => shelved(object))).toEqual([
      { product: 'MyApp', sha256: a.sha256 },
      { product: 'MyApp', sha256: b.sha256 },
    ]);
    expect(snapshotFolder(data).load()).toEqual(current);
    expect(shelf.read('a', shelved(current.objects[0] as StoredObject), { platforms: [], locale: '' }).blob).toEqual(
      body('a').blob,
    );
    await eventually(() => kept.trouble() === undefined);
  });

  test('do not come back when they were changed or deleted while they were written', async () => {
    writeFileSync(join(data, 'snapshots'), '');
    const [a, b, c] = [await shelf.put(body('a')), await shelf.put(body('b')), await shelf.put(body('c'))];
    rmSync(join(data, 'snapshots'));
    let finish = (): void => {};
    const writing = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let puts = 0;
    const slow: KeepOptions['shelf'] = {
      sweep: async () => 0,
      putFile: async (...file) => {
        puts += 1;
        await writing;
        return shelf.putFile(...file);
      },
    };
    const kept = keep({ shelf: slow });
    const staying = release('c', c);
    current = at(1, [release('a', a), release('b', b), staying]);
    kept.renew();
    await eventually(() => puts === 1);
    const next = await shelf.put(body('another a'));
    const changed = release('a', next, 2);
    current = at(2, [changed, staying]);
    finish();
    await eventually(() => kept.savedRevision() === 2);
    expect(written.flat().map(({ name }) => name)).toEqual(['c']);
    expect(current.objects[0]).toBe(changed);
    expect(current.objects).toHaveLength(2);
    expect(snapshotFolder(data).load()).toEqual(current);
  });
});

describe('stopping', () => {
  test('waits for the newest to be kept', async () => {
    const kept = keep();
    for (const revision of [1, 2]) {
      current = at(revision);
      kept.renew();
    }
    await kept.stop();
    expect(kept.savedRevision()).toBe(2);
    expect(snapshotFolder(data).load()).toEqual(at(2));
    await kept.stop();
  });

  test('does not wait for a disk in trouble to mend', async () => {
    writeFileSync(join(data, 'snapshots'), '');
    const kept = keep({ retryMs: 3_600_000 });
    current = at(1);
    kept.renew();
    await eventually(() => kept.trouble() !== undefined);
    await kept.stop();
    expect(kept.savedRevision()).toBe(0);
  });
});
