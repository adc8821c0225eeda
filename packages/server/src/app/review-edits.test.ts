import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../store.ts';
import { type Edit, prepareEdits } from './prepare-edits.ts';
import { temporaryStores } from './temporary-store.fixture.ts';

const openTemporary = temporaryStores();
let store: Store;
beforeEach(async () => {
  store = await openTemporary();
});

/** Commits edits, as they are prepared against what is there. */
async function put(edits: readonly Edit[], doubts: 'refuse' | 'accept' = 'refuse') {
  const { objects } = await store.load();
  const makeSalt = () => 'a1b2c3d4e5f6g7h8';
  const prepared = prepareEdits(objects, edits, { makeSalt, doubts, code: 'invalid-object' });
  await store.commit(prepared.edits, { atMs: 1, author: 'ada', reason: '' });
  return { revision: await store.revision(), warnings: prepared.warnings };
}

function release(name: string, fileUrl?: string): Edit {
  const patch = { filesize: 1, from: '*', hashValue: 'ab', ...(fileUrl !== undefined && { fileUrl }) };
  const platforms = { p: { locales: { de: { completes: [patch] } } } };
  return {
    kind: 'release',
    name,
    body: { product: 'MyApp', blob: { name, schema_version: 4, platforms } },
    at: `release ${name}`,
  };
}

function rule(name: string, more: object): Edit {
  return { kind: 'rule', name, body: { priority: 1, ...more }, at: `rule ${name}` };
}

function pin(to: string): Edit {
  return { kind: 'pin', body: { product: 'MyApp', channel: 'release', version: '1.', release: to }, at: 'pin' };
}

function gone({ kind, name = '' }: Edit): Edit {
  return { kind, name, body: undefined, at: `${kind} ${name}` };
}

describe('doubts', () => {
  const foreign = release('a', 'https://elsewhere.example.com/a');
  const foreignAt = 'release a.blob.platforms.p.locales.de.completes[0].fileUrl';

  test('of one kind are refused under its own code', async () => {
    await expect(put([foreign])).rejects.toMatchObject({
      code: 'file-host-not-allowed',
      mistakes: [{ at: foreignAt, message: 'MyApp may not have files from https://elsewhere.example.com/a' }],
    });
    await expect(put([rule('1', { release: 'a', fallback: 'b' })])).rejects.toMatchObject({ code: 'object-not-found' });
  });

  test('of several kinds are refused together', async () => {
    await expect(put([foreign, rule('1', { release: 'b' })])).rejects.toMatchObject({
      code: 'invalid-object',
      mistakes: [{ at: foreignAt }, { at: 'rule 1.release', message: 'there is no release b' }],
    });
    expect(await store.revision()).toBe(0);
  });

  test('that are accepted are warnings, with what is only to be known behind them', async () => {
    const { revision, warnings } = await put([rule('1', {}), foreign, rule('2', { release: 'b' })], 'accept');
    expect(revision).toBe(1);
    expect(warnings.map(({ at }) => at)).toEqual([foreignAt, 'rule 2.release', 'rule 1.release', 'rule 2']);
    expect(await store.get('release', 'a')).toBeDefined();
  });

  test('are about what the edits make of the whole, not about what was there', async () => {
    const host: Edit = { kind: 'file-host', body: { host: 'elsewhere.example.com', products: ['MyApp'] }, at: 'host' };
    await put([rule('1', { release: 'a' }), foreign, host, pin('a')]);
    expect(await store.revision()).toBe(1);
    await expect(put([{ ...foreign, body: undefined, at: 'x' }])).rejects.toMatchObject({ code: 'object-in-use' });
  });
});

describe('a release', () => {
  test('that a rule or a pin needs stays, and each that needs it is named', async () => {
    await put([
      release('a'),
      release('b'),
      rule('1', { release: 'a' }),
      rule('2', { release: 'b', fallback: 'a' }),
      pin('a'),
    ]);
    await expect(put([gone(release('a'))])).rejects.toMatchObject({
      code: 'object-in-use',
      mistakes: [
        { at: 'release a', message: 'rule 1 needs it' },
        { at: 'release a', message: 'rule 2 needs it' },
        { at: 'release a', message: 'pin MyApp/release/1. needs it' },
      ],
    });
    expect(await store.get('release', 'a')).toBeDefined();
  });

  test('may go together with those that need it', async () => {
    await put([release('a'), release('b'), rule('1', { release: 'a' }), pin('a')]);
    const withoutIt = [
      gone(release('a')),
      rule('1', { release: 'b' }),
      { ...gone(pin('a')), name: 'MyApp/release/1.' },
    ];
    await put(withoutIt);
    expect((await store.load()).objects.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      'release b',
      'rule 1',
    ]);
  });

  test('may go in spite of them where doubts are accepted, and leaves a warning', async () => {
    await put([release('a'), rule('1', { release: 'a' })]);
    const { warnings } = await put([gone(release('a'))], 'accept');
    expect(warnings).toEqual([{ at: 'release a', message: 'rule 1 needs it', code: 'object-in-use' }]);
    expect(await store.get('release', 'a')).toBeUndefined();
  });
});

test('a pin needs its release', async () => {
  await expect(put([pin('a')])).rejects.toMatchObject({ code: 'object-not-found', mistakes: [{ at: 'pin.release' }] });
  await put([release('a'), pin('a')]);
});
