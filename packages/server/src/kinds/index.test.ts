import { describe, expect, test } from 'vitest';
import type { KindName } from '../kind.ts';
import { isKindName, kindNamed, kinds } from './index.ts';

type Body = Readonly<Record<string, unknown>>;

const salt = 'a1b2c3d4e5f6g7h8';
const blob = { name: 'MyApp-2.0', schema_version: 4 };

/** A body that says everything a kind can, which the kind keeps as it is, and the least that it must say. */
const documented: Readonly<
  Record<KindName, { readonly whole: Body; readonly least: Body; readonly kept?: Body; readonly named?: string }>
> = {
  rule: {
    whole: {
      alias: 'firefox-esr',
      priority: 100,
      release: 'MyApp-2.0',
      fallback: 'MyApp-1.9',
      share: { kind: 'percent', percent: 0.00001 },
      updateType: 'major',
      salt,
      product: 'MyApp',
      version: '<2.0,115.*',
      channel: 'release*',
      platform: 'Linux_x86_64-gcc3',
      buildId: '<20260101000000',
      locale: 'de,fr',
      osVersion: 'Windows_NT 6.1 && x64,Darwin',
      memory: '>=8192',
      instructionSet: 'SSE2,SSE3',
      jaws: false,
      mig64: true,
      distribution: 'default,acme',
      distributionVersion: '1.0',
      architecture: 'Intel',
      comment: 'two\nlines',
    },
    least: { priority: 0 },
    kept: { priority: 0, share: { kind: 'percent', percent: 100 }, updateType: 'minor' },
  },
  release: { whole: { product: 'MyApp', blob }, least: { product: 'MyApp', blob } },
  throttle: {
    whole: { product: 'MyApp', version: '1.0.5', percent: 12.5, salt },
    least: { product: 'MyApp', version: '1.0.5', percent: 0 },
    named: 'MyApp/1.0.5',
  },
  'throttle-exception': {
    whole: { version: '1.0.5', channels: ['betatest', 'releasetest'] },
    least: { version: '1.0.5', channels: [] },
    named: '1.0.5',
  },
  'global-throttle': { whole: { on: true, percent: 100, salt }, least: { on: false, percent: 0 }, named: 'global' },
  'emergency-stop': {
    whole: {
      product: 'MyApp',
      channel: 'beta',
      platform: 'Linux',
      version: '<2.0',
      locale: 'de,fr',
      comment: 'it\nburns',
    },
    least: { product: 'MyApp' },
    named: 'MyApp/*',
  },
  pin: {
    whole: { product: 'MyApp', channel: 'release', version: '115.3.', release: 'MyApp-115' },
    least: { product: 'MyApp', channel: 'release', version: '0115.', release: 'MyApp-115' },
    kept: { product: 'MyApp', channel: 'release', version: '115.', release: 'MyApp-115' },
    named: 'MyApp/release/115.',
  },
  'file-host': {
    whole: {
      host: 'download.example.org:8443',
      products: ['MyApp'],
      paths: [{ pattern: '/pub/.*', products: ['Other'] }],
    },
    least: { host: 'download.example.org' },
    named: 'download.example.org',
  },
  settings: {
    whole: { forceUrlPrefixes: ['https://download.example.org/'], signedProducts: ['MyApp'] },
    least: {},
    kept: { forceUrlPrefixes: [], signedProducts: [] },
    named: 'updates',
  },
};

describe.each(kinds)('the kind $name', ({ name, schema, salted }) => {
  const { whole, least, kept = least } = documented[name];

  test('takes all that it can say, and the least', () => {
    expect(schema.parse(whole)).toEqual(whole);
    expect(schema.parse(least)).toEqual(kept);
  });

  test('takes again what it has kept', () => {
    for (const body of [whole, least]) expect(schema.parse(schema.parse(body))).toEqual(schema.parse(body));
  });

  test('refuses a field that it does not have', () => {
    for (const extra of ['name', 'kind', 'prority', 'constructor']) {
      const { error } = schema.safeParse({ ...least, [extra]: 1 });
      expect(error?.issues, extra).toMatchObject([{ code: 'unrecognized_keys', keys: [extra], path: [] }]);
    }
  });

  test('refuses a field of another type, and says which', () => {
    for (const [field, value] of Object.entries(whole)) {
      const wrong = typeof value === 'object' ? 'a text' : { nested: value };
      const { error } = schema.safeParse({ ...whole, [field]: wrong });
      expect(
        error?.issues.map(({ path }) => path[0]),
        field,
      ).toEqual([field]);
      expect(schema.safeParse({ ...whole, [field]: null }).success, field).toBe(false);
    }
  });

  test('refuses what is no mapping', () => {
    for (const wrong of [undefined, null, 'a text', 1, true, [], [whole]])
      expect(schema.safeParse(wrong).success).toBe(false);
  });

  test('has a salt where it draws tickets, and no other has', () => {
    expect(salted).toBe('salt' in whole);
    if (!salted) return;
    for (const wrong of ['', 'a1b2c3d4e5f6g7h', 'a1b2c3d4e5f6g7h8i', 'A1b2c3d4e5f6g7h8', 'a1b2c3d4e5f6g7h\n', 1]) {
      expect(schema.safeParse({ ...whole, salt: wrong }).error?.issues[0]?.path, String(wrong)).toEqual(['salt']);
    }
  });
});

