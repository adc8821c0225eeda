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
    settings,
  });
});

test('a rule that has not changed is the same object again, and one that has is not', () => {
  const body = { priority: 1, share: { kind: 'percent', percent: 5 }, updateType: 'minor', salt };
  const [one, other] = [stored('rule', '1', body), stored('rule', '1', { ...body, priority: 2 }, 4)];
  const [first] = toConfiguration(1, [one]).rules;
  expect(toConfiguration(2, [one]).rules[0]).toBe(first);
  expect(toConfiguration(2, [other]).rules[0]).toMatchObject({ version: 4, value: { priority: 2 } });
});
