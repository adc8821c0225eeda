import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countOf } from './count-of.fixture.ts';
import { decisions } from './decision.fixture.ts';
import { durationBounds, Meter } from './meter.ts';
import { meterReadingSchema } from './meter-reading.ts';

describe('decisions', () => {
  test.each([
    ['main', 'main', ''],
    ['fallback', 'fallback', ''],
    ['outsideShare', 'held', 'outside-share'],
    ['notNewer', 'held', 'not-newer'],
    ['noRule', 'held', 'no-rule'],
    ['invalid', 'invalid', 'invalid-pin'],
  ] as const)('that come to %s are counted as %s, because "%s"', (decision, outcome, reason) => {
    const meter = new Meter();
    const slot = meter.decisionSlot('MyApp', 'release', decisions[decision]);
    for (let times = 0; times < 3; times += 1) meter.countDecision(slot);
    expect(countOf(meter.read(), 'decisions', 'MyApp', 'release', outcome, reason)).toBe(3);
  });

  test('alike have one slot, and others have others', () => {
    const meter = new Meter();
    const slots = [
      meter.decisionSlot('MyApp', 'release', decisions.main),
      meter.decisionSlot('MyApp', 'beta', decisions.main),
      meter.decisionSlot('Firefox', 'release', decisions.main),
      meter.decisionSlot('MyApp', 'release', decisions.noRule),
    ];
    expect(new Set(slots).size).toBe(4);
    expect(meter.decisionSlot('MyApp', 'release', decisions.main)).toBe(slots[0]);
  });

  test('of more series than there may be are counted as other, and none is lost', () => {
    const meter = new Meter({ maxSeries: 100 });
    for (let product = 0; product < 1000; product += 1) {
      meter.countDecision(meter.decisionSlot(`P${product}`, 'release', decisions.main));
      meter.countDecision(meter.decisionSlot(`P${product}`, 'release', decisions.noRule));
    }
    const counted = meter.read().filter(({ name }) => name === 'decisions');
    expect(counted).toHaveLength(102);
    expect(counted.reduce((sum, { value }) => sum + value, 0)).toBe(2000);
    expect(countOf(meter.read(), 'decisions', 'other', 'other', 'main', '')).toBe(950);
    expect(countOf(meter.read(), 'decisions', 'P49', 'release', 'held', 'no-rule')).toBe(1);
  });
});

describe('answers', () => {
  test('are counted by status', () => {
    const meter = new Meter();
    for (const status of [200, 200, 404, 500, 599]) meter.answered(status, 0);
    const requests = meter.read().filter(({ name }) => name === 'requests');
    expect(requests.map(({ labels, value }) => [...labels, value])).toEqual([
      ['200', 2],
      ['404', 1],
      ['500', 1],
      ['599', 1],
    ]);
  });

  test('fall into the first bucket that is not too short, whatever they take', () => {
    const seconds = fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(seconds, (durations) => {
        const meter = new Meter();
        for (const duration of durations) meter.answered(200, duration);
        const reading = meter.read();
        for (const [at, bound] of durationBounds.entries()) {
          const below = durationBounds[at - 1] ?? -1;
          const inside = durations.filter((duration) => duration > below && duration <= bound).length;
          expect(countOf(reading, 'durations', String(bound))).toBe(inside);
        }
        expect(countOf(reading, 'durations', '+Inf')).toBe(durations.filter((duration) => duration > 1).length);
        const sum = durations.reduce((total, duration) => total + duration, 0);
        expect(countOf(reading, 'durationMicroseconds')).toBe(Math.floor(sum * 1e6));
      }),
      { seed: 1 },
    );
  });
});

test('what else is counted is counted', () => {
  const meter = new Meter();
  meter.refused('headers-too-large');
  meter.refused('headers-too-large');
  meter.readyHit();
  meter.readyMiss();
  meter.readyMiss();
  meter.releaseRead(1000, 0.25);
  meter.releaseRead(24, 0.5);
  const reading = meter.read();
  expect(countOf(reading, 'refused', 'headers-too-large')).toBe(2);
  expect(countOf(reading, 'readyAnswers', 'hit')).toBe(1);
  expect(countOf(reading, 'readyAnswers', 'miss')).toBe(2);
  expect(countOf(reading, 'releaseReads')).toBe(2);
  expect(countOf(reading, 'releaseReadBytes')).toBe(1024);
  expect(countOf(reading, 'releaseReadMicroseconds')).toBe(750_000);
});

test('requests that could not be answered are counted by their problem, and begin at 0', () => {
  const meter = new Meter();
  expect(countOf(meter.read(), 'unanswered', 'snapshot-damaged')).toBe(0);
  expect(countOf(meter.read(), 'unanswered', 'bug')).toBe(0);
  meter.unanswered('snapshot-damaged');
  meter.unanswered('store-busy');
  meter.unanswered('store-busy');
  expect(countOf(meter.read(), 'unanswered', 'snapshot-damaged')).toBe(1);
  expect(countOf(meter.read(), 'unanswered', 'store-busy')).toBe(2);
  for (let code = 0; code < 1000; code += 1) meter.unanswered(`c${code}`);
  const unanswered = meter.read().filter(({ name }) => name === 'unanswered');
  expect(unanswered).toHaveLength(65);
  expect(unanswered.reduce((sum, { value }) => sum + value, 0)).toBe(1003);
});

test('reasons without end become other', () => {
  const meter = new Meter();
  for (let reason = 0; reason < 1000; reason += 1) meter.refused(`r${reason}`);
  const refused = meter.read().filter(({ name }) => name === 'refused');
  expect(refused).toHaveLength(65);
  expect(countOf(meter.read(), 'refused', 'other')).toBe(936);
});

test('a reading survives being sent to another process, and is a moment: later counts do not change it', () => {
  const meter = new Meter();
  meter.countDecision(meter.decisionSlot('MyApp', 'release', decisions.main));
  meter.answered(200, 0.1);
  const reading = meter.read();
  const sent = JSON.stringify(reading);
  expect(meterReadingSchema.parse(JSON.parse(sent))).toEqual(reading);
  meter.answered(200, 0.1);
  expect(JSON.stringify(reading)).toBe(sent);
});

test.each([
  { name: 'requests', labels: [], value: 1 },
  { name: 'releaseReads', labels: ['x'], value: 1 },
  { name: 'requests', labels: ['200'], value: -1 },
  { name: 'requests', labels: ['200'], value: 0.5 },
  { name: 'requests', labels: ['x'.repeat(257)], value: 1 },
  { name: 'toString', labels: [], value: 1 },
])('the reading of another node is not taken when it holds %j', (count) => {
  expect(meterReadingSchema.safeParse([count]).success).toBe(false);
});
