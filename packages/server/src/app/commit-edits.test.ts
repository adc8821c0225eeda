import { beforeEach, describe, expect, test } from 'vitest';
import { Problem } from '../problem.ts';
import type { Store } from '../store.ts';
import { commitEdits, type Edit } from './commit-edits.ts';
import { commitOptions } from './commit-options.fixture.ts';
import { temporaryStores } from './temporary-store.fixture.ts';

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
    const { revision, warnings } = await commitEdits(store, written, commitOptions());
    expect(revision).toBe(1);
    expect(warnings).toEqual([{ at: '[0].release', message: 'no release: whoever matches gets nothing' }]);
    expect(await bodyOf('rule', '7')).toMatchObject({ share: { kind: 'percent', percent: 25 }, updateType: 'minor' });
    expect(await bodyOf('pin', 'a/b/7.')).toMatchObject({ version: '7.' });
    expect(await bodyOf('release', 'MyApp-2.0')).toEqual({ product: 'MyApp', blob });
  });

  test('says who, when and why', async () => {
    await commitEdits(
      store,
      edits({ name: '1', body: rule }),
      commitOptions({ author: 'eve', reason: 'why', atMs: 5 }),
    );
    expect(await store.history('rule', '1')).toMatchObject([{ author: 'eve', reason: 'why', atMs: 5, version: 1 }]);
  });

  test('what is there already makes no revision', async () => {
    const same = edits({ name: '1', body: rule }, { kind: 'throttle', body: throttle });
    expect((await commitEdits(store, same, commitOptions())).revision).toBe(1);
    expect((await commitEdits(store, same, commitOptions())).revision).toBe(1);
    expect((await commitEdits(store, [], commitOptions())).revision).toBe(1);
  });

  test('deletes where there is no body', async () => {
    await commitEdits(store, edits({ name: '1', body: rule }), commitOptions());
    await commitEdits(store, edits({ name: '1' }), commitOptions());
    expect(await store.get('rule', '1')).toBeUndefined();
    expect(await problemOf(commitEdits(store, edits({ name: '1' }), commitOptions()))).toMatchObject({
      code: 'object-not-found',
    });
    expect(await problemOf(commitEdits(store, edits({}), commitOptions()))).toMatchObject({ code: 'object-not-found' });
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
    const problem = await problemOf(commitEdits(store, wrong, commitOptions({ mistakes, code: 'invalid-import' })));
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
    const one = await problemOf(commitEdits(store, edits({ name: 'x', body: rule }), commitOptions()));
    expect(one).toMatchObject({ code: 'invalid-object', detail: '[0]: a rule is called by its number' });
    const before = commitOptions({ mistakes: [{ at: '', message: 'this' }] });
    expect(await problemOf(commitEdits(store, edits({ name: '1', body: rule }), before))).toMatchObject({
      detail: 'this',
    });
    expect(await store.revision()).toBe(0);
  });

  test('may be that one object stands twice in a file, by its name or by what it says', async () => {
    const twice = edits({ kind: 'throttle', body: throttle }, { kind: 'throttle', name: 'MyApp/1.0' });
    expect(await problemOf(commitEdits(store, twice, commitOptions()))).toMatchObject({
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
    await commitEdits(store, all, commitOptions());
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
    await commitEdits(store, changed, commitOptions());
    expect(await bodyOf('rule', '1')).toMatchObject({ priority: 2 });
    expect([await saltOf('rule', '1'), await saltOf('throttle', 'MyApp/1.0')]).toEqual(salts.slice(0, 2));
  });

  test('that is given counts, and stays from then on', async () => {
    const salt = 'given00000000000';
    await commitEdits(store, all, commitOptions());
    await commitEdits(store, edits({ kind: 'throttle', body: { ...throttle, salt } }), commitOptions());
    expect(await saltOf('throttle', 'MyApp/1.0')).toBe(salt);
    await commitEdits(store, all, commitOptions());
    expect(await saltOf('throttle', 'MyApp/1.0')).toBe(salt);
  });

  test('is made anew for an object that was deleted, and only where tickets are drawn', async () => {
    await commitEdits(store, all, commitOptions());
    const before = await saltOf('rule', '1');
    await commitEdits(store, edits({ name: '1' }), commitOptions());
    await commitEdits(store, edits({ name: '1', body: rule }), commitOptions());
    expect(await saltOf('rule', '1')).not.toBe(before);
    await commitEdits(store, edits({ kind: 'file-host', body: { host: 'a' } }), commitOptions());
    expect(await bodyOf('file-host', 'a')).toEqual({ host: 'a' });
  });
});

