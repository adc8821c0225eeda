import fc from 'fast-check';
import { nowServing, servingAt } from 'sluice';
import { describe, expect, test } from 'vitest';
import type { KindName } from '../../kind.ts';
import { type ShareBody, share, toShare } from '../../kinds/share.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import { isNeverAbove } from './is-never-above.ts';
import { riskOf } from './risk-of.ts';

function edit(kind: KindName, before: unknown, after: unknown, name = 'global'): ObjectEdit {
  return { kind, name, before, after };
}

const salt = 'abcdefghijklmnop';
const rule = { priority: 10, release: 'B', fallback: 'A', share: 25, product: 'P', salt };
const hold = { product: 'P', version: '1', percent: 50, salt };
const all = { on: true, percent: 50, salt };
const stop = { product: 'P', channel: 'release' };
const start = { at: '2026-12-01T10:00:00Z', percent: 5 };
const ramp = { kind: 'ramp', points: [start, { at: '2026-12-05T10:00:00Z', percent: 100, by: 'line' }] };
const fall = {
  kind: 'ramp',
  points: [
    { ...start, percent: 100 },
    { at: '2026-12-05T10:00:00Z', percent: 0, by: 'line' },
  ],
};

describe('what lowers a risk', () => {
  test.each<[string, ObjectEdit]>([
    ['a stop', edit('emergency-stop', undefined, stop)],
    ["a stop's comment", edit('emergency-stop', stop, { ...stop, comment: 'since 10' })],
    ['a lower share', edit('rule', rule, { ...rule, share: 10 })],
    ['a lower share with a comment', edit('rule', rule, { ...rule, share: 0, comment: 'enough' })],
    ['a share that is left out and then given', edit('rule', { ...rule, share: undefined }, { ...rule, share: 99 })],
    ['a rollback', edit('rule', rule, { ...rule, release: 'A' })],
    ['a rollback at a lower share', edit('rule', rule, { ...rule, release: 'A', share: 1 })],
    ['a share of 0 in place of a ramp', edit('rule', { ...rule, share: ramp }, { ...rule, share: 0 })],
    [
      'a pause',
      edit(
        'rule',
        { ...rule, share: ramp },
        { ...rule, share: { ...ramp, pauses: [{ from: '2026-12-03T10:00:00Z' }] } },
      ),
    ],
    [
      'a ramp that is rolled back',
      edit(
        'rule',
        { ...rule, share: ramp },
        { ...rule, share: { ...ramp, rollback: { at: '2026-12-03T10:00:00Z', percent: 10 } } },
      ),
    ],
    ['a throttle that lets less pass', edit('throttle', hold, { ...hold, percent: 49 })],
    ['a new throttle that lets nothing pass', edit('throttle', undefined, { ...hold, percent: 0 })],
    ['the global throttle switched on', edit('global-throttle', { ...all, on: false }, all)],
    ['a first global throttle', edit('global-throttle', undefined, all)],
    ['a lower global throttle', edit('global-throttle', all, { ...all, percent: 10 })],
    ['what alters nothing', edit('release', { product: 'P', blob: {} }, { product: 'P', blob: {} })],
    ['a comment on anything', edit('grant', { role: 'r', user: 'u' }, { role: 'r', user: 'u' })],
  ])('is %s', (_, one) => {
    expect(riskOf([one])).toBe('lowers');
  });

  test('is nothing at all', () => expect(riskOf([])).toBe('lowers'));
});

