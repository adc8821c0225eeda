import { describe, expect, test } from 'vitest';
import { aSnapshot, type Objects } from './configuration.fixture.ts';
import { decide } from './decide.ts';
import type { Request } from './model.ts';
import { anAppRelease } from './release.fixture.ts';
import { aRequest } from './request.fixture.ts';
import { aRule, percent } from './rule.fixture.ts';
import { seededDraw } from './seeded-random.fixture.ts';
import { uuids } from './unit-ids.fixture.ts';

const requests = 40_000;
const throttle = { product: 'MyApp', version: '1.0', percent: 25, salt: 't1v9x0q7m1z5c8b2' };
const releases = [anAppRelease('2.0'), anAppRelease('1.5')];
const quarter = aRule({ share: percent(25) });

/** How many of 40 000 requests get the main release. */
function served(objects: Objects, requestOf: (index: number) => Request, seed: number): number {
  const snapshot = aSnapshot(objects);
  const draw = seededDraw(seed);
  let count = 0;
  for (let index = 0; index < requests; index += 1) {
    const decision = decide(snapshot, requestOf(index), 0, draw);
    if (decision.kind === 'serve' && decision.admitted === 'main') count += 1;
  }
  return count;
}

/** Whether a count is what independent draws give: within four and a half standard deviations of the binomial. */
function expectShare(count: number, share: number): void {
  const deviation = Math.sqrt(requests * share * (1 - share));
  expect(Math.abs(count - requests * share)).toBeLessThan(4.5 * deviation);
}

describe('without unit ids, over 40 000 requests', () => {
  const same = aRequest();

  test('a throttle at 25 % lets one in four pass', () => {
    expectShare(
      served({ rules: [aRule()], releases, throttles: [throttle] }, () => same, 11),
      0.25,
    );
  });

  test('a rule at 25 % serves one in four', () => {
    expectShare(
      served({ rules: [quarter], releases }, () => same, 12),
      0.25,
    );
  });

  test('a throttle at 25 % before a rule at 25 % serves one in sixteen: each draws anew', () => {
    expectShare(
      served({ rules: [quarter], releases, throttles: [throttle] }, () => same, 13),
      0.0625,
    );
  });

  test('a throttle and a rule with the same salt draw anew all the same', () => {
    const objects = { rules: [{ ...quarter, salt: throttle.salt }], releases, throttles: [throttle] };
    expectShare(
      served(objects, () => same, 14),
      0.0625,
    );
  });

  test('nothing is served at 0 % and everything at 100 %', () => {
    expect(served({ rules: [aRule({ share: percent(0) })], releases }, () => same, 15)).toBe(0);
    expect(served({ rules: [aRule()], releases, throttles: [{ ...throttle, percent: 100 }] }, () => same, 16)).toBe(
      requests,
    );
  });
});

describe('with unit ids, over 40 000 units', () => {
  const units = uuids(requests, 17).map((id) => aRequest({ unit: { kind: 'id', id } }));
  const unitAt = (index: number): Request => units[index] ?? aRequest();

  test('a rule at 25 % serves one in four, the same ones at every call', () => {
    const objects = { rules: [quarter], releases };
    expectShare(served(objects, unitAt, 18), 0.25);
    expect(served(objects, unitAt, 18)).toBe(served(objects, unitAt, 19));
  });

  test('a throttle and a rule admit independently, since each owns a salt', () => {
    expectShare(served({ rules: [quarter], releases, throttles: [throttle] }, unitAt, 20), 0.0625);
  });

  test('raising the share never takes a unit out', () => {
    const at = (share: number) => {
      const snapshot = aSnapshot({ rules: [aRule({ share: percent(share) })], releases });
      return units.map((request) => decide(snapshot, request, 0, seededDraw(21)).kind === 'serve');
    };
    const [low, high] = [at(10), at(10.5)];
    expect(low.filter((admitted, index) => admitted && high[index] !== true)).toEqual([]);
  });
});
