import { describe, expect, test } from 'vitest';
import { openAssembly } from '../app/assemble-snapshot.ts';
import { temporaryShelves } from '../app/followed-stores.fixture.ts';
import type { Preview } from '../app/preview/preview.ts';
import {
  aLine,
  anEdit,
  anObject,
  aReleaseBody,
  aRuleBody,
  host,
  percent,
} from '../app/preview/preview-world.fixture.ts';
import { type Config, configSchema } from '../config.ts';
import type { Face } from '../face.ts';
import { faces } from '../faces/index.ts';
import type { ReleaseBody } from '../kinds/release.ts';
import type { StoredObject } from '../store.ts';
import { openPreviewing } from './previewing.ts';

const makeShelf = temporaryShelves();
const allFaces = faces as unknown as readonly Face[];
const usual = configSchema(allFaces).parse({});
const half = [anEdit('rule', '1', aRuleBody({ fallback: 'A-1', ...percent(50) }))];

/** A node over files, with one rule for a quarter. */
async function openNodeLike(
  settings: () => Config = () => usual,
): Promise<{ readonly preview: Preview; commit(objects: readonly StoredObject[]): void }> {
  const shelf = makeShelf();
  const assembly = openAssembly(shelf);
  const bodies = ['1', '2'].map((version) => aReleaseBody('A', version) as ReleaseBody);
  const releases = await Promise.all(
    bodies.map(async (body, at) => anObject('release', `A-${at + 1}`, await shelf.put(body))),
  );
  let revision = 0;
  const commit = (objects: readonly StoredObject[]): void => {
    revision += 1;
    assembly.adopt({ mark: { revision, commit: '' }, whole: false, objects, deleted: [] });
  };
  commit([host, ...releases, anObject('rule', '1', aRuleBody({ fallback: 'A-1', ...percent(25) }))]);
  const preview = openPreviewing({
    config: settings,
    faces: allFaces,
    version: { source: '', version: '', commit: '', build: '' },
    nowMs: () => 1000,
    assembly,
    lines: () => [aLine(), aLine({ locale: 'fr', query: '?colour=red' })],
  });
  return { preview, commit };
}

describe('previews on a node', () => {
  test('hold edits against what is served and what was asked', async () => {
    const { preview } = await openNodeLike();
    const report = await preview(half);
    expect(report).toMatchObject({ revision: 1, atMs: 1000, sampled: 2, complete: true });
    expect(report.total.expected).toBeCloseTo(0.5, 6);
  });

  test('find no difference in a release that is written as it is in its file, and one where it is not', async () => {
    const { preview } = await openNodeLike();
    const written = (more: object) => [anEdit('release', 'A-1', aReleaseBody('A', '1', more))];
    expect((await preview(written({}))).total.differing).toBe(0);
    expect((await preview(written({ displayVersion: 'One' }))).total.expected).toBeCloseTo(1.5, 6);
  });

  test('take turns, each with what is served when its turn comes', async () => {
    const { preview, commit } = await openNodeLike();
    const first = preview(half);
    const failing = preview([anEdit('rule', 'x', {})]);
    const last = preview(half);
    expect((await first).total.differing).toBe(2);
    commit([{ ...anObject('rule', '1', aRuleBody({ fallback: 'A-1', ...percent(50) })), version: 2 }]);
    await expect(failing).rejects.toMatchObject({ code: 'store-corrupt' });
    expect(await last).toMatchObject({ revision: 2, total: { differing: 0 } });
  });

  test('read lines by the settings that those who answer were given last', async () => {
    let settings = usual;
    const { preview } = await openNodeLike(() => settings);
    expect((await preview(half)).total.lines).toBe(2);
    settings = configSchema(allFaces).parse({ faces: { aus: { strictQuery: true } } });
    expect((await preview(half)).total.lines).toBe(1);
  });

  test('end when nobody waits for them any more', async () => {
    const { preview } = await openNodeLike();
    const running = preview(half, { signal: AbortSignal.abort(new Error('gone')) });
    await expect(running).rejects.toThrow('gone');
    expect((await preview(half, { nowMs: 5 })).atMs).toBe(5);
  });
});
