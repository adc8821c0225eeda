import { expect, test } from 'vitest';
import { makeSalt } from '../app/draw-ticket.ts';
import { prepareEdits } from '../app/prepare-edits.ts';
import { sampleWorld } from '../app/sample-world.ts';
import { kindNamed } from '../kinds/index.ts';
import type { StoredObject } from '../store.ts';
import { checkStoredObject } from './check-stored-object.ts';

const salt = '0123456789abcdef';
const rule = { priority: 100, share: { kind: 'percent', percent: 50 }, updateType: 'minor', salt };

function object(more: Partial<StoredObject>): StoredObject {
  return { kind: 'rule', name: '7', version: 3, revision: 9, body: rule, ...more };
}

test('everything that Sluice has written passes as it is', () => {
  const { edits } = prepareEdits([], sampleWorld(), { makeSalt, doubts: 'refuse', code: 'invalid-object' });
  const served = edits.filter(({ kind }) => kindNamed(kind)?.served);
  const stored = served.map(({ kind, name, body }) => object({ kind, name, body }));
  expect(new Set(stored.map(({ kind }) => kind)).size).toBeGreaterThan(5);
  for (const one of stored) expect(checkStoredObject(one)).toEqual(one);
});

test('what an older Sluice could not know is filled in', () => {
  expect(checkStoredObject(object({ body: { priority: 100, salt } })).body).toEqual({
    ...rule,
    share: { kind: 'percent', percent: 100 },
  });
});

test.each<[string, Partial<StoredObject>, string]>([
  ['a share', { body: { ...rule, share: { kind: 'percent', percent: 250 } } }, 'rule 7, version 3.share.percent: '],
  ['a field that nobody reads', { body: { ...rule, shares: 1 } }, 'rule 7, version 3.shares: '],
  ['a missing field', { body: { salt } }, 'rule 7, version 3.priority: '],
  ['a missing salt', { body: { priority: 1 } }, 'rule 7, version 3.salt: is missing'],
  ['no object at all', { body: null }, 'rule 7, version 3: '],
  ['a body that is not there', { body: undefined }, 'rule 7, version 3: '],
  ['a rule without a number', { name: 'esr' }, 'rule esr, version 3: a rule is called by its number'],
  ['what is not served', { kind: 'user', name: 'a@b', body: {} }, 'user a@b, version 3: is none that is served'],
  ['a kind from elsewhere', { kind: 'feature' as 'rule' }, 'feature 7, version 3: there is no such kind'],
  [
    'a list in a list',
    { kind: 'file-host', name: 'x', body: { host: 'x.org', paths: [{ pattern: '/', products: [5] }] } },
    'file-host x, version 3.paths[0].products[0]: ',
  ],
  [
    'a release',
    {
      kind: 'release',
      name: 'R 1',
      body: { product: 'MyApp', blob: { schema_version: 9, name: 'R', platforms: { 'a b': { alias: 1 } } } },
    },
    'release R 1, version 3.blob.platforms["a b"].alias: ',
  ],
])('%s is named with its object, its version and its field', (_, more, place) => {
  expect(() => checkStoredObject(object(more))).toThrow(
    expect.objectContaining({
      code: 'invalid-object',
      detail: expect.stringContaining(place),
      mistakes: [expect.objectContaining({ at: place.replace(/: .*$/, '') })],
    }),
  );
});

test('several mistakes are all named', () => {
  const body = { ...rule, priority: -1, updateType: 'huge' };
  expect(() => checkStoredObject(object({ body }))).toThrow(
    expect.objectContaining({
      mistakes: [
        { at: 'rule 7, version 3.priority', message: expect.any(String) },
        { at: 'rule 7, version 3.updateType', message: expect.any(String) },
      ],
    }),
  );
});
