import type { Condition } from 'sluice';
import { expect, test } from 'vitest';
import type { BinCount } from '../../count.ts';
import { ownSignals } from '../../signals/index.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { made, operator, startMs, type Workshop, workshopOver } from './changing.fixture.ts';
import { atMoment } from './desk.ts';
import { expectedOvershoot } from './expected-overshoot.ts';

const openStore = temporaryStores();
const dayMs = 86_400_000;
const uptake = (more: object, value: number): Condition => ({
  signal: { uptake: { product: 'Firefox', version: '2.0', ...more }, op: '>=', value },
});
const rule = (before: number, after: number, name = '10') => {
  const body = (percent: number) => ({ priority: 1, share: { kind: 'percent', percent } });
  return { kind: 'rule', name, before: body(before), after: body(after) } as const;
};

/** A node that told of 100 offers in the last hour, and of 4800 checks in the last day, a quarter of them of version 2.0. */
async function counted(checkInterval?: string): Promise<Workshop> {
  const workshop = workshopOver(await openStore());
  if (checkInterval !== undefined)
    await workshop.propose(operator, [made('population', 'Firefox', { product: 'Firefox', checkInterval })]);
  const throughMs = startMs + dayMs;
  workshop.setClock(throughMs);
  const series = { event: 'check', product: 'Firefox', channel: 'release', release: '', rule: 0 } as const;
  const counts: readonly BinCount[] = [
    { ...series, version: '1.0', release: 'Firefox-2.0', rule: 10, binMs: throughMs - 60_000, count: 100 },
    { ...series, version: '1.0', binMs: throughMs - 60_000, count: 3500 },
    { ...series, version: '2.0', binMs: throughMs - 60_000, count: 1200 },
  ];
  await workshop.store.write((tx) => tx.mergeCounts({ source: 'one', sequence: 1, throughMs, counts }, throughMs));
  return workshop;
}
const overshoot = ({ changing }: Workshop, condition: Condition, ...objects: readonly ReturnType<typeof rule>[]) =>
  atMoment({ ...changing, ownSignals }, (moment) => expectedOvershoot(moment, { condition }, objects));

test('what was offered and is not seen yet comes on top: the offers of a day, most of which are installed', async () => {
  expect(await overshoot(await counted('PT24H'), uptake({}, 4464), rule(25, 0))).toEqual({
    installs: 2232,
    percent: 50,
    offersPerHour: 100,
    lagMs: dayMs,
    says: 'about 2232 installs (+50 %) more will come after it is enacted: 100 offers an hour, each seen 24 hours later on average',
  });
});

test('of a percentage it is what that comes to now', async () => {
  const found = await overshoot(await counted('PT24H'), uptake({ as: 'percent' }, 50), rule(25, 5));
  expect(found).toMatchObject({ installs: 2232, percent: 93 });
});

test('who checks more often is seen sooner; over a longer window, later', async () => {
  const workshop = await counted('PT6H');
  expect(await overshoot(workshop, uptake({}, 1000), rule(25, 0))).toMatchObject({ installs: 558, lagMs: dayMs / 4 });
  const longer = await overshoot(workshop, uptake({ window: 'PT18H' }, 1000), rule(25, 0));
  expect(longer).toMatchObject({ lagMs: dayMs / 2, installs: 1116 });
});

test('without a population, and by telemetry, a day is taken', async () => {
  expect(await overshoot(await counted(), uptake({}, 1000), rule(25, 0))).toMatchObject({ lagMs: dayMs });
  const telemetry = uptake({ from: 'telemetry' }, 1000);
  expect(await overshoot(await counted('PT1H'), telemetry, rule(25, 0))).toMatchObject({ lagMs: dayMs });
});

test('there is none where no share goes down when an uptake is reached', async () => {
  const workshop = await counted('PT24H');
  expect(await overshoot(workshop, uptake({}, 1000), rule(5, 25))).toBeUndefined();
  expect(await overshoot(workshop, uptake({}, 1000), rule(25, 25))).toBeUndefined();
  expect(await overshoot(workshop, { time: { after: '2026-12-01T10:00:00Z' } }, rule(25, 0))).toBeUndefined();
  const below: Condition = { signal: { uptake: { product: 'Firefox', version: '2.0' }, op: '<', value: 5 } };
  expect(await overshoot(workshop, below, rule(25, 0))).toBeUndefined();
  expect(await overshoot(workshop, uptake({}, 1000), rule(25, 0, '11'))).toMatchObject({ installs: 0, percent: 0 });
});
