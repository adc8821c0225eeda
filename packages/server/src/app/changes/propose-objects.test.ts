import { beforeEach, describe, expect, test } from 'vitest';
import { Problem } from '../../problem.ts';
import type { Store, StoredObject } from '../../store.ts';
import type { Edit } from '../prepare-edits.ts';
import { putObjects } from '../put-objects.fixture.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';

const openTemporary = temporaryStores();
let store: Store;
beforeEach(async () => {
  store = await openTemporary();
});

const rule = { priority: 1, comment: 'c' };
const throttle = { product: 'MyApp', version: '1.0', percent: 25 };
const blob = { name: 'MyApp-2.0', schema_version: 4 };

/** Edits at `[0]`, `[1]` and so on. */
function edits(...given: readonly Partial<Edit>[]): readonly Edit[] {
  return given.map((edit, index) => ({ kind: 'rule', body: undefined, at: `[${index}]`, ...edit }));
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const found = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (found instanceof Problem) return found;
  throw new Error(`no problem but ${String(found)}`);
}

async function bodyOf(kind: Edit['kind'], name: string): Promise<unknown> {
  return (await store.get(kind, name))?.body;
}

async function saltOf(kind: Edit['kind'], name: string): Promise<unknown> {
  return ((await bodyOf(kind, name)) as { readonly salt?: unknown } | undefined)?.salt;
}

describe('writing', () => {
  test('keeps what the schema makes of a body, under the name that follows from it', async () => {
    const written = edits(
      { name: '7', body: { priority: 1, share: 25 } },
      { kind: 'pin', body: { product: 'a', channel: 'b', version: '007.', release: 'MyApp-2.0' } },
      { kind: 'release', name: 'MyApp-2.0', body: { product: 'MyApp', blob } },
    );
    const { revision, warnings } = await putObjects(store, written);
    expect(revision).toBe(1);
    expect(warnings).toEqual([{ at: '[0].release', message: 'no release: whoever matches gets nothing' }]);
    expect(await bodyOf('rule', '7')).toMatchObject({ share: { kind: 'percent', percent: 25 }, updateType: 'minor' });
    expect(await bodyOf('pin', 'a/b/7.')).toMatchObject({ version: '7.' });
    expect(await bodyOf('release', 'MyApp-2.0')).toEqual({ product: 'MyApp', blob });
  });

  test('says who, when and why', async () => {
    await putObjects(store, edits({ name: '1', body: rule }), { author: 'eve', reason: 'why', atMs: 5 });
    expect(await store.history('rule', '1')).toMatchObject([
      { author: 'local:eve', reason: 'why', atMs: 5, version: 1 },
    ]);
  });

  test('what is there already makes no revision', async () => {
    const same = edits({ name: '1', body: rule }, { kind: 'throttle', body: throttle });
    expect((await putObjects(store, same)).revision).toBe(1);
    expect((await putObjects(store, same)).revision).toBe(1);
    expect((await putObjects(store, [])).revision).toBe(1);
  });

  test('deletes where there is no body', async () => {
    await putObjects(store, edits({ name: '1', body: rule }));
    await putObjects(store, edits({ name: '1' }));
    expect(await store.get('rule', '1')).toBeUndefined();
    expect(await problemOf(putObjects(store, edits({ name: '1' })))).toMatchObject({
      code: 'object-not-found',
    });
    expect(await problemOf(putObjects(store, edits({})))).toMatchObject({ code: 'object-not-found' });
  });
});

