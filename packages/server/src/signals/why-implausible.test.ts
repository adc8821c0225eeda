import { expect, test } from 'vitest';
import { type Count, countedFrom, throughMs } from './counted.fixture.ts';
import { crashes } from './crashes.ts';
import { events } from './events.ts';
import { uptake } from './uptake.ts';
import { whyImplausible } from './why-implausible.ts';

const dayMs = 86_400_000;
const of = { product: 'Firefox', version: '2.0' } as const;
const window = { fromMs: throughMs - dayMs, toMs: throughMs, lastsMs: dayMs };
const why = (event: Parameters<typeof whyImplausible>[1]['event'], counts: readonly Count[], more = {}) =>
  whyImplausible(countedFrom(counts, more), { ...of, event }, window);

const active = (count: number): Count => ({ event: 'active-today', version: '2.0', count });
const installed = (count: number): Count => ({ event: 'installed', version: '2.0', count });
const check: Count = { event: 'check', version: '2.0', count: 1000 };
const offer: Count = { event: 'check', release: 'Firefox-2.0', rule: 1, count: 1000, binMs: throughMs - 5 * dayMs };
const mixed: Count = { event: 'uncounted', version: '', count: 400 };

test.each<readonly [string, Parameters<typeof why>[0], readonly Count[], number]>([
  ['more active installs than checked', 'active-today', [check, active(1)], 1600],
  ['more updates installed than were offered', 'installed', [offer, installed(1)], 1600],
  ['and where some could not be told apart, these count as well', 'installed', [offer, mixed, installed(1)], 2200],
  [
    'more installs that crashed than are active',
    'crashed-today',
    [active(50), { ...active(1), event: 'crashed-today' }],
    50,
  ],
])('%s cannot be', async (_, event, counts, most) => {
  const reported = (count: number) => counts.map((one, at) => (at === counts.length - 1 ? { ...one, count } : one));
  expect(await why(event, reported(most))).toBeUndefined();
  expect(await why(event, reported(most + 1))).toMatch(`${most + 1} reports of ${event} are more than can be`);
});

test('nothing is said where caches may have answered for us, or nobody says who is active', async () => {
  const none = { population: async () => undefined };
  const young = {
    population: async () => ({ body: { product: 'Firefox', checkInterval: 'PT24H' }, sinceMs: throughMs - 1 }),
  };
  for (const more of [none, young]) {
    expect(await why('active-today', [active(5000)], more)).toBeUndefined();
    expect(await why('installed', [installed(5000)], more)).toBeUndefined();
  }
  expect(await why('crashed-today', [{ ...active(5000), event: 'crashed-today' }])).toBeUndefined();
  expect(await why('failed', [{ ...active(5000), event: 'failed' }])).toBeUndefined();
});

test('who checks once a week is active on seven days', async () => {
  const weekly = { population: async () => ({ body: { product: 'Firefox', checkInterval: 'P7D' }, sinceMs: 0 }) };
  expect(await why('active-today', [check, active(10_000)], weekly)).toBeUndefined();
});

test('what cannot be is unknown to every signal that rests on it', async () => {
  const counted = countedFrom([active(5000), check, { ...active(5), event: 'crashed-today' }, installed(5000)]);
  const readings = await Promise.all([
    uptake.read({ ...of, from: 'telemetry' }, counted),
    uptake.read({ ...of, version: '1.0', from: 'telemetry', as: 'percent' }, counted),
    crashes.read(of, counted),
    events.read({ ...of, event: 'installed' }, counted),
    events.read({ ...of, event: 'active-today' }, counted),
  ]);
  for (const { value, note } of readings) {
    expect([value, note]).toEqual([undefined, expect.stringMatching(/more than can be/)]);
  }
  expect((await events.read({ ...of, event: 'crashed-today' }, counted)).value).toBe(5);
});
