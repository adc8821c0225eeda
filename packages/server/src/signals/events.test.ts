import { expect, test } from 'vitest';
import { type Count, countedFrom } from './counted.fixture.ts';
import { events } from './events.ts';
import { describeOwnSignal } from './own-signal.contract.ts';

describeOwnSignal(events, [
  { product: 'Firefox', event: 'installed' },
  { product: 'Firefox', event: 'failed', version: '2.0', channel: 'release' },
]);

const counts: readonly Count[] = [
  { event: 'installed', version: '2.0', count: 8 },
  { event: 'installed', version: '1.0', count: 2 },
  { event: 'installed', version: '2.0', count: 50, binMs: 0 },
];

test('what clients reported in a day is counted', async () => {
  const counted = countedFrom(counts);
  expect((await events.read({ product: 'Firefox', event: 'installed' }, counted)).value).toBe(10);
  expect((await events.read({ product: 'Firefox', event: 'installed', version: '2.0' }, counted)).value).toBe(8);
});

test('nothing of one sort is 0 as long as something of another comes', async () => {
  expect((await events.read({ product: 'Firefox', event: 'failed' }, countedFrom(counts))).value).toBe(0);
});

test('silence is not 0', async () => {
  const { value, note } = await events.read(
    { product: 'Firefox', event: 'failed' },
    countedFrom([{ event: 'check', count: 5 }]),
  );
  expect([value, note]).toEqual([undefined, 'no telemetry of Firefox at all in 1 day']);
});
