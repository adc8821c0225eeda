import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../store.ts';
import { makeSalt } from './draw-ticket.ts';
import { hasSampleWorld, loadSampleWorld } from './load-sample-world.ts';
import { putObjects } from './put-objects.fixture.ts';
import { temporaryStores } from './temporary-store.fixture.ts';

const openTemporary = temporaryStores();
const loading = { atMs: 1_790_000_000_000, makeSalt };
let store: Store;
beforeEach(async () => {
  store = await openTemporary();
});

describe('the sample world', () => {
  test('fills a store that was never written to, once, and raises no doubt', async () => {
    expect(await hasSampleWorld(store)).toBe(false);
    expect(await loadSampleWorld(store, loading)).toBe(true);
    expect(await hasSampleWorld(store)).toBe(true);
    const { revision, objects } = await store.load();
    expect(revision).toBe(1);
    expect(objects.map(({ kind, name }) => `${kind} ${name}`)).toEqual(
      expect.arrayContaining([
        'throttle MyApp/1.0.5',
        'throttle-exception 1.0.5',
        'rule 20',
        'release Firefox-158.0-build1',
      ]),
    );
    expect(await loadSampleWorld(store, loading)).toBe(false);
    expect(await store.revision()).toBe(1);
  });

  test('leaves a store alone that was written to, also when it is empty again', async () => {
    const host = { kind: 'file-host', name: 'a', at: '' } as const;
    await putObjects(store, [{ ...host, body: { host: 'a' } }]);
    await putObjects(store, [{ ...host, body: undefined }]);
    expect(await loadSampleWorld(store, loading)).toBe(false);
    expect((await store.load()).objects).toEqual([]);
    expect(await hasSampleWorld(store)).toBe(false);
  });

  test('is no longer there once somebody has changed or deleted its throttle', async () => {
    await loadSampleWorld(store, loading);
    await putObjects(store, [{ kind: 'throttle', name: 'MyApp/1.0.5', body: undefined, at: '' }]);
    expect(await hasSampleWorld(store)).toBe(false);
  });
});
