import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mistakesIn, prepareEdits } from '../../app/prepare-edits.ts';
import type { Import } from '../../importer.ts';
import { Problem } from '../../problem.ts';
import { balrog } from '../balrog.ts';

/** What a text gives, or its problem; anything else that is thrown is a failure. */
function outcome<T>(work: () => T): T | Problem {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid-import') return error;
    throw error;
  }
}

function expectPlaces(list: Import['mistakes']): void {
  for (const { at, message } of list ?? []) expect([at, message]).not.toContain('');
}

/** Reads a text and checks what it holds as an import does, up to the store. */
function readAndCheck(text: string): 'refused' | 'taken' {
  const read = outcome(() => balrog.read(text));
  if (read instanceof Problem) {
    expect(read.mistakes.length).toBeGreaterThan(0);
    expectPlaces(read.mistakes);
    return 'refused';
  }
  expectPlaces(read.warnings);
  expectPlaces(read.mistakes);
  const { objects, changes = [] } = read;
  const mistakes = [...(read.mistakes ?? []), ...changes.flatMap(({ edits }) => mistakesIn(edits))];
  const options = { makeSalt: () => '0123456789abcdef', doubts: 'accept', code: 'invalid-import', mistakes } as const;
  const prepared = outcome(() => prepareEdits([], objects, options));
  if (prepared instanceof Problem) {
    expect(prepared.mistakes.length).toBeGreaterThanOrEqual(mistakes.length);
    expectPlaces(prepared.mistakes);
    return 'refused';
  }
  expectPlaces(prepared.warnings);
  return 'taken';
}

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    1,
    -1,
    1.5,
    '',
    'a',
    'minor',
    '1.',
    '{}',
    '{',
    '__proto__',
    '*',
    '(',
    4,
    9,
    1000,
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const columns = [
  'rule_id',
  'priority',
  'backgroundRate',
  'update_type',
  'product',
  'mapping',
  'version',
  'channel',
  'jaws',
  'permission',
  'username',
  'options',
  'role',
  'sc_id',
  'change_type',
  'base_rule_id',
  'base_permission',
];
const others = [
  'name',
  'data',
  'blob',
  'comment',
  'schema_version',
  'platforms',
  'vendors',
  'updateLine',
  '__proto__',
  'x y',
];
const tables = [
  'rules',
  'releases',
  'pinnable_releases',
  'emergency_shutoffs',
  'config',
  'permissions',
  'user_roles',
  'product_req_signoffs',
  'rules_scheduled_changes',
  'permissions_scheduled_changes',
  'permissions_scheduled_changes_conditions',
];
const parts = ['allowlisted_domains', 'special_force_hosts', 'content_signature_products'];

/** Any JSON that uses the words of a bundle, in places where they belong or not. */
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...columns, ...others, ...tables, ...parts), tie('tree'), { maxKeys: 5 }),
  ),
}));

test('any text is refused with places, and nothing else is thrown', () => {
  const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"rules"', '"config"', '1', 'null', '"', '\\', '\n', 'é');
  const scraps = fc.array(piece, { maxLength: 15 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.oneof(scraps, fc.string({ unit: 'binary' })), (text) => void readAndCheck(text)),
    { numRuns: 800 },
  );
});

test('any JSON is refused or taken, and nothing else is thrown', () => {
  const table = fc.record(Object.fromEntries(tables.map((name) => [name, tree])), { requiredKeys: [] });
  fc.assert(
    fc.property(fc.oneof(tree, table), (value) => void readAndCheck(JSON.stringify(value) ?? '')),
    { numRuns: 1500 },
  );
});

test('a sound bundle in which a value or two are bent is refused or taken, and nothing else is thrown', () => {
  const patch = { filesize: 1, from: '*', hashValue: 'ab', fileUrl: 'https://x/a' };
  const app = {
    name: 'r',
    schema_version: 9,
    updateLine: [{ for: { versions: ['<1.0'] }, fields: { type: 'minor' } }],
    platforms: { p: { buildID: '1', locales: { de: { completes: [patch] } } } },
  };
  const plugins = {
    name: 's',
    schema_version: 1000,
    hashFunction: 'sha512',
    vendors: { v: { version: '1', platforms: { p: { fileUrl: 'u', mirrorUrls: ['m'] } } } },
  };
  const sound = JSON.stringify({
    rules: [
      {
        rule_id: 1,
        priority: 1,
        backgroundRate: 50,
        update_type: 'minor',
        mapping: 'r',
        version: '<2.0',
        channel: 'a*',
        memory: '8',
        jaws: null,
      },
    ],
    releases: [
      { name: 'r', product: 'a', data: app },
      { name: 's', product: 'a', data: JSON.stringify(plugins) },
      { name: 't', product: 'a', blob: { name: 't', schema_version: 4000, blobs: ['r'] } },
    ],
    pinnable_releases: [{ product: 'a', channel: 'b', version: '1.', mapping: 'r' }],
    emergency_shutoffs: [{ product: 'a', channel: 'b', comment: null }],
    permissions: [
      { permission: 'rule', username: 'a@b', options: { products: ['a'], actions: ['create'] } },
      { permission: 'admin', username: 'c', options: '{"products": ["a"]}' },
    ],
    user_roles: [{ username: 'a@b', role: 'r' }],
    product_req_signoffs: [{ product: 'a', channel: 'b', role: 'r', signoffs_required: 1 }],
    permissions_req_signoffs: [{ product: 'a', role: 'r', signoffs_required: 1 }],
    rules_scheduled_changes: [
      {
        sc_id: 1,
        scheduled_by: 'a@b',
        complete: 0,
        change_type: 'update',
        base_rule_id: 1,
        base_priority: 2,
        base_backgroundRate: 50,
        base_update_type: 'minor',
      },
    ],
    rules_scheduled_changes_conditions: [{ sc_id: 1, when: 1 }],
    rules_scheduled_changes_signoffs: [{ sc_id: 1, username: 'a@b', role: 'r' }],
    permissions_scheduled_changes: [
      { sc_id: 1, scheduled_by: 'a@b', change_type: 'delete', base_permission: 'rule', base_username: 'a@b' },
    ],
    permissions_scheduled_changes_conditions: [{ sc_id: 1, when: 1 }],
    config: {
      allowlisted_domains: { x: ['a'], y: { '/.*': ['a'] } },
      special_force_hosts: ['h'],
      content_signature_products: [],
    },
  });
  const counts = { refused: 0, taken: 0 };
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(190), tree), { minLength: 1, maxLength: 2 }), (bends) => {
      let at = 0;
      const bent: unknown = JSON.parse(sound, (_, value: unknown) => {
        const here = at++;
        return bends.find(([place]) => place === here)?.[1] ?? value;
      });
      counts[readAndCheck(JSON.stringify(bent) ?? '')] += 1;
    }),
    { numRuns: 1000 },
  );
  expect(counts.refused).toBeGreaterThan(50);
  expect(counts.taken).toBeGreaterThan(50);
});

test('a bundle that is nested without end is refused', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  for (const blob of [deep, `{"name":"r","schema_version":4,"later":${deep}}`]) {
    expect(readAndCheck(`{"releases":[{"name":"r","product":"a","data":${blob}}]}`)).toBe('refused');
  }
  expect(readAndCheck(`{"rules":${deep}}`)).toBe('refused');
  expect(readAndCheck(deep.slice(1))).toBe('refused');
});
