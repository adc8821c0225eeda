import { expect, test } from 'vitest';
import { signalKey } from './signal-key.ts';

const compared = { op: '>=', value: 1 } as const;
const another = { op: '<', value: 7, for: 'PT1H', latched: true } as const;

test('a signal that is read outside is called by its name', () => {
  expect(signalKey({ name: 'crash-rate', ...compared })).toBe('signal/crash-rate');
});

test('the same question has the same key, however it is written and whatever it is compared with', () => {
  const key =
    'uptake {"as":"count","channel":"release","from":"checks","product":"Firefox","version":"157.0","window":"PT3600S"}';
  const place = { product: 'Firefox', channel: 'release' };
  expect(signalKey({ uptake: { ...place, version: '157.0', window: 'PT1H' }, ...compared })).toBe(key);
  expect(
    signalKey({
      uptake: { window: 'PT60M', from: 'checks', version: '157.0', as: 'count', ...place },
      ...another,
    }),
  ).toBe(key);
});

test('different questions have different keys', () => {
  const place = { product: 'Firefox' };
  const keys = [
    signalKey({ checks: place, ...compared }),
    signalKey({ offers: place, ...compared }),
    signalKey({ crashes: place, ...compared }),
    signalKey({ checks: { ...place, window: 'PT1H' }, ...compared }),
    signalKey({ checks: { ...place, channel: 'release' }, ...compared }),
    signalKey({ name: 'checks {"product":"Firefox"}', ...compared }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});