describe('what raises a risk', () => {
  test.each<[string, ObjectEdit]>([
    ['the end of a stop', edit('emergency-stop', stop, undefined)],
    ['a higher share', edit('rule', rule, { ...rule, share: 25.00001 })],
    ['a lower share with another criterion', edit('rule', rule, { ...rule, share: 1, channel: 'release' })],
    ['a lower share for other units', edit('rule', rule, { ...rule, share: 1, salt: 'ponmlkjihgfedcba' })],
    ['a new rule, even one of share 0', edit('rule', undefined, { ...rule, share: 0 })],
    ['a rule that goes', edit('rule', rule, undefined)],
    ['another release', edit('rule', rule, { ...rule, release: 'C' })],
    [
      'no release where there is no fallback',
      edit('rule', { ...rule, fallback: undefined }, { ...rule, fallback: undefined, release: undefined }),
    ],
    ['another fallback', edit('rule', rule, { ...rule, fallback: 'C' })],
    [
      'a fixed share in place of a ramp that begins later',
      edit('rule', { ...rule, share: ramp }, { ...rule, share: 1 }),
    ],
    [
      'a pause of a ramp that falls',
      edit(
        'rule',
        { ...rule, share: fall },
        { ...rule, share: { ...fall, pauses: [{ from: '2026-12-03T10:00:00Z' }] } },
      ),
    ],
    [
      'a pause that ends',
      edit(
        'rule',
        { ...rule, share: { ...ramp, pauses: [{ from: '2026-12-03T10:00:00Z' }] } },
        { ...rule, share: ramp },
      ),
    ],
    ['a throttle that goes', edit('throttle', hold, undefined)],
    ['a throttle over the global one', edit('throttle', undefined, { ...hold, percent: 1 })],
    ['a throttle for other clients', edit('throttle', hold, { ...hold, salt: 'ponmlkjihgfedcba' })],
    ['the global throttle switched off', edit('global-throttle', all, { ...all, on: false })],
    ['what cannot be read', edit('rule', { priority: 'x' }, { ...rule, share: 0 })],
    ['a grant', edit('grant', undefined, { role: 'admin', user: 'u' })],
    ['a pin', edit('pin', undefined, { product: 'P', channel: 'c', version: '1.', release: 'B' })],
  ])('is %s', (_, one) => {
    expect(riskOf([one])).toBe('raises');
  });

  test('is one such edit among others', () => {
    const lower = edit('rule', rule, { ...rule, share: 10 });
    expect(riskOf([lower, edit('emergency-stop', stop, undefined), lower])).toBe('raises');
  });
});

const second = fc.integer({ min: 0, max: 2000 });
const point = fc.record({ at: second, percent: fc.integer({ min: 0, max: 100 }), by: fc.constantFrom('step', 'line') });
const shares = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map((percent): ShareBody => ({ kind: 'percent', percent })),
  fc
    .record({
      points: fc.uniqueArray(point, { minLength: 1, maxLength: 4, selector: ({ at }) => at }),
      pause: fc.option(fc.tuple(second, second), { nil: undefined }),
      rollback: fc.option(fc.record({ at: second, percent: fc.integer({ min: 0, max: 100 }) }), { nil: undefined }),
    })
    .map(({ points, pause, rollback }) => {
      const moment = (at: number): string => new Date(at * 1000).toISOString();
      const sorted = points.sort((a, b) => a.at - b.at);
      return share.parse({
        kind: 'ramp',
        points: sorted.map((one, i) => ({ ...one, at: moment(one.at), by: i === 0 ? 'step' : one.by })),
        ...(pause && { pauses: [{ from: moment(Math.min(...pause)), to: moment(Math.max(...pause)) }] }),
        ...(rollback && { rollback: { ...rollback, at: moment(rollback.at) } }),
      });
    }),
);

test('a share is never above another one if it is so at no second', () => {
  fc.assert(
    fc.property(shares, shares, (one, two) => {
      const [a, b] = [servingAt(toShare(one)), servingAt(toShare(two))];
      const excess = Math.max(...Array.from({ length: 4500 }, (_, i) => a(i * 1000) - b(i * 1000)));
      // Lines that cross between two whole seconds differ by a rounding there.
      if (isNeverAbove(one, two)) expect(excess).toBeLessThanOrEqual(1);
      else expect(excess).toBeGreaterThan(0);
    }),
    { seed: 5, numRuns: 300 },
  );
  expect(nowServing(100)).toBeGreaterThan(1);
});

test('a ramp that takes too long to look at counts as one that may be above, but none is below no one', () => {
  const points = Array.from({ length: 600 }, (_, i) => ({ at: new Date(i * 1000).toISOString(), percent: 1 }));
  const long = share.parse({ kind: 'ramp', points });
  expect(isNeverAbove(long, share.parse({ kind: 'ramp', points: points.slice(1) }))).toBe(false);
  expect(isNeverAbove(long, { ...long })).toBe(true);
  expect(isNeverAbove(share.parse(0), long)).toBe(true);
});
