import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from './manifest.ts';
import { writeManifest } from './manifest-file.ts';
import { snapshotFolder } from './snapshot-folder.ts';
import { temporaryFolders } from './temporary-folder.fixture.ts';

const makeFolder = temporaryFolders();

function manifest(revision: number): Manifest {
  const object = { kind: 'rule', name: '1', version: revision, revision, body: { priority: 1 } } as const;
  return { mark: { revision, commit: `commit ${revision}` }, objects: [object] };
}

test('the last manifest that was saved is loaded, by whoever comes next', async () => {
  const data = join(makeFolder(), 'data');
  const folder = snapshotFolder(data);
  expect(folder.load()).toBeUndefined();
  expect(folder.releases).toBe(join(data, 'snapshots', 'releases'));
  for (const revision of [1, 2]) {
    await folder.save(manifest(revision));
    expect(folder.load()).toEqual(manifest(revision));
  }
  expect(snapshotFolder(data).load()).toEqual(manifest(2));
  expect(readdirSync(join(data, 'snapshots'))).toEqual(['manifest.jsonl']);
});

test('folder and file are for their owner only', async () => {
  const data = makeFolder();
  await snapshotFolder(data).save(manifest(1));
  expect(statSync(join(data, 'snapshots')).mode & 0o777).toBe(0o700);
  expect(statSync(join(data, 'snapshots', 'manifest.jsonl')).mode & 0o777).toBe(0o600);
});

test('what a killed process left half written is cleared away with the first save, and nothing else', async () => {
  const data = makeFolder();
  const folder = join(data, 'snapshots');
  mkdirSync(join(folder, 'releases'), { recursive: true });
  for (const name of ['manifest.jsonl.1.part', 'manifest.jsonl.2.part', 'note.txt', 'other.part']) {
    writeFileSync(join(folder, name), 'x');
  }
  await snapshotFolder(data).save(manifest(1));
  expect(readdirSync(folder).sort()).toEqual(['manifest.jsonl', 'note.txt', 'other.part', 'releases']);
});

test('a manifest that is damaged or cannot be read is a problem', async () => {
  const data = makeFolder();
  const folder = snapshotFolder(data);
  const file = join(data, 'snapshots', 'manifest.jsonl');
  await folder.save(manifest(1));
  writeFileSync(file, writeManifest(manifest(2)).replace('priority":1', 'priority":9'));
  expect(() => folder.load()).toThrow(expect.objectContaining({ code: 'snapshot-damaged' }));
  writeFileSync(file, '');
  expect(() => folder.load()).toThrow(expect.objectContaining({ code: 'snapshot-damaged' }));
  rmSync(file);
  mkdirSync(file);
  expect(() => folder.load()).toThrow(expect.objectContaining({ code: 'snapshot-damaged' }));
});

test('where nothing can be written, saving is a problem that says where, and the manifest before stays', async () => {
  const data = makeFolder();
  writeFileSync(join(data, 'file'), '');
  const unwritable = { code: 'unwritable-file', detail: expect.stringContaining(data) };
  // A file in the place of the data folder, and of the snapshot folder.
  await expect(snapshotFolder(join(data, 'file')).save(manifest(1))).rejects.toMatchObject(unwritable);
  writeFileSync(join(data, 'snapshots'), '');
  await expect(snapshotFolder(data).save(manifest(1))).rejects.toMatchObject(unwritable);
  rmSync(join(data, 'snapshots'));
  // A folder in the place of the manifest.
  mkdirSync(join(data, 'snapshots', 'manifest.jsonl', 'full'), { recursive: true });
  await expect(snapshotFolder(data).save(manifest(1))).rejects.toMatchObject(unwritable);
  expect(readdirSync(join(data, 'snapshots'))).toEqual(['manifest.jsonl']);
});