describe('an expected version', () => {
  const at = (expectedVersion: number) => {
    const body = { ...rule, comment: `against ${expectedVersion}` };
    return commitEdits(store, edits({ name: '1', body, expectedVersion }), commitOptions());
  };

  test('lets the edit through when it is the current one', async () => {
    await at(0);
    await at(1);
    expect(await store.get('rule', '1')).toMatchObject({ version: 2 });
    await commitEdits(store, edits({ name: '1', expectedVersion: 2 }), commitOptions());
    expect(await store.get('rule', '1')).toBeUndefined();
    await at(0);
  });

  test('refuses the edit when it is another, once and without trying again', async () => {
    await at(0);
    for (const late of [0, 2]) expect(await problemOf(at(late))).toMatchObject({ code: 'version-conflict' });
    let commits = 0;
    const counting: Store = { ...store, commit: (...given) => store.commit(...given).finally(() => (commits += 1)) };
    const late = edits({ name: '1', body: rule, expectedVersion: 9 }, { name: '2', body: rule });
    expect(await problemOf(commitEdits(counting, late, commitOptions()))).toMatchObject({ code: 'version-conflict' });
    expect(commits).toBe(1);
    expect(await store.get('rule', '2')).toBeUndefined();
  });
});

describe('when somebody else is faster', () => {
  /** A store in which others write first, each time that somebody commits. */
  function raced(times: number): Store {
    let left = times;
    return {
      ...store,
      commit: async (given, note) => {
        if (left-- > 0) {
          const salt = `other${String(left).padStart(11, '0')}`;
          await commitEdits(store, edits({ name: '1', body: { priority: 100 + left, salt } }), commitOptions());
        }
        return store.commit(given, note);
      },
    };
  }
  const mine = edits({ name: '1', body: rule });

  test('the edit is made again, with the salt that the other has brought', async () => {
    await commitEdits(raced(1), mine, commitOptions());
    expect(await store.get('rule', '1')).toMatchObject({ version: 2, body: { priority: 1, salt: 'other00000000000' } });
    await commitEdits(raced(4), mine, commitOptions());
    expect(await bodyOf('rule', '1')).toMatchObject({ priority: 1, salt: 'other00000000000' });
  });

  test('time after time, it is given up', async () => {
    expect(await problemOf(commitEdits(raced(5), mine, commitOptions()))).toMatchObject({ code: 'version-conflict' });
    expect(await bodyOf('rule', '1')).toMatchObject({ priority: 100 });
  });

  test('what was to be cleared is looked up again', async () => {
    await commitEdits(store, edits({ name: '1', body: rule }, { name: '2', body: rule }), commitOptions());
    const clears: NonNullable<ReturnType<typeof commitOptions>['clears']> = async (current) =>
      current.filter(({ kind }) => kind === 'rule');
    await commitEdits(raced(2), edits({ name: '2', body: { priority: 5 } }), commitOptions({ clears }));
    expect((await store.load()).objects.map(({ name }) => name)).toEqual(['2']);
  });

  test('any other trouble of the store is told at once', async () => {
    let commits = 0;
    const failing: Store = {
      ...store,
      commit: async () => {
        commits += 1;
        throw new Problem('store-busy', 'locked');
      },
    };
    expect(await problemOf(commitEdits(failing, mine, commitOptions()))).toMatchObject({ code: 'store-busy' });
    expect(commits).toBe(1);
  });
});

test('releases are read only when one is to go: they may be a lot to read', async () => {
  const release = { name: 'MyApp-2.0', kind: 'release', body: { product: 'MyApp', blob } } as const;
  await commitEdits(store, edits(release, { name: '1', body: { ...rule, release: 'MyApp-2.0' } }), commitOptions());
  const unread: unknown[] = [];
  const watched: Store = {
    ...store,
    load: (bodiless) => {
      unread.push(bodiless);
      return store.load(bodiless);
    },
  };
  const altered = { ...rule, priority: 2, release: 'MyApp-2.0' };
  await commitEdits(watched, edits({ name: '1', body: altered }), commitOptions());
  const refused = await problemOf(commitEdits(watched, edits({ name: 'MyApp-2.0', kind: 'release' }), commitOptions()));
  expect(refused.code).toBe('object-in-use');
  expect(unread).toEqual([['release'], []]);
});
