import { afterEach, describe, expect, test } from 'vitest';
import { temporaryShelves } from '../app/followed-stores.fixture.ts';
import { temporaryStores } from '../app/temporary-store.fixture.ts';
import { digestOf } from '../snapshot/release-file.ts';
import type { Source } from '../source.ts';
import type { Store } from '../store.ts';
import { storeSource } from './store.ts';

const openTemporary = temporaryStores();
const makeShelf = temporaryShelves();
const note = { atMs: 1, author: 'ada', reason: '' };
const noMark = { revision: 0, commit: '' };
const salt = '0123456789abcdef';
const rule = { priority: 1, share: { kind: 'percent', percent: 1 }, updateType: 'minor', salt };

function release(name: string, more: object = {}) {
  const body = { product: 'MyApp', blob: { schema_version: 4000, name, products: [], ...more } };
  return { kind: 'release', name, body } as const;
}

const closing: Source[] = [];
afterEach(async () => {
  for (const source of closing.splice(0)) await source.close();
});

function open(store: Store | (() => Promise<Store>), shelf: Parameters<typeof storeSource>[1] = makeShelf()): Source {
  const source = storeSource(typeof store === 'function' ? store : async () => store, shelf);
  closing.push(source);
  return source;
}

/** Something that one part of a test waits for and another gives. */
function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

describe('a store as a source', () => {
  test('tells what changed, with each release as its place on the shelf, where it is already', async () => {
    const [store, shelf] = [await openTemporary(), makeShelf()];
    const source = open(store, shelf);
    expect(source.from).toBe('store');
    expect(await source.newest()).toEqual(noMark);
    await store.commit([release('a'), { kind: 'rule', name: '1', body: rule }], note);
    const mark = await source.newest();
    expect(mark).toEqual(await store.newest());
    const first = await source.changesSince(noMark);
    expect(first).toMatchObject({ mark, whole: false, deleted: [] });
    expect(first.objects).toMatchObject([
      { kind: 'release', name: 'a', version: 1, revision: 1, body: { product: 'MyApp' } },
      { kind: 'rule', name: '1', version: 1, revision: 1, body: rule },
    ]);
    const [{ body } = { body: undefined }] = first.objects;
    const place = body as { sha256: string };
    expect(place.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(digestOf(shelf.bytesOf(place))).toBe(place.sha256);

    await store.commit([{ ...release('a'), body: undefined }, release('b')], note);
    const second = await source.changesSince(mark);
    expect(second.objects.map(({ name }) => name)).toEqual(['b']);
    expect(second.deleted).toEqual([{ kind: 'release', name: 'a' }]);
    expect(await source.changesSince({ ...mark, commit: 'x' })).toMatchObject({ whole: true });
  });

  test('has a few bodies of releases in memory at once, never all of them', async () => {
    const [store, shelf] = [await openTemporary(), makeShelf()];
    await store.commit(
      Array.from({ length: 40 }, (_, i) => release(`r${i}`)),
      note,
    );
    let now = 0;
    let most = 0;
    const counting: Store = {
      ...store,
      bodyOf: async (...version) => {
        now += 1;
        most = Math.max(most, now);
        return store.bodyOf(...version);
      },
    };
    const put = async (body: Parameters<typeof shelf.put>[0]) => {
      const place = await shelf.put(body);
      now -= 1;
      return place;
    };
    const { objects } = await open(counting, { put }).changesSince(noMark);
    expect(objects.map(({ name }) => name)).toEqual(Array.from({ length: 40 }, (_, i) => `r${i}`).sort());
    expect(new Set(objects.map(({ body }) => (body as { sha256: string }).sha256)).size).toBe(40);
    expect(most).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThan(1);
  });

  test('says nothing of what is not served, and yet comes to its commits', async () => {
    const store = await openTemporary();
    const user = { kind: 'user', name: 'ada@example.org', body: { roles: ['admin'], disabled: false } } as const;
    await store.commit([user, { kind: 'rule', name: '1', body: rule }], note);
    const source = open(store);
    const first = await source.changesSince(noMark);
    expect(first.objects.map(({ kind }) => kind)).toEqual(['rule']);
    expect(await store.get('user', 'ada@example.org')).toMatchObject(user);

    await store.commit([{ ...user, body: { ...user.body, disabled: true } }], note);
    const second = await source.changesSince(first.mark);
    expect(second).toEqual({ mark: await store.newest(), whole: false, objects: [], deleted: [] });
    expect(second.mark).toMatchObject({ revision: 2 });

    await store.commit(
      [
        { ...user, body: undefined },
        { kind: 'rule', name: '1', body: undefined },
      ],
      note,
    );
    const third = await source.changesSince(second.mark);
    expect(third).toMatchObject({ mark: { revision: 3 }, objects: [], deleted: [{ kind: 'rule', name: '1' }] });
  });

  test.each([
    ['a rule', { kind: 'rule' as const, name: '1', body: { ...rule, priority: -1 } }, 'rule 1, version 1.priority'],
    ['a release', release('r', { products: 5 }), 'release r, version 1.blob.products'],
  ])('names object and field of %s that cannot be served', async (_, edit, place) => {
    const store = await openTemporary();
    await store.commit([release('good'), edit], note);
    const detail = expect.stringContaining(place);
    await expect(open(store).changesSince(noMark)).rejects.toMatchObject({ code: 'invalid-object', detail });
  });

  test('fills in what an older Sluice could not know', async () => {
    const store = await openTemporary();
    await store.commit([{ kind: 'rule', name: '1', body: { priority: 1, salt } }], note);
    const { objects } = await open(store).changesSince(noMark);
    expect(objects[0]?.body).toEqual({ ...rule, share: { kind: 'percent', percent: 100 } });
  });
});

describe('opening and closing', () => {
  test('happens when it is first asked, once for all who ask, and again after a failure', async () => {
    const store = await openTemporary();
    let opened = 0;
    const source = open(async () => {
      opened += 1;
      if (opened === 1) throw new Error('away');
      return store;
    });
    expect(opened).toBe(0);
    const results = await Promise.allSettled([source.newest(), source.newest()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await Promise.all([source.newest(), source.changesSince(noMark)])).toMatchObject([noMark, { mark: noMark }]);
    expect(opened).toBe(2);
  });

  test('lets those who watched before it was open hear of hints, until they stop', async () => {
    const store = await openTemporary();
    const hints = new Set<() => void>();
    const watched: Store = {
      ...store,
      watch: (onHint) => {
        hints.add(onHint);
        return () => hints.delete(onHint);
      },
    };
    const source = open(watched);
    const heard: string[] = [];
    source.watch(() => heard.push('one'));
    const stop = source.watch(() => heard.push('two'));
    expect(hints.size).toBe(0);
    await Promise.all([source.newest(), source.newest()]);
    expect(hints.size).toBe(1);
    for (const hint of hints) hint();
    stop();
    for (const hint of hints) hint();
    expect(heard).toEqual(['one', 'two', 'one']);
    await source.close();
    expect(hints.size).toBe(0);
  });

  test('closes a store that is just being opened, and nothing where none ever was', async () => {
    await open(async () => Promise.reject(new Error('never asked'))).close();
    const store = await openTemporary();
    const { given, give } = signal();
    let closed = 0;
    const slow: Store = {
      ...store,
      close: async () => {
        closed += 1;
      },
    };
    const source = open(() => given.then(() => slow));
    const asking = source.newest();
    const shut = source.close();
    give();
    await shut;
    await asking;
    expect(closed).toBe(1);
  });
});