describe('names', () => {
  test.each(Object.entries(documented).filter(([, { named }]) => named !== undefined))(
    'of a %s follows from what it says',
    (name, { least, kept = least, named }) => {
      expect(kindNamed(name)?.nameOf?.(kept)).toBe(named);
    },
  );

  test.each([
    [{ product: 'MyApp', channel: 'beta' }, 'MyApp/beta'],
    [{ product: 'MyApp', platform: 'Linux' }, 'MyApp/*/platform=Linux'],
    [
      { product: 'MyApp', channel: 'beta', locale: 'de', version: '<2.0', platform: 'x', comment: 'c' },
      'MyApp/beta/platform=x/version=<2.0/locale=de',
    ],
  ])('of an emergency stop %j is what it holds', (body, name) => {
    expect(kindNamed('emergency-stop')?.nameOf?.(body)).toBe(name);
  });

  test('of a rule is its number', () => {
    const { namePattern, nameRule, nameOf } = kindNamed('rule') ?? {};
    expect(nameOf).toBeUndefined();
    expect(nameRule).toBe('a rule is called by its number');
    const isNumber = (name: string) => namePattern?.test(name) === true;
    expect(['0', '1', '42', '999999999999999'].filter(isNumber)).toHaveLength(4);
    expect(['', '01', '-1', '1.5', '1e3', ' 1', '1\n', 'one', '1000000000000000'].filter(isNumber)).toEqual([]);
    for (const name of ['0', '999999999999999']) expect(String(Number(name))).toBe(name);
  });

  test('of kinds are known, and no other is', () => {
    for (const { name } of kinds) expect(isKindName(name) && kindNamed(name)?.name === name).toBe(true);
    for (const name of ['', 'Rule', 'rules', 'constructor', '__proto__']) {
      expect(isKindName(name)).toBe(false);
      expect(kindNamed(name)).toBeUndefined();
    }
    expect(Object.keys(documented).sort()).toEqual(kinds.map(({ name }) => name).sort());
  });
});

describe('what is refused', () => {
  test.each<[KindName, Body]>([
    ['rule', { alias: '' }],
    ['rule', { alias: '1st' }],
    ['rule', { alias: 'with blank' }],
    ['rule', { alias: 'a'.repeat(51) }],
    ['rule', { priority: -1 }],
    ['rule', { priority: 1.5 }],
    ['rule', { priority: '1' }],
    ['rule', { release: '' }],
    ['rule', { release: 'a'.repeat(201) }],
    ['rule', { updateType: 'huge' }],
    ['rule', { product: 'a\nb' }],
    ['rule', { channel: 'a\u0085b' }],
    ['rule', { comment: 'a'.repeat(501) }],
    ['throttle', { percent: -1 }],
    ['throttle', { percent: 100.00001 }],
    ['throttle', { percent: 12.345678 }],
    ['throttle', { percent: 0.000001 }],
    ['throttle', { percent: '25' }],
    ['throttle', { percent: Number.NaN }],
    ['throttle', { version: '' }],
    ['throttle-exception', { channels: [''] }],
    ['global-throttle', { on: 'yes' }],
    ['global-throttle', { percent: 99.999999 }],
    ['emergency-stop', { product: '' }],
    ['emergency-stop', { channel: '' }],
    ['pin', { version: '115' }],
    ['pin', { version: '115.3' }],
    ['pin', { version: '115.*' }],
    ['pin', { version: '1.2.3.' }],
    ['pin', { version: '' }],
    ['file-host', { host: 'https://download.example.org' }],
    ['file-host', { host: 'download.example.org/pub' }],
    ['file-host', { host: 'user@download.example.org' }],
    ['file-host', { host: '' }],
    ['file-host', { paths: [{ pattern: '(', products: [] }] }],
    ['file-host', { paths: [{ pattern: '/' }] }],
    ['settings', { signedProducts: [1] }],
    ['settings', { forceUrlPrefixes: [''] }],
    ['release', { product: '' }],
    ['release', { blob: { ...blob, schema_version: 7 } }],
  ])('in a %s is %j', (name, wrong) => {
    const { whole } = documented[name];
    const [field] = Object.keys(wrong);
    const { error } = kindNamed(name)?.schema.safeParse({ ...whole, ...wrong }) ?? {};
    expect(error?.issues.length).toBeGreaterThan(0);
    for (const { path } of error?.issues ?? []) expect(path[0]).toBe(field);
  });

  test('is not a percentage with five decimal places', () => {
    const { schema } = kindNamed('throttle') ?? {};
    for (const percent of [0, 100, 0.00001, 99.99999, 12.34567, 33.33333, 0.1, 57.00003]) {
      expect(schema?.safeParse({ product: 'a', version: 'b', percent }).success, String(percent)).toBe(true);
    }
  });
});