describe('mistakes', () => {
  test('are all listed, each with its place in the words of the file, and nothing is written', async () => {
    const fieldNames = { share: 'backgroundRate' };
    const wrong: readonly Edit[] = [
      { kind: 'rule', name: '1', body: rule, at: 'rules[0]' },
      {
        kind: 'rule',
        name: '2',
        body: { priority: -1, share: { kind: 'percent', percent: 101 }, later: 1 },
        at: 'rules[1]',
        fieldNames,
      },
      { kind: 'rule', name: 'two', body: rule, at: 'rules[2]' },
      { kind: 'rule', body: rule, at: 'rules[3]' },
      { kind: 'throttle', name: 'MyApp/2.0', body: throttle, at: 'throttles[0]' },
      { kind: 'release', name: 'a'.repeat(1001), body: { product: 'a', blob }, at: 'releases[0]' },
      {
        kind: 'release',
        name: 'r',
        body: { product: 'a', blob: { ...blob, platforms: { 'a b': { alias: 1 } } } },
        at: 'releases[1]',
        fieldNames: { blob: 'data' },
      },
      { kind: 'rule', name: '1', body: rule, at: 'rules[4]' },
      { kind: 'pin', body: 'text', at: '' },
      { kind: 'ruler' as 'rule', name: 'x', body: rule, at: 'rulers[0]' },
    ];
    const mistakes = [{ at: 'x', message: 'found before' }];
    const problem = await problemOf(putObjects(store, wrong, { mistakes, code: 'invalid-import' }));
    expect(problem.code).toBe('invalid-import');
    expect(problem.detail).toBe('12 mistakes');
    expect(problem.mistakes.map(({ at, message }) => `${at}: ${message}`)).toEqual([
      'x: found before',
      expect.stringMatching(/^rules\[1\]\.priority: /),
      expect.stringMatching(/^rules\[1\]\.backgroundRate\.percent: /),
      'rules[1].later: there is no such field',
      'rules[2]: a rule is called by its number',
      'rules[3]: a rule needs a name',
      'throttles[0]: is called MyApp/2.0, but its content says MyApp/1.0',
      'releases[0]: a name has 1000 characters at most',
      expect.stringMatching(/^releases\[1\]\.data\.platforms\["a b"\]\.alias: /),
      'rules[4]: rule 1 stands at rules[0] too',
      expect.stringMatching(/^1:1: /),
      'rulers[0]: there is no kind ruler',
    ]);
    expect(await store.load()).toMatchObject({ revision: 0, objects: [] });
  });

  test('that stand alone are told in the sentence', async () => {
    const one = await problemOf(putObjects(store, edits({ name: 'x', body: rule })));
    expect(one).toMatchObject({ code: 'invalid-object', detail: '[0]: a rule is called by its number' });
    const before = { mistakes: [{ at: '', message: 'this' }] };
    expect(await problemOf(putObjects(store, edits({ name: '1', body: rule }), before))).toMatchObject({
      detail: 'this',
    });
    expect(await store.revision()).toBe(0);
  });

  test('may be that one object stands twice in a file, by its name or by what it says', async () => {
    const twice = edits({ kind: 'throttle', body: throttle }, { kind: 'throttle', name: 'MyApp/1.0' });
    expect(await problemOf(putObjects(store, twice))).toMatchObject({
      mistakes: [{ at: '[1]', message: 'throttle MyApp/1.0 stands at [0] too' }],
    });
  });
});

describe('a salt', () => {
  const all = edits(
    { name: '1', body: rule },
    { kind: 'throttle', body: throttle },
    { kind: 'global-throttle', body: { on: true, percent: 50 } },
  );

  test('is made for each object that draws tickets, and stays when the object is written again', async () => {
    await putObjects(store, all);
    const salts = [
      await saltOf('rule', '1'),
      await saltOf('throttle', 'MyApp/1.0'),
      await saltOf('global-throttle', 'global'),
    ];
    expect(new Set(salts).size).toBe(3);
    for (const salt of salts) expect(salt).toMatch(/^salt\d{12}$/);
    const changed = edits(
      { name: '1', body: { priority: 2 } },
      { kind: 'throttle', body: { ...throttle, percent: 0 } },
    );
    await putObjects(store, changed);
    expect(await bodyOf('rule', '1')).toMatchObject({ priority: 2 });
    expect([await saltOf('rule', '1'), await saltOf('throttle', 'MyApp/1.0')]).toEqual(salts.slice(0, 2));
  });

  test('that is given counts, and stays from then on', async () => {
    const salt = 'given00000000000';
    await putObjects(store, all);
    await putObjects(store, edits({ kind: 'throttle', body: { ...throttle, salt } }));
    expect(await saltOf('throttle', 'MyApp/1.0')).toBe(salt);
    await putObjects(store, all);
    expect(await saltOf('throttle', 'MyApp/1.0')).toBe(salt);
  });

  test('is made anew for an object that was deleted, and only where tickets are drawn', async () => {
    await putObjects(store, all);
    const before = await saltOf('rule', '1');
    await putObjects(store, edits({ name: '1' }));
    await putObjects(store, edits({ name: '1', body: rule }));
    expect(await saltOf('rule', '1')).not.toBe(before);
    await putObjects(store, edits({ kind: 'file-host', body: { host: 'a' } }));
    expect(await bodyOf('file-host', 'a')).toEqual({ host: 'a' });
  });
});

