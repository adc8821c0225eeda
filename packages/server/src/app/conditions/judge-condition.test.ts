import fc from 'fast-check';
import { type Condition, evaluate, type Reading, type Truth } from 'sluice';
import { describe, expect, test } from 'vitest';
import type { Known } from '../../judgement.ts';
import { conditionSchema } from './condition-schema.ts';
import { judgeCondition } from './judge-condition.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** A Saturday. */
const nowMs = Date.UTC(2026, 10, 21, 12);
const iso = (ms: number): string => new Date(ms).toISOString();

const nothing: Known = {
  nowMs,
  sinceMs: nowMs - hourMs,
  approvals: () => 0,
  change: () => undefined,
  readings: () => [],
  everyMs: () => undefined,
};

const later = (hours: number): Condition => ({ time: { after: iso(nowMs + hours * hourMs) } });
const uptake: Condition = { signal: { uptake: { product: 'Fox', version: '2.0' }, op: '>=', value: 10, for: 'PT10M' } };
const rising = (from: number): readonly Reading[] =>
  [25, 20, 15, 10, 5, 0].map((minutes, i) => ({
    asOfMs: nowMs - minutes * minuteMs,
    value: from + i,
    note: 'counted',
  }));

describe('a part of a condition says what it came to', () => {
  test.each<[Condition, Partial<Known>, Truth, string]>([
    [{ now: true }, {}, 'true', 'now'],
    [later(-1), {}, 'true', 'the time from 2026-11-21T11:00:00.000Z: holds'],
    [later(1), {}, 'false', 'the time from 2026-11-21T13:00:00.000Z: holds from 2026-11-21T13:00:00.000Z on'],
    [
      { time: { before: '2026-11-21T10:00', zone: 'Europe/Berlin' } },
      {},
      'false',
      'the time before 2026-11-21T10:00 Europe/Berlin: does not hold, and nothing says that it will',
    ],
    [
      { hours: { from: '09:00', to: '17:00', zone: 'Europe/Berlin' } },
      {},
      'false',
      'mon, tue, wed, thu, fri 09:00 to 17:00 Europe/Berlin: holds from 2026-11-23T08:00:00.000Z on',
    ],
    [
      { cron: { expression: '0 12 * * *', lasts: 'PT1H', zone: 'UTC' } },
      {},
      'true',
      'PT1H from each 0 12 * * * UTC: holds',
    ],
    [{ approval: { role: 'qa', count: 2 } }, { approvals: () => 1 }, 'false', '2 sign-offs as qa: 1 so far'],
    [{ approval: { role: 'qa', count: 1 } }, { approvals: () => 1 }, 'true', '1 sign-off as qa: given'],
    [{ change: { id: 7, state: 'enacted' } }, {}, 'unknown', 'change 7 to be enacted: nothing is known of it'],
    [
      { change: { id: 7, state: 'enacted' } },
      { change: () => ({ state: 'pending', sinceMs: nowMs }) },
      'false',
      'change 7 to be enacted: it is pending',
    ],
    [
      { change: { id: 7, state: 'enacted', for: 'PT24H' } },
      { change: () => ({ state: 'enacted', sinceMs: nowMs - hourMs }) },
      'false',
      'change 7 to be enacted for PT24H: holds from 2026-11-22T11:00:00.000Z on',
    ],
    [uptake, {}, 'unknown', 'uptake of Fox 2.0 >= 10 for PT10M: nothing was read yet'],
    [
      uptake,
      { readings: () => rising(3) },
      'false',
      'uptake of Fox 2.0 >= 10 for PT10M: 8 as of 2026-11-21T12:00:00.000Z; does not hold',
    ],
    [
      uptake,
      { readings: () => rising(6) },
      'false',
      'uptake of Fox 2.0 >= 10 for PT10M: 11 as of 2026-11-21T12:00:00.000Z; holds since 2026-11-21T11:55:00.000Z only',
    ],
    [
      uptake,
      { readings: () => rising(10) },
      'true',
      'uptake of Fox 2.0 >= 10 for PT10M: 15 as of 2026-11-21T12:00:00.000Z; holds since 2026-11-21T11:35:00.000Z',
    ],
    [
      { signal: { name: 'errors', op: '<', value: 5, onUnknown: 'pass' } },
      { readings: () => [{ asOfMs: nowMs, note: 'HTTP 503' }] },
      'true',
      'signal errors < 5: unknown (HTTP 503); cannot be known, and holds all the same, as the condition says',
    ],
  ])('%j', (condition, known, truth, says) => {
    expect(judgeCondition(condition, { ...nothing, ...known })).toMatchObject({ truth, leaves: [{ truth, says }] });
  });

  test('and of a signal what was read', () => {
    const { leaves } = judgeCondition(uptake, { ...nothing, readings: () => rising(6) });
    expect(leaves).toEqual([
      {
        leaf: uptake,
        truth: 'false',
        says: expect.any(String),
        signal: 'uptake {"as":"count","from":"checks","product":"Fox","version":"2.0"}',
        reading: { asOfMs: nowMs, value: 11, note: 'counted' },
        holdsSinceMs: nowMs - 5 * minuteMs,
        failsSinceMs: nowMs - 25 * minuteMs,
        expectedAtMs: nowMs + 5 * minuteMs,
      },
    ]);
  });

  test('a reading from outside is good for as long as its signal says how often it comes', () => {
    const errors: Condition = { signal: { name: 'errors', op: '<', value: 5 } };
    const readings = () => [{ asOfMs: nowMs - 20 * minuteMs, value: 1, note: '' }];
    expect(judgeCondition(errors, { ...nothing, readings, everyMs: () => minuteMs }).truth).toBe('unknown');
    expect(judgeCondition(errors, { ...nothing, readings, everyMs: () => 10 * minuteMs }).truth).toBe('true');
  });
});

