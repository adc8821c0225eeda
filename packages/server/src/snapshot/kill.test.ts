import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AppBlob } from 'sluice';
import { beforeAll, expect, test } from 'vitest';
import { shelved } from './manifest.ts';
import { ReleaseShelf } from './release-shelf.ts';
import { snapshotFolder } from './snapshot-folder.ts';
import { temporaryFolders } from './temporary-folder.fixture.ts';

const makeFolder = temporaryFolders();
const fixture = fileURLToPath(new URL('manifest-saver.fixture.mjs', import.meta.url));
const built = fileURLToPath(new URL('../../dist/snapshot/snapshot-folder.js', import.meta.url));
const rounds = process.env['SLUICE_SOAK'] === '1' ? 60 : 6;

beforeAll(() => {
  if (!existsSync(built)) throw new Error('The saver runs from the build: run `npx tsc -b` first.');
});

test(`after each of ${rounds} kills while saving the last manifest is there, whole, with its releases`, async () => {
  const data = makeFolder();
  const folder = snapshotFolder(data);
  const shelf = new ReleaseShelf({ folder: folder.releases, memoryBytes: 1_000_000 });
  let kept = 0;
  let saves = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const told = await killAfter(data, kept + 1, 5 + ((round * 37) % 200));
    const manifest = folder.load();
    if (manifest === undefined) throw new Error('a manifest was told of and is gone');
    const { revision, commit } = manifest.mark;
    // One may be on the disk before it was told.
    expect([told, told + 1]).toContain(revision);
    expect(commit).toBe(`commit ${revision}`);
    const [release] = manifest.objects;
    if (release === undefined) throw new Error('it names a release');
    expect(await shelf.discardDamaged([shelved(release).sha256])).toEqual([]);
    const { blob } = shelf.read('R', shelved(release), { platforms: ['Linux'], locale: 'de' });
    expect((blob as AppBlob).platforms?.['Linux']?.locales?.['de']?.buildID).toBe(String(revision));
    // What the kill before left is cleared away; what this one left is one file at most.
    expect(readdirSync(join(data, 'snapshots')).length).toBeLessThanOrEqual(3);
    saves += told - kept;
    kept = revision;
  }
  expect(saves).toBeGreaterThan(rounds);
  process.stdout.write(`${rounds} kills amid ${saves} saves: 0 manifests lost or damaged\n`);
}, 300_000);

/** Lets a process save from this number on, kills it after a while, and answers the last number that it told. */
async function killAfter(data: string, from: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [fixture, data, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await once(child.stdout, 'data');
  await pause(afterMs);
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  expect(await closed).toEqual([null, 'SIGKILL']);
  return Number(output.split('\n').slice(0, -1).at(-1));
}
