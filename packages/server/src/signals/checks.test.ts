import { expect, test } from 'vitest';
import { checks } from './checks.ts';
import { type Count, countedFrom, throughMs } from './counted.fixture.ts';
import { describeOwnSignal } from './own-signal.contract.ts';

describeOwnSignal(checks, [{ product: 'Firefox' }, { product: 'Firefox', version: '2.0', channel: 'beta' }]);

const counts: readonly Count[] = [
  { event: 'check', count: 100 },
  { event: 'check', version: '2.0', release: 'x', rule: 1, count: 20 },
  { event: 'forced-check', version: '2.0', count: 3 },
  { event: 'check', version: '2.0', count: 500, binMs: throughMs - 2 * 3_600_000 },
];
const mixed: readonly Count[] = [...counts, { event: 'uncounted', version: '', count: 7 }];
const read = (query: object, of = counts, more = {}) =>
  checks.read({ product: 'Firefox', ...query }, countedFrom(of, more));

test('all of an hour are counted, those that people asked for too', async () => {
  expect((await read({})).value).toBe(123);
  expect((await read({ version: '2.0' })).value).toBe(23);
  expect((await read({ version: '2.0', window: 'PT3H' })).value).toBe(523);
});

test('those that were not told apart count among all, and leave those of a version unknown', async () => {
  expect((await read({}, mixed)).value).toBe(130);
  expect((await read({ version: '2.0' }, mixed)).value).toBeUndefined();
});

test('where caches may answer they are unknown', async () => {
  const { value, note } = await read({}, counts, { population: async () => undefined });
  expect([value, note]).toEqual([undefined, expect.stringMatching(/caches may answer for us/)]);
  const body = { product: 'Firefox', checkInterval: 'PT24H' };
  const young = { population: async () => ({ body, sinceMs: throughMs - 60_000 }) };
  expect((await read({}, counts, young)).note).toMatch(/caches may have hidden checks/);
});