describe('the whole is expected', () => {
  const expected = (condition: Condition, known: Partial<Known> = {}) =>
    judgeCondition(condition, { ...nothing, ...known }).expectedAtMs;

  test('when the last of all its parts comes true, or the first of any', () => {
    expect(expected({ all: [later(1), later(3)] })).toBe(nowMs + 3 * hourMs);
    expect(expected({ any: [later(1), later(3)] })).toBe(nowMs + hourMs);
    expect(expected({ not: { time: { before: iso(nowMs + hourMs) } } })).toBe(nowMs + hourMs);
    expect(expected({ any: [later(3), { approval: { role: 'qa', count: 1 } }] })).toBe(nowMs + 3 * hourMs);
  });

  test('at a moment at which all parts hold together', () => {
    const monday = Date.UTC(2026, 10, 23);
    const office: Condition = { hours: { from: '09:00', to: '17:00', zone: 'UTC' } };
    expect(expected({ all: [office, { time: { after: iso(monday + 18 * hourMs) } }] })).toBe(monday + 33 * hourMs);
    expect(expected({ all: [office, { not: later(1) }] })).toBeUndefined();
  });

  test('not at all where a part waits for what nobody can foresee, or where it is true', () => {
    expect(expected({ all: [later(1), { approval: { role: 'qa', count: 1 } }] })).toBeUndefined();
    expect(expected({ all: [later(1), uptake] })).toBeUndefined();
    expect(expected({ now: true })).toBeUndefined();
  });

  test('of a signal when it has held for long enough, and when it is expected to', () => {
    expect(expected(uptake, { readings: () => rising(6) })).toBe(nowMs + 5 * minuteMs);
    const forecast = () => nowMs + 2 * hourMs;
    expect(expected(uptake, { readings: () => rising(3), forecast })).toBe(nowMs + 2 * hourMs + 10 * minuteMs);
    expect(expected({ all: [uptake, later(1)] }, { readings: () => rising(3), forecast })).toBe(
      nowMs + 2 * hourMs + 10 * minuteMs,
    );
  });
});

test('any condition is judged, and nothing is said for certain that its parts do not say', () => {
  const leaf = fc.constantFrom<Condition>(
    { now: true },
    later(1),
    later(-1),
    { approval: { role: 'qa', count: 1 } },
    { change: { id: 1, state: 'enacted' } },
    { change: { id: 2, state: 'enacted', for: 'PT1H' } },
    { hours: { from: '09:00', to: '17:00', zone: 'Europe/Berlin' } },
    { cron: { expression: '30 2 * * *', lasts: 'PT1H', zone: 'Europe/Berlin' } },
    uptake,
    { signal: { name: 'a', op: '<', value: 5, until: 7, latched: true } },
    { signal: { name: 'b', op: '>', value: 5, onUnknown: 'fail' } },
  );
  const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 19, depthSize: 'large' },
      leaf,
      fc.array(tie('tree'), { minLength: 1, maxLength: 4 }).map((all): Condition => ({ all })),
      fc.array(tie('tree'), { minLength: 1, maxLength: 4 }).map((any): Condition => ({ any })),
      tie('tree').map((not): Condition => ({ not })),
    ),
  }));
  const reading = fc.record({
    asOfMs: fc.integer({ min: -30, max: 10 }).map((minutes) => nowMs + minutes * minuteMs),
    value: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.double()),
    note: fc.constant(''),
  });
  const state = fc.constantFrom('pending', 'enacted', 'vetoed');
  fc.assert(
    fc.property(tree, fc.array(reading), state, fc.nat(2), (condition, readings, is, signed) => {
      fc.pre(conditionSchema.safeParse(condition).success);
      const { truth, leaves, expectedAtMs } = judgeCondition(condition, {
        ...nothing,
        approvals: () => signed,
        change: (id) => (id === 1 ? { state: is, sinceMs: nowMs - hourMs } : undefined),
        readings: () => readings,
      });
      const judged = new Map(leaves.map((one) => [one.leaf, one.truth]));
      const again = evaluate(condition, (one) => judged.get(one) ?? 'unknown');
      expect(truth).toBe(again);
      if (expectedAtMs !== undefined) {
        expect(truth).not.toBe('true');
        expect(expectedAtMs).toBeGreaterThan(nowMs);
      }
    }),
    { seed: 5, numRuns: 300 },
  );
});
