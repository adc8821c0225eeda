import { beforeEach, describe, expect, test } from 'vitest';
import type { Import, ImportedObject } from '../importer.ts';
import type { KindName } from '../kind.ts';
import type { Store } from '../store.ts';
import { makeSalt } from './draw-ticket.ts';
import { type Imported, importObjects as importAtDesk } from './import-objects.ts';
import { loadSampleWorld } from './load-sample-world.ts';
import { atLocalDesk, putObjects } from './put-objects.fixture.ts';
import { temporaryStores } from './temporary-store.fixture.ts';

const openTemporary = temporaryStores();
let store: Store;
beforeEach(async () => {
  store = await openTemporary();
});

function importObjects(into: Store, given: Import, mode: 'add' | 'replace'): Promise<Imported> {
  return atLocalDesk(into, (desk) => importAtDesk(desk, given, { mode, reason: 'import' }));
}

function read(
  carries: readonly KindName[],
  objects: readonly Partial<ImportedObject>[],
  more: Partial<Import> = {},
): Import {
  return {
    carries,
    objects: objects.map((object, index) => ({
      kind: 'rule',
      body: { priority: 1 },
      at: `rules[${index}]`,
      ...object,
    })),
    warnings: [],
    ...more,
  };
}

/** What lives in the store. */
async function living(): Promise<readonly string[]> {
  return (await store.load()).objects.map(({ kind, name }) => `${kind} ${name}`).sort();
}

const throttle = { kind: 'throttle', body: { product: 'MyApp', version: '1.0', percent: 25 }, at: 'here' } as const;

describe('an import', () => {
  test('replaces all objects of the kinds that it carries, also of those that it has none of', async () => {
    const before = [
      { name: '1' },
      { name: '2' },
      { kind: 'pin', body: { product: 'a', channel: 'b', version: '1.', release: 'r' } } as const,
    ];
    await importObjects(store, read(['rule', 'pin'], before), 'add');
    await importObjects(store, read([], [throttle]), 'add');
    await importObjects(store, read(['rule', 'pin', 'emergency-stop'], [{ name: '2' }, { name: '3' }]), 'replace');
    expect(await living()).toEqual(['rule 2', 'rule 3', 'throttle MyApp/1.0']);
  });

  test('that adds leaves what is there', async () => {
    await importObjects(store, read(['rule'], [{ name: '1' }]), 'replace');
    await importObjects(store, read(['rule'], [{ name: '2' }]), 'add');
    expect(await living()).toEqual(['rule 1', 'rule 2']);
  });

  test('that is made again changes nothing, salts included', async () => {
    const world = read(['rule', 'throttle'], [{ name: '1' }, throttle]);
    const { revision } = await importObjects(store, world, 'replace');
    const before = await store.load();
    expect(await importObjects(store, world, 'replace')).toMatchObject({ revision });
    expect(await store.load()).toEqual(before);
  });

  test('with mistakes of the file and of its objects tells them together and writes nothing', async () => {
    await importObjects(store, read(['rule'], [{ name: '1' }]), 'replace');
    const mistakes = [{ at: 'rules[9]', message: 'unreadable' }];
    const importing = importObjects(store, read(['rule'], [{ name: 'x' }, { name: '2' }], { mistakes }), 'replace');
    await expect(importing).rejects.toMatchObject({
      code: 'invalid-import',
      mistakes: [{ at: 'rules[9]' }, { at: 'rules[0]', message: 'a rule is called by its number' }],
    });
    expect(await living()).toEqual(['rule 1']);
  });

  test('tells the warnings of the file before those of its objects', async () => {
    const warnings = [{ at: 'later', message: 'nobody reads this key' }];
    const body = { priority: 1, release: 'missing' };
    const imported = await importObjects(store, read(['rule'], [{ name: '1', body }], { warnings }), 'replace');
    expect(imported.warnings.map(({ at }) => at)).toEqual(['later', 'rules[0].release']);
  });

  test('warns of what it takes from others', async () => {
    const blob = { name: 'r', schema_version: 4 };
    await importObjects(store, read([], [{ kind: 'release', name: 'r', body: { product: 'MyApp', blob } }]), 'add');
    await importObjects(store, read([], [{ name: '1', body: { priority: 1, release: 'r' } }]), 'add');
    const { warnings } = await importObjects(store, read(['release'], []), 'replace');
    expect(warnings).toMatchObject([{ at: 'release r', message: 'rule 1 needs it' }]);
  });
});

describe('the sample world', () => {
  beforeEach(async () => {
    await loadSampleWorld(store, { atMs: 1_790_000_000_000, makeSalt });
  });

  test('goes with the first import, whatever that carries', async () => {
    await importObjects(store, read(['throttle'], [throttle]), 'replace');
    expect(await living()).toEqual(['throttle MyApp/1.0']);
  });

  test('stays beside an import that adds', async () => {
    const before = await living();
    await importObjects(store, read(['throttle'], [throttle]), 'add');
    expect(await living()).toEqual([...before, 'throttle MyApp/1.0'].sort());
  });

  test('keeps what people have changed in it or added to it', async () => {
    const changed = { kind: 'throttle', body: { product: 'MyApp', version: '1.0.5', percent: 10 }, at: '' } as const;
    await putObjects(store, [changed, { kind: 'file-host', body: { host: 'a' }, at: '' }]);
    await importObjects(store, read(['rule'], [{ name: '1' }]), 'replace');
    expect(await living()).toEqual(['file-host a', 'rule 1', 'throttle MyApp/1.0.5']);
  });

  test('gives way to objects of the same names', async () => {
    await importObjects(store, read(['rule'], [{ name: '20' }]), 'replace');
    expect(await living()).toEqual(['rule 20']);
  });
});