describe('an expected version', () => {
  const at = (expectedVersion: number) => {
    const body = { ...rule, comment: `against ${expectedVersion}` };
    return putObjects(store, edits({ name: '1', body, expectedVersion }));
  };

  test('lets the edit through when it is the current one', async () => {
    await at(0);
    await at(1);
    expect(await store.get('rule', '1')).toMatchObject({ version: 2 });
    await putObjects(store, edits({ name: '1', expectedVersion: 2 }));
    expect(await store.get('rule', '1')).toBeUndefined();
    await at(0);
  });

  test('refuses the edit when it is another, and all that comes with it', async () => {
    await at(0);
    for (const late of [0, 2]) expect(await problemOf(at(late))).toMatchObject({ code: 'version-conflict' });
    const late = edits({ name: '1', body: rule, expectedVersion: 9 }, { name: '2', body: rule });
    expect(await problemOf(putObjects(store, late))).toMatchObject({
      code: 'version-conflict',
      detail: 'rule "1" is at version 1; the edit was made against version 9.',
      mistakes: [{ at: '[0]' }],
    });
    expect(await store.get('rule', '2')).toBeUndefined();
  });

  test('counts also where the edit would alter nothing', async () => {
    await at(0);
    const { body } = (await store.get('rule', '1')) ?? {};
    const same = edits({ name: '1', body, expectedVersion: 3 });
    expect(await problemOf(putObjects(store, same))).toMatchObject({ code: 'version-conflict' });
  });
});

describe('when others write at the same time', () => {
  test('everyone is counted, and the salt is that of the first', async () => {
    const bodies = [1, 2, 3, 4, 5, 6].map((priority) => ({ priority }));
    await Promise.all(bodies.map((body) => putObjects(store, edits({ name: '1', body }))));
    const versions = await store.history('rule', '1');
    expect(versions).toHaveLength(bodies.length);
    expect(new Set(versions.map(({ body }) => (body as { readonly salt: string }).salt)).size).toBe(1);
  });

  test('what is to be cleared is looked up in the same transaction', async () => {
    await putObjects(store, edits({ name: '1', body: rule }));
    const clears = async (living: readonly StoredObject[]) => living.filter(({ kind }) => kind === 'rule');
    const clearing = putObjects(store, edits({ name: '2', body: { priority: 5 } }), { clears });
    await Promise.all([clearing, putObjects(store, edits({ name: '1', body: { priority: 7 } }))]);
    const names = (await store.load()).objects.map(({ name }) => name);
    expect(['2', '1,2']).toContain(names.join());
    expect(await store.history('rule', '1')).not.toHaveLength(1);
  });
});

test('releases are read only when one goes and others stay: they may be a lot to read', async () => {
  const release = (name: string): Partial<Edit> => {
    return { name, kind: 'release', body: { product: 'MyApp', blob: { ...blob, name } } };
  };
  await putObjects(store, edits(release('a'), release('b'), { name: '1', body: { ...rule, release: 'a' } }));
  const read: string[] = [];
  const watched: Store = {
    ...store,
    write: (work, options) =>
      store.write((tx) => {
        const bodyOf: typeof tx.bodyOf = (kind, name, version) => {
          read.push(name);
          return tx.bodyOf(kind, name, version);
        };
        return work({ ...tx, bodyOf });
      }, options),
  };
  await putObjects(watched, edits({ name: '1', body: { ...rule, priority: 2, release: 'a' } }));
  expect(read).toEqual([]);
  await putObjects(watched, edits(release('b')));
  expect(read).toEqual(['b']);
  const refused = await problemOf(putObjects(watched, edits({ name: 'a', kind: 'release' })));
  expect(refused.code).toBe('object-in-use');
  expect([...new Set(read)].sort()).toEqual(['a', 'b']);
});

test('a policy that asks for more people than there are is refused, whatever else of doubtful use is accepted', async () => {
  const policy = { product: 'MyApp', role: 'releng', signOffs: 2 };
  const written = edits({ kind: 'policy', name: 'two', body: policy });
  const { code, detail } = await problemOf(putObjects(store, written, { doubts: 'accept' }));
  expect([code, detail]).toEqual(['invalid-object', expect.stringMatching(/releng/)]);
  expect(await store.revision()).toBe(0);
});
