import { describe, expect, test } from 'vitest';
import { type KindName, kindNames } from '../kind.ts';
import type { Reach } from '../reach.ts';
import { documented } from './documented-bodies.fixture.ts';
import { isKindName, kindNamed, kinds } from './index.ts';

type Body = Readonly<Record<string, unknown>>;

const blob = { name: 'MyApp-2.0', schema_version: 4 };

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
    expect([...kindNames].sort()).toEqual(kinds.map(({ name }) => name).sort());
  });

  test('of people are addresses in small letters', () => {
    const isName = (name: string) => kindNamed('user')?.namePattern?.test(name) === true;
    const right = ['ada@example.org', 'a@b', 'ö.o+x@exämple.org', `${'a'.repeat(188)}@example.org`];
    expect(right.filter(isName)).toEqual(right);
    const wrong = [
      '',
      'ada',
      '@b',
      'a@',
      'a@b@c',
      'Ada@example.org',
      'a b@c',
      'a@b\n',
      `${'a'.repeat(189)}@example.org`,
    ];
    expect(wrong.filter(isName)).toEqual([]);
  });

  test('of service accounts are small letters, digits and hyphens', () => {
    const isName = (name: string) => kindNamed('service-account')?.namePattern?.test(name) === true;
    expect(['a', 'build-farm-2', '7', 'a'.repeat(60)].filter(isName)).toHaveLength(4);
    expect(['', 'A', 'a b', 'a_b', 'a\n', 'a@b', 'a'.repeat(61)].filter(isName)).toEqual([]);
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
    ['policy', { role: 'Release Manager' }],
    ['policy', { role: '1st' }],
    ['policy', { role: 'a'.repeat(41) }],
    ['policy', { signOffs: 0 }],
    ['policy', { signOffs: 101 }],
    ['policy', { signOffs: 1.5 }],
    ['policy', { kinds: ['wish'] }],
    ['policy', { kinds: [] }],
    ['policy', { product: '' }],
    ['user', { roles: ['Admin'] }],
    ['user', { disabled: 'no' }],
    ['service-account', { roles: [''] }],
    ['grant', { role: '' }],
    ['grant', { actions: [] }],
    ['grant', { actions: ['sign'] }],
    ['grant', { kinds: ['wish'] }],
    ['grant', { products: [] }],
    ['grant', { channels: [''] }],
    ['signal', { source: 'carrier-pigeon' }],
    ['signal', { url: 'ftp://stats.example.org' }],
    ['signal', { url: 'https://user:word@stats.example.org' }],
    ['signal', { url: 'https://stats.example.org/#crashes' }],
    ['signal', { access: { as: 'header', header: 'Host', secret: 'stats' } }],
    ['signal', { access: { as: 'header', header: 'X\r\nY', secret: 'stats' } }],
    ['signal', { access: { as: 'bearer', secret: '' } }],
    ['signal', { every: 'PT0.5S' }],
    ['signal', { timeout: 'PT2M' }],
    ['signal', { method: 'PUT' }],
    ['signal', { body: { a: 'a'.repeat(10_000) } }],
    ['signal', { body: 'a' }],
    ['signal', { value: 'data' }],
    ['signal', { asOf: '/data/~2' }],
    ['regression-line', { line: 'update/3' }],
    ['regression-line', { line: 'https://example.org/update/3' }],
    ['regression-line', { line: '/update 3' }],
    ['regression-line', { line: '/update\u0085' }],
    ['regression-line', { line: `/${'a'.repeat(8000)}` }],
    ['regression-line', { release: '' }],
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

test.each(['webhook', 'slack'])('the address of a %s holds nothing that lets anybody in', (transport) => {
  const { schema } = kindNamed('notifier') ?? {};
  const isTaken = (url: string) => schema?.safeParse({ transport, url, secret: 'team' }).success;
  expect(isTaken('https://hooks.example.org/sluice')).toBe(true);
  for (const wrong of [
    'https://user:word@hooks.example.org/',
    'https://hooks.example.org/#a',
    'ftp://hooks.example.org/',
  ])
    expect(isTaken(wrong), wrong).toBe(false);
});

test('a grant names a thousand places at most', () => {
  const { schema } = kindNamed('grant') ?? {};
  const grant = (count: number) => ({
    role: 'qa',
    actions: ['read'],
    products: Array.from({ length: count }, (_, i) => `P${i}`),
    channels: ['a', 'b'],
  });
  expect(schema?.safeParse(grant(500)).success).toBe(true);
  expect(schema?.safeParse(grant(501)).error?.issues).toMatchObject([{ path: ['products'] }]);
});

describe('what is said twice or not at all is refused', () => {
  test.each<[KindName, Body]>([
    ['grant', { actions: ['read'] }],
    ['grant', { actions: ['read'], role: 'qa', user: 'a@b' }],
    ['grant', { actions: ['read'], role: 'qa', serviceAccount: 'a' }],
    ['grant', { actions: ['read'], user: 'a@b', serviceAccount: 'a' }],
    ['regression-line', { line: '/', release: 'a', nothing: true }],
    ['regression-line', { line: '/', nothing: false }],
    ['signal', { source: 'http-json', url: 'https://a', value: '', body: {} }],
    ['signal', { source: 'prometheus', url: 'https://a/?b=c', query: 'up' }],
  ])('of a %s: %j', (name, body) => {
    expect(kindNamed(name)?.schema.safeParse(body).success).toBe(false);
  });
});

describe('where an object reaches', () => {
  test.each<[KindName, Body, readonly Reach[]]>([
    ['rule', { priority: 1 }, [{}]],
    ['rule', { priority: 1, product: 'P' }, [{ product: 'P' }]],
    ['rule', { priority: 1, product: 'P', channel: 'rel*' }, [{ product: 'P', channel: 'rel*' }]],
    ['release', { product: 'P', blob }, [{ product: 'P' }]],
    ['throttle', { product: 'P', version: '1', percent: 1 }, [{ product: 'P' }]],
    ['throttle-exception', { version: '1', channels: ['a', 'b'] }, [{ channel: 'a' }, { channel: 'b' }]],
    ['throttle-exception', { version: '1', channels: [] }, []],
    ['global-throttle', { on: true, percent: 1 }, [{}]],
    ['settings', {}, [{}]],
    ['pin', { product: 'P', channel: 'c', version: '1.', release: 'r' }, [{ product: 'P', channel: 'c' }]],
    ['emergency-stop', { product: 'P' }, [{ product: 'P' }]],
    ['emergency-stop', { product: 'P', channel: 'c' }, [{ product: 'P', channel: 'c' }]],
    ['file-host', { host: 'h' }, [{}]],
    ['file-host', { host: 'h', products: [] }, []],
    [
      'file-host',
      { host: 'h', products: ['P'], paths: [{ pattern: '/', products: ['P', 'Q'] }] },
      [{ product: 'P' }, { product: 'Q' }],
    ],
    ['policy', { role: 'qa', signOffs: 1 }, [{}]],
    ['policy', { role: 'qa', signOffs: 1, channel: 'rel*' }, [{ channel: 'rel*' }]],
    ['user', {}, [{}]],
    ['service-account', {}, [{}]],
    ['grant', { role: 'qa', actions: ['read'] }, [{}]],
    [
      'grant',
      { role: 'qa', actions: ['read'], products: ['P', 'Q'], channels: ['c'] },
      [
        { product: 'P', channel: 'c' },
        { product: 'Q', channel: 'c' },
      ],
    ],
    ['regression-line', { line: '/' }, []],
    ['signal', { source: 'prometheus', url: 'http://a', query: 'up' }, [{}]],
    ['signal', { source: 'prometheus', url: 'http://a', query: 'up', product: 'P' }, [{ product: 'P' }]],
  ])('a %s of %j', (name, body, reaches) => {
    const kind = kindNamed(name);
    expect(kind?.reachOf(kind.schema.parse(body))).toEqual(reaches);
  });

  test('and only what clients are answered by is served', () => {
    const apart = kinds.filter(({ served }) => !served).map(({ name }) => name);
    expect(apart).toEqual([
      'policy',
      'user',
      'service-account',
      'grant',
      'regression-line',
      'signal',
      'notifier',
      'freeze',
    ]);
  });
});
