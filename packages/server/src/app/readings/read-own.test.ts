import type { Reading } from 'sluice';
import { describe, expect, test } from 'vitest';
import type { CountBatch } from '../../count.ts';
import type { OwnSignal } from '../../signal.ts';
import { ownSignals } from '../../signals/index.ts';
import { made, operator, patched, startMs, type Workshop, workshopOver } from '../changes/changing.fixture.ts';
import { atMoment } from '../changes/desk.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { type OwnQuery, readOwn } from './read-own.ts';

const openStore = temporaryStores();
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const uptake: OwnQuery = { uptake: { product: 'Firefox', version: '2.0' } };
const offers: OwnQuery = { offers: { product: 'Firefox' } };

async function opened(): Promise<Workshop> {
  const workshop = workshopOver(await openStore());
  await workshop.propose(operator, [made('population', 'Firefox', { product: 'Firefox', checkInterval: 'PT1H' })]);
  return workshop;
}

/** What a node counted until `minutes` after the start: some checks a minute before, half of them with an offer. */
function tell({ store }: Workshop, minutes: number, more: Partial<CountBatch> = {}): Promise<boolean> {
  const throughMs = startMs + minutes * minuteMs;
  const series = { event: 'check', product: 'Firefox', channel: 'release', version: '2.0' } as const;
  const counts = [
    { ...series, release: 'Firefox-3.0', rule: 10, binMs: throughMs - minuteMs, count: 5 },
    { ...series, release: '', rule: 0, binMs: throughMs - minuteMs, count: 5 },
  ];
  return store.write((tx) => tx.mergeCounts({ source: 'one', sequence: 1, throughMs, counts, ...more }, throughMs));
}

function read({ changing, setClock }: Workshop, minutes: number, query: OwnQuery): Promise<Reading> {
  setClock(startMs + minutes * minuteMs);
  return atMoment({ ...changing, ownSignals }, (moment) => readOwn(moment, query));
}

test('what nodes told is added up, as of the time up to which all of them have', async () => {
  const workshop = await opened();
  await tell(workshop, 60);
  await tell(workshop, 59, { source: 'two' });
  const reading = await read(workshop, 60, offers);
  expect(reading).toEqual({ asOfMs: startMs + 59 * minuteMs, value: 5, note: 'offers counted in all that is kept' });
  await tell(workshop, 60, { source: 'two', sequence: 2, last: true, counts: [] });
  expect(await read(workshop, 60, offers)).toMatchObject({ asOfMs: startMs + hourMs, value: 10 });
});

test('a node that falls silent holds readings back, and after a quarter of an hour is taken for dead', async () => {
  const workshop = await opened();
  await tell(workshop, 60, { source: 'silent' });
  await tell(workshop, 75);
  const held = await read(workshop, 75, offers);
  expect(held).toMatchObject({ asOfMs: startMs + hourMs, note: expect.stringMatching(/held back by silent/) });
  await tell(workshop, 76, { sequence: 2 });
  const past = await read(workshop, 76, offers);
  expect(past).toMatchObject({
    asOfMs: startMs + 76 * minuteMs,
    note: expect.stringMatching(/silent .* taken for dead/),
  });
});

test('once nobody counts any more the time of the counts stands still', async () => {
  const workshop = await opened();
  await tell(workshop, 60, { last: true });
  const later = await read(workshop, 600, offers);
  expect(later).toMatchObject({ asOfMs: startMs + hourMs, value: 5, note: expect.stringMatching(/no node counts/) });
});

describe('the installs of a product are known', () => {
  test('once its answers have been kept from caches for a window', async () => {
    const workshop = await opened();
    await tell(workshop, 59);
    expect((await read(workshop, 59, uptake)).value).toBeUndefined();
    await tell(workshop, 60, { sequence: 2 });
    expect(await read(workshop, 60, uptake)).toMatchObject({ value: 20, note: expect.stringMatching(/^an estimate/) });
  });

  test('still when only a comment of the population is altered, and anew when its interval is', async () => {
    const workshop = await opened();
    workshop.setClock(startMs + 30 * minuteMs);
    await workshop.propose(operator, [patched('population', 'Firefox', 1, { comment: 'a word' })]);
    await tell(workshop, 60);
    expect((await read(workshop, 60, uptake)).value).toBe(10);
    await workshop.propose(operator, [patched('population', 'Firefox', 2, { checkInterval: 'PT30M' })]);
    expect((await read(workshop, 60, uptake)).note).toMatch(/caches may have hidden checks/);
    await tell(workshop, 90, { sequence: 2 });
    expect((await read(workshop, 90, uptake)).value).toBe(10);
  });

  test('no more when the population is deleted', async () => {
    const workshop = await opened();
    await tell(workshop, 60);
    await workshop.propose(operator, [{ kind: 'population', name: 'Firefox', expectedVersion: 1, op: 'delete' }]);
    expect((await read(workshop, 60, uptake)).note).toMatch(/no population Firefox/);
  });
});

test('before anything was told a reading is of now and unknown', async () => {
  const note = 'no node has told of any counts yet';
  expect(await read(await opened(), 5, offers)).toEqual({ asOfMs: startMs + 5 * minuteMs, note });
});

test('where no signals are given nothing can be read', async () => {
  const workshop = await opened();
  const reading = await atMoment(workshop.changing, (moment) => readOwn(moment, uptake));
  expect(reading).toEqual({ asOfMs: startMs, note: 'uptake cannot be read here' });
});

test('each question is asked once in a transaction, however it is written', async () => {
  const workshop = await opened();
  let asked = 0;
  const counting: OwnSignal<'offers'> = {
    name: 'offers',
    summary: '',
    read: async () => {
      asked += 1;
      return { asOfMs: startMs, value: 1, note: '' };
    },
  };
  const changing = { ...workshop.changing, ownSignals: [counting] };
  const look = () =>
    atMoment(changing, async (moment) => {
      for (const window of ['PT60M', 'PT1H', 'PT3600S']) await readOwn(moment, { offers: { product: 'x', window } });
      await readOwn(moment, { offers: { product: 'y' } });
    });
  await look();
  expect(asked).toBe(2);
  await look();
  expect(asked).toBe(4);
});
