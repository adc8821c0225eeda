import { expect, test } from 'vitest';
import { type Count, countedFrom } from './counted.fixture.ts';
import { offers } from './offers.ts';
import { describeOwnSignal } from './own-signal.contract.ts';

const offered = { release: 'Firefox-2.0', rule: 10 } as const;

describeOwnSignal(offers, [{ product: 'Firefox' }, { product: 'Firefox', channel: 'release', rule: 10 }]);

const counts: readonly Count[] = [
  { event: 'check', count: 100 },
  { event: 'check', ...offered, count: 30 },
  { event: 'forced-check', ...offered, count: 3 },
  { event: 'check', release: 'Firefox-3.0', rule: 11, count: 5 },
  { event: 'check', ...offered, channel: 'beta', count: 7 },
  { event: 'check', ...offered, count: 1000, binMs: 0 },
  { event: 'active-today', ...offered, count: 9 },
];
const read = (query: object, more = {}) => offers.read({ product: 'Firefox', ...query }, countedFrom(counts, more));

test('all that were made and are kept are counted, those that people asked for too', async () => {
  const { value, note } = await read({ channel: 'release' });
  expect([value, note]).toEqual([1038, 'offers counted in all that is kept']);
});

test('of a release, a rule and a window', async () => {
  expect((await read({ window: 'P1D' })).value).toBe(45);
  expect((await read({ window: 'P1D', rule: 10, channel: 'release' })).value).toBe(33);
  expect((await read({ window: 'P1D', release: 'Firefox-3.0' })).value).toBe(5);
  expect((await read({ release: 'Firefox-4.0' })).value).toBe(0);
});

test('where nobody checked at all, nobody knows whether there was nothing to offer', async () => {
  const nobody = await read({ product: 'Fennec' });
  expect([nobody.value, nobody.note]).toEqual([undefined, 'no update checks of Fennec at all']);
  expect((await read({ channel: 'release*' })).value).toBeUndefined();
});

test('where checks were not told apart, how many of them came with an offer is not known', async () => {
  const mixed = countedFrom([...counts, { event: 'uncounted', version: '', count: 4 }]);
  const { value, note } = await offers.read({ product: 'Firefox' }, mixed);
  expect([value, note]).toEqual([undefined, expect.stringMatching(/^4 checks in the window were not told apart/)]);
});

test('where no population keeps answers from caches, that is said', async () => {
  const { value, note } = await read({}, { population: async () => undefined });
  expect([value, note]).toEqual([1045, expect.stringMatching(/what caches gave is not among them/)]);
});
