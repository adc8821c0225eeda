import { describe, expect, test } from 'vitest';
import type { Import } from '../importer.ts';
import { Problem } from '../problem.ts';
import { balrog } from './balrog.ts';

function read(file: unknown): Import {
  return balrog.read(JSON.stringify(file));
}

function problemOf(file: unknown): Problem {
  try {
    read(file);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the file was read');
}

/** Mistakes or warnings, one line each. */
function told(list: Import['mistakes']): readonly string[] {
  return (list ?? []).map(({ at, message }) => `${at}: ${message}`);
}

const rule = { rule_id: 1, priority: 100, backgroundRate: 100, update_type: 'minor', mapping: 'r', product: 'Firefox' };
const blob = { name: 'r', schema_version: 4 };

describe('a whole bundle', () => {
  const bundle = {
    rules: [
      {
        rule_id: 42,
        alias: 'firefox-release',
        priority: 90,
        mapping: 'Firefox-2',
        fallbackMapping: 'Firefox-1',
        backgroundRate: 25,
        update_type: 'major',
        product: 'Firefox',
        version: '<140.0',
        channel: 'release*',
        buildTarget: 'Linux_x86_64-gcc3',
        buildID: '<20260101000000',
        locale: 'de, fr ,en-US ',
        osVersion: 'Linux, Darwin && arm',
        memory: '>=8192',
        instructionSet: 'SSE2',
        jaws: false,
        mig64: true,
        distribution: 'default , acme',
        distVersion: '1.0',
        headerArchitecture: 'Intel',
        comment: 'why',
        data_version: 7,
      },
    ],
    releases: [
      { name: 'Firefox-2', product: 'Firefox', data: { ...blob, name: 'Firefox-2' }, data_version: 1, read_only: true },
      { name: 'Firefox-1', product: 'Firefox', blob: { ...blob, name: 'Firefox-1' } },
      { name: 'Firefox-0', product: 'Firefox', data: JSON.stringify({ ...blob, name: 'Firefox-0' }) },
    ],
    pinnable_releases: [
      { product: 'Firefox', channel: 'release', version: '140.', mapping: 'Firefox-2', data_version: 1 },
    ],
    emergency_shutoffs: [{ product: 'Firefox', channel: 'beta', comment: 'it burns', data_version: 1 }],
    config: {
      allowlisted_domains: {
        'download.example.org': ['Firefox'],
        'archive.example.org': { '/pub/.*': ['Firefox', 'Fenix'] },
      },
      special_force_hosts: ['http://download.example.org'],
      content_signature_products: ['GMP'],
    },
  };

  test('gives an object for each row and host, under the names of ours, with its place', () => {
    const { objects, carries, warnings, mistakes } = read(bundle);
    expect([warnings, mistakes]).toEqual([[], []]);
    expect([...carries].sort()).toEqual(['emergency-stop', 'file-host', 'pin', 'release', 'rule', 'settings']);
    expect(objects.map(({ kind, name, at }) => [kind, name, at])).toEqual([
      ['release', 'Firefox-2', 'releases[0]'],
      ['release', 'Firefox-1', 'releases[1]'],
      ['release', 'Firefox-0', 'releases[2]'],
      ['rule', '42', 'rules[0]'],
      ['pin', undefined, 'pinnable_releases[0]'],
      ['emergency-stop', undefined, 'emergency_shutoffs[0]'],
      ['file-host', undefined, 'config.allowlisted_domains["download.example.org"]'],
      ['file-host', undefined, 'config.allowlisted_domains["archive.example.org"]'],
      ['settings', undefined, 'config'],
    ]);
    expect(objects.map(({ body }) => body)).toEqual([
      { product: 'Firefox', blob: { ...blob, name: 'Firefox-2' } },
      { product: 'Firefox', blob: { ...blob, name: 'Firefox-1' } },
      { product: 'Firefox', blob: { ...blob, name: 'Firefox-0' } },
      {
        alias: 'firefox-release',
        priority: 90,
        release: 'Firefox-2',
        fallback: 'Firefox-1',
        share: { kind: 'percent', percent: 25 },
        updateType: 'major',
        product: 'Firefox',
        version: '<140.0',
        channel: 'release*',
        platform: 'Linux_x86_64-gcc3',
        buildId: '<20260101000000',
        locale: 'de, fr ,en-US ',
        osVersion: 'Linux, Darwin && arm',
        memory: '>=8192',
        instructionSet: 'SSE2',
        jaws: false,
        mig64: true,
        distribution: 'default , acme',
        distributionVersion: '1.0',
        architecture: 'Intel',
        comment: 'why',
      },
      { product: 'Firefox', channel: 'release', version: '140.', release: 'Firefox-2' },
      { product: 'Firefox', channel: 'beta', comment: 'it burns' },
      { host: 'download.example.org', products: ['Firefox'] },
      { host: 'archive.example.org', paths: [{ pattern: '/pub/.*', products: ['Firefox', 'Fenix'] }] },
      { forceUrlPrefixes: ['http://download.example.org'], signedProducts: ['GMP'] },
    ]);
  });

  test('knows under which name the file has each field that ours has another for', () => {
    const names = read(bundle).objects.map(({ kind, fieldNames }) => [kind, fieldNames]);
    expect(Object.fromEntries(names)).toMatchObject({
      rule: { release: 'mapping', share: 'backgroundRate', platform: 'buildTarget', updateType: 'update_type' },
      pin: { release: 'mapping' },
      settings: { forceUrlPrefixes: 'special_force_hosts', signedProducts: 'content_signature_products' },
    });
    const blobKeys = read(bundle)
      .objects.filter(({ kind }) => kind === 'release')
      .map(({ fieldNames }) => fieldNames?.['blob']);
    expect(blobKeys).toEqual(['data', 'blob', 'data']);
  });

  test('carries only the kinds whose tables are there, be they empty', () => {
    expect(read({ rules: [] })).toEqual({ carries: ['rule'], objects: [], warnings: [], mistakes: [] });
    expect(read({ config: { allowlisted_domains: {} }, pinnable_releases: [] }).carries).toEqual(['pin', 'file-host']);
    const signed = read({ config: { content_signature_products: ['GMP'] } });
    expect(signed.carries).toEqual(['settings']);
    expect(signed.objects).toMatchObject([{ body: { forceUrlPrefixes: [], signedProducts: ['GMP'] } }]);
  });
});

describe('columns', () => {
  const bodyOf = (more: object): unknown => read({ rules: [{ ...rule, ...more }] }).objects[0]?.body;
  const plain = {
    priority: 100,
    share: { kind: 'percent', percent: 100 },
    updateType: 'minor',
    release: 'r',
    product: 'Firefox',
  };

  test('that are null or empty are not set', () => {
    const columns = ['alias', 'fallbackMapping', 'version', 'channel', 'buildTarget', 'buildID', 'locale', 'osVersion'];
    const more = ['memory', 'instructionSet', 'distribution', 'distVersion', 'headerArchitecture', 'comment'];
    for (const empty of [null, '']) {
      expect(bodyOf(Object.fromEntries([...columns, ...more].map((name) => [name, empty])))).toEqual(plain);
    }
    expect(bodyOf({ jaws: null, mig64: null })).toEqual(plain);
    const { release: _, product: __, ...bare } = plain;
    expect(bodyOf({ mapping: null, product: '' })).toEqual(bare);
  });

  test('may hold 0 and 1 for a flag, and a number for the memory', () => {
    expect(bodyOf({ jaws: 0, mig64: 1, memory: 8192 })).toEqual({ ...plain, jaws: false, mig64: true, memory: '8192' });
  });

  test('of stops and settings may be null too', () => {
    expect(read({ emergency_shutoffs: [{ product: 'a', channel: 'b', comment: null }] }).objects[0]?.body).toEqual({
      product: 'a',
      channel: 'b',
    });
    const config = { special_force_hosts: null, content_signature_products: null };
    expect(read({ config }).objects[0]?.body).toEqual({ forceUrlPrefixes: [], signedProducts: [] });
  });
});

describe('mistakes', () => {
  test('in rows are all listed with their places, and the good rows are read all the same', () => {
    const { objects, mistakes } = read({
      rules: [
        rule,
        { ...rule, rule_id: '2' },
        { ...rule, rule_id: 3, priority: 1.5, backgroundRate: 101, update_type: 'huge' },
        { ...rule, rule_id: 4, jaws: 'yes', memory: 1.5, product: 5, mapping: [] },
        'text',
        null,
        { rule_id: -1 },
      ],
      releases: [
        { name: '', product: 'a' },
        { product: 'a', data: blob },
        { name: 'r', product: 'a', data: '{"name": }' },
      ],
      pinnable_releases: [{ product: 'a', channel: 'b', version: '1.', mapping: null }],
      emergency_shutoffs: [{ product: 'a' }, { product: '', channel: 'b', comment: 1 }],
    });
    expect(objects.map(({ kind, name }) => [kind, name])).toEqual([['rule', '1']]);
    expect((mistakes ?? []).map(({ at }) => at)).toEqual([
      'releases[0].name',
      'releases[1].name',
      expect.stringMatching(/^releases\[2\]\.data 1:1\d$/),
      'rules[1].rule_id',
      'rules[2].priority',
      'rules[2].backgroundRate',
      'rules[2].update_type',
      'rules[3].mapping',
      'rules[3].product',
      'rules[3].memory',
      'rules[3].jaws',
      'rules[4]',
      'rules[5]',
      'rules[6].rule_id',
      'rules[6].priority',
      'rules[6].backgroundRate',
      'rules[6].update_type',
      'pinnable_releases[0].mapping',
      'emergency_shutoffs[0].channel',
      'emergency_shutoffs[1].product',
      'emergency_shutoffs[1].comment',
    ]);
    expect(told(mistakes)).toEqual(
      expect.arrayContaining([
        'rules[3].jaws: true, false, 1, 0 or null',
        'rules[3].memory: a text, a whole number or null',
      ]),
    );
  });

  test.each<[string, unknown, string[]]>([
    ['no tables', {}, ['1:1']],
    ['no tables that we know', { rows: [], permissions_history: {} }, ['1:1']],
    ['a list', [], ['1:1']],
    ['a text', 'rules', ['1:1']],
    ['null', null, ['1:1']],
    [
      'tables of another type',
      { rules: {}, releases: 'r', pinnable_releases: null, emergency_shutoffs: 1, config: [] },
      ['rules', 'releases', 'pinnable_releases', 'emergency_shutoffs', 'config'],
    ],
    [
      'a wrong configuration',
      {
        config: {
          allowlisted_domains: { a: 'p', b: ['p'], 'c.d': { '/': 'p' } },
          special_force_hosts: 'h',
          content_signature_products: [1],
        },
      },
      [
        'config.allowlisted_domains.a',
        'config.allowlisted_domains["c.d"]',
        'config.special_force_hosts',
        'config.content_signature_products[0]',
      ],
    ],
  ])('of the whole file are refused: %s', (_, file, places) => {
    const problem = problemOf(file);
    expect(problem.code).toBe('invalid-import');
    expect(problem.mistakes.map(({ at }) => at)).toEqual(places);
  });

  test('in JSON are told with line and column', () => {
    expect(() => balrog.read('{"rules": [\n}')).toThrow(
      expect.objectContaining({ code: 'invalid-import', mistakes: [expect.objectContaining({ at: '2:1' })] }),
    );
  });
});

test('keys that nobody reads are warnings, each with its place, and what Balrog counts is none', () => {
  const { warnings } = read({
    rules: [
      { ...rule, data_version: 3, when: 1 },
      { ...rule, rule_id: 2, 'a b': 2 },
    ],
    releases: [{ name: 'r', product: 'p', data: blob, data_version: 1, read_only: false, sc_id: 1 }],
    pinnable_releases: [{ product: 'a', channel: 'b', version: '1.', mapping: 'r', data_version: 1, x: 1 }],
    emergency_shutoffs: [{ product: 'a', channel: 'b', data_version: 1, y: 1 }],
    config: { signer: {}, special_force_hosts: [] },
    permissions_history: [],
  });
  expect([...told(warnings)].sort()).toEqual(
    [
      'permissions_history: nobody reads this key',
      'config.signer: nobody reads this key',
      'releases[0].sc_id: nobody reads this key',
      'rules[0].when: nobody reads this key',
      'rules[1]["a b"]: nobody reads this key',
      'pinnable_releases[0].x: nobody reads this key',
      'emergency_shutoffs[0].y: nobody reads this key',
    ].sort(),
  );
});

test('an ampersand that was escaped by hand becomes a plain one, so that clients read what they read before', () => {
  const blob = {
    name: 'R',
    schema_version: 50,
    detailsUrl: 'https://www.example.org/?a=1&amp;b=2&c=3',
    displayVersion: '1',
  };
  const { objects } = read({ releases: [{ name: 'R', product: 'MyApp', data: blob }] });
  expect(objects).toMatchObject([{ body: { blob: { detailsUrl: 'https://www.example.org/?a=1&b=2&c=3' } } }]);
});
