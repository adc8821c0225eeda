import { emptyConfiguration } from 'sluice';
import { expect, test } from 'vitest';
import type { KindName } from '../kind.ts';
import type { StoredObject } from '../store.ts';
import { toConfiguration } from './load-configuration.ts';

function stored(kind: KindName, name: string, body: unknown, version = 3): StoredObject {
  return { kind, name, version, revision: 9, body };
}

const salt = '0123456789abcdef';
const blob = { name: 'r', schema_version: 4000, products: [] } as const;

test('an empty store is the empty configuration at its revision', () => {
  expect(toConfiguration(5, [])).toEqual({ ...emptyConfiguration, revision: 5 });
});

test('each object stands where the engine looks for it, in its version', () => {
  const at = '2026-12-01T10:00:00Z';
  const share = { kind: 'ramp', points: [{ at, percent: 5, by: 'step' }] } as const;
  const rule = { priority: 1, share, updateType: 'minor', salt, product: 'MyApp' };
  const throttle = { product: 'MyApp', version: '1.0', percent: 1, salt };
  const pin = { product: 'MyApp', channel: 'a', version: '1.', release: 'r' };
  const settings = { forceUrlPrefixes: ['u'], signedProducts: ['MyApp'] };
  const population = { product: 'MyApp', checkInterval: 'PT12H' };
  const clientKey = { product: 'MyApp', channels: ['release'], perMinute: 10 };
  const objects = [
    stored('rule', '42', rule),
    stored('release', 'r', { product: 'MyApp', blob }),
    stored('throttle', 'MyApp/1.0', throttle),
    stored('throttle-exception', '1.0', { version: '1.0', channels: ['beta'] }),
    stored('global-throttle', 'global', { on: true, percent: 2, salt }),
    stored('emergency-stop', 'MyApp/*', { product: 'MyApp' }),
    stored('pin', 'MyApp/a/1.', pin),
    stored('file-host', 'h', { host: 'h' }),
    stored('settings', 'updates', settings),
    stored('population', 'MyApp', population),
    stored('client-key', 'ck_a', { ...clientKey, comment: 'c' }),
  ];
  const points = [{ atMs: Date.parse(at), percent: 5, by: 'step' }];
  expect(toConfiguration(9, objects)).toEqual({
    revision: 9,
    rules: [{ version: 3, value: { ...rule, id: 42, share: { kind: 'ramp', points } } }],
    releases: [{ version: 3, value: { name: 'r', product: 'MyApp', blob } }],
    throttles: [{ version: 3, value: throttle }],
    throttleExceptions: [{ version: 3, value: { version: '1.0', channels: ['beta'] } }],
    globalThrottle: { version: 3, value: { on: true, percent: 2, salt } },
    emergencyStops: [{ name: 'MyApp/*', version: 3, value: { product: 'MyApp' } }],
    pins: [{ version: 3, value: pin }],
    fileHosts: [{ version: 3, value: { host: 'h' } }],
    populations: [{ version: 3, value: population }],
    clientKeys: [{ version: 3, value: { ...clientKey, key: 'ck_a' } }],
    settings,
  });
});

const percent = { kind: 'percent', percent: 5 };
const ruleBody = { priority: 1, share: percent, updateType: 'minor', salt };
const oneOfEach = [
  stored('rule', '1', ruleBody),
  stored('release', 'r', { product: 'MyApp', blob }),
  stored('throttle', 'MyApp/1.0', { product: 'MyApp', version: '1.0', percent: 1, salt }),
  stored('throttle-exception', '1.0', { version: '1.0', channels: ['beta'] }),
  stored('global-throttle', 'global', { on: true, percent: 2, salt }),
  stored('emergency-stop', 'MyApp/*', { product: 'MyApp' }),
  stored('pin', 'MyApp/a/1.', { product: 'MyApp', channel: 'a', version: '1.', release: 'r' }),
  stored('file-host', 'h', { host: 'h' }),
  stored('settings', 'updates', { forceUrlPrefixes: ['u'], signedProducts: ['MyApp'] }),
  stored('population', 'MyApp', { product: 'MyApp', checkInterval: 'PT12H' }),
  stored('client-key', 'ck_a', { product: 'MyApp', perMinute: 1 }),
];

function partsOf(objects: readonly StoredObject[]): Readonly<Record<string, unknown>> {
  const { revision: _, ...parts } = toConfiguration(1, objects);
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, Array.isArray(part) ? part[0] : part] as const),
  );
}

test('an object of any kind that has not changed is the very same again', () => {
  const first = partsOf(oneOfEach);
  for (const [name, part] of Object.entries(partsOf([...oneOfEach].reverse()))) {
    expect(part, name).toBeTypeOf('object');
    expect(part, name).toBe(first[name]);
  }
});

test('an object of any kind that has changed is another', () => {
  const first = partsOf(oneOfEach);
  const changed = oneOfEach.map((object) => ({ ...object, version: 4, body: { ...(object.body as object) } }));
  for (const [name, part] of Object.entries(partsOf(changed))) expect(part, name).not.toBe(first[name]);
  expect(toConfiguration(2, changed).rules[0]).toMatchObject({ version: 4, value: { priority: 1 } });
});

test('two versions of one object are not taken for one another', () => {
  const other = stored('rule', '1', { ...ruleBody, priority: 2 }, 4);
  expect(toConfiguration(1, [stored('rule', '1', ruleBody), other]).rules.map(({ value }) => value.priority)).toEqual([
    1, 2,
  ]);
});

test.each<readonly [KindName, string, unknown, string]>([
  ['rule', '42', { ...ruleBody, share: undefined }, 'rule 42 in version 3: share.kind is neither percent nor ramp'],
  ['rule', '42', { ...ruleBody, share: 5 }, 'rule 42 in version 3: share.kind is neither percent nor ramp'],
  ['rule', '42', { ...ruleBody, share: { kind: 'ramp' } }, 'rule 42 in version 3: share.points is no list'],
  ['rule', 'x', ruleBody, 'rule x in version 3: name is no number'],
  ['rule', '42', null, 'rule 42 in version 3: body is no object'],
  ['release', 'r', { product: 'MyApp' }, 'release r in version 3: blob.schema_version is no number'],
  ['release', 'r', { product: 'MyApp', blob: {} }, 'release r in version 3: blob.schema_version is no number'],
  ['release', 'r', null, 'release r in version 3: body is no object'],
  ['pin', 'p', 'text', 'pin p in version 3: body is no object'],
  ['emergency-stop', 's', undefined, 'emergency-stop s in version 3: body is no object'],
])('a %s %s that is %j is named with its field', (kind, name, body, detail) => {
  const objects = [...oneOfEach, stored(kind, name, body)];
  expect(() => toConfiguration(1, objects)).toThrow(expect.objectContaining({ code: 'store-corrupt', detail }));
});
