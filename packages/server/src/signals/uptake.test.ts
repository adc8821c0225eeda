import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Counted } from '../signal.ts';
import { type Count, countedFrom, throughMs } from './counted.fixture.ts';
import { describeOwnSignal } from './own-signal.contract.ts';
import { uptake } from './uptake.ts';

const firefox = { product: 'Firefox', version: '2.0' } as const;
const hourMs = 3_600_000;

describeOwnSignal(uptake, [
  firefox,
  { ...firefox, channel: 'release', as: 'percent' },
  { ...firefox, from: 'telemetry' },
  { ...firefox, from: 'telemetry', as: 'percent' },
]);

const checks: readonly Count[] = [
  { event: 'check', version: '2.0', count: 300 },
  { event: 'check', version: '1.0', count: 700 },
  { event: 'check', version: '2.0', channel: 'beta', count: 50 },
  { event: 'forced-check', version: '2.0', count: 1000 },
  { event: 'check', version: '2.0', count: 9999, binMs: throughMs - 25 * hourMs },
];
const read = (query: object, counts = checks, more: Partial<Counted> = {}) =>
  uptake.read({ ...firefox, ...query }, countedFrom(counts, more));
const every = (checkInterval: string, sinceMs = 0): Partial<Counted> => ({
  population: async (product) => ({ body: { product, checkInterval }, sinceMs }),
});

test('an install that checks once in an interval is counted once, and what people asked for is left out', async () => {
  expect(await read({ channel: 'release' })).toEqual({
    asOfMs: throughMs,
    value: 300,
    note: 'an estimate: 300 of 1000 update checks in 1 day were of version 2.0, and an install makes one in 1 day',
  });
  expect((await read({})).value).toBe(350);
  expect((await read({ channel: 'release' }, checks, every('PT6H'))).value).toBe(300);
});

test('over a longer window an install is seen several times and counted once', async () => {
  expect((await read({ window: 'P2D', channel: 'release' })).value).toBe((300 + 9999) / 2);
});

test('a window shorter than the interval would miss installs, and is made as long', async () => {
  expect((await read({ window: 'PT1H', channel: 'release' })).value).toBe(300);
});

test('the percentage is of all checks of the same product, channel and window', async () => {
  expect((await read({ channel: 'release', as: 'percent' })).value).toBe(30);
});

test('a percentage is never below 0 or above 100', async () => {
  const count = fc.record({ version: fc.constantFrom('1.0', '2.0'), count: fc.integer({ min: 1, max: 2 ** 40 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(count, { minLength: 1 }), async (counts) => {
      const { value = Number.NaN } = await read(
        { as: 'percent' },
        counts.map((one) => ({ event: 'check', ...one })),
      );
      expect(value >= 0 && value <= 100).toBe(true);
    }),
    { seed: 5 },
  );
});

test('more checks of a version never make fewer installs of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(10_000), fc.nat(10_000), fc.constantFrom('count', 'percent'), async (some, more, as) => {
      const countsOf = (count: number): readonly Count[] => [
        { event: 'check', version: '1.0', count: 100 },
        { event: 'check', version: '2.0', count },
      ];
      const [less, greater] = [await read({ as }, countsOf(some)), await read({ as }, countsOf(some + more))];
      expect(greater.value).toBeGreaterThanOrEqual(less.value ?? Number.NaN);
    }),
    { seed: 5 },
  );
});

test.each<[string, readonly Count[], Partial<Counted>, RegExp]>([
  ['without a population', checks, { population: async () => undefined }, /no population Firefox/],
  ['while caches may still hide checks', checks, every('PT24H', throughMs - 23 * hourMs), /less than the window/],
  ['when checks were not told apart', [...checks, { event: 'uncounted', count: 3 }], {}, /^3 checks .* not told apart/],
  ['when nobody checked at all', [{ event: 'forced-check', count: 5 }], {}, /^no update checks at all in 1 day$/],
])('it is unknown %s', async (_, counts, more, why) => {
  for (const as of ['count', 'percent'] as const) {
    const reading = await read({ as }, counts, more);
    expect(reading.value).toBeUndefined();
    expect(reading.note).toMatch(why);
  }
});

test('it is known as soon as the population is older than the window', async () => {
  expect((await read({}, checks, every('PT24H', throughMs - 24 * hourMs))).value).toBe(350);
});

test('telemetry counts each install that was active on a day, without a population', async () => {
  const reports: readonly Count[] = [
    { event: 'active-today', version: '2.0', count: 40 },
    { event: 'active-today', version: '1.0', count: 160 },
    { event: 'active-today', version: '2.0', count: 40, binMs: throughMs - 30 * hourMs },
    ...checks,
  ];
  const none = { population: async () => undefined };
  expect((await read({ from: 'telemetry' }, reports, none)).value).toBe(40);
  expect((await read({ from: 'telemetry', window: 'P2D' }, reports, none)).value).toBe(40);
  expect((await read({ from: 'telemetry', as: 'percent' }, reports, none)).value).toBe(20);
  expect((await read({ from: 'telemetry' }, checks, none)).note).toMatch(/^no reports of active installs at all/);
});
