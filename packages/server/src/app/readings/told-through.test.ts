import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CountSource } from '../../count.ts';
import { toldThrough } from './told-through.ts';

const nowMs = Date.UTC(2026, 10, 21, 12);
const source = (name: string, toldAgoMs: number, more: { readonly seenAgoMs?: number; readonly ended?: true } = {}) => {
  const { seenAgoMs = toldAgoMs, ended = false } = more;
  return { source: name, sequence: 1, throughMs: nowMs - toldAgoMs, seenAtMs: nowMs - seenAgoMs, ended };
};
const minuteMs = 60_000;

describe('all have told what they counted', () => {
  test('up to where the slowest of them has', () => {
    expect(toldThrough([source('a', 2000), source('b', 9000)], nowMs)).toEqual({ throughMs: nowMs - 9000 });
  });

  test('as if those were not there that ended in order', () => {
    const sources = [source('a', 2000), source('b', 10 * minuteMs, { ended: true })];
    expect(toldThrough(sources, nowMs)).toEqual({ throughMs: nowMs - 2000 });
  });

  test('no further while one of them is silent, and that is said', () => {
    const sources = [source('a', 2000), source('b', 15 * minuteMs)];
    expect(toldThrough(sources, nowMs)).toEqual({
      throughMs: nowMs - 15 * minuteMs,
      trouble:
        'held back by b, which has told its counts up to 2026-11-21T11:45:00.000Z and was last heard of at 2026-11-21T11:45:00.000Z',
    });
  });

  test('no further while one of them sends batches and comes no further itself', () => {
    const { throughMs, trouble } = toldThrough([source('a', 0), source('b', 5 * minuteMs, { seenAgoMs: 0 })], nowMs);
    expect([throughMs, trouble]).toEqual([nowMs - 5 * minuteMs, expect.stringMatching(/^held back by b/)]);
  });

  test('no further than where one was last heard of whose clock is ahead', () => {
    const sources = [source('a', 0), source('b', -60 * minuteMs, { seenAgoMs: 5 * minuteMs })];
    const { throughMs, trouble } = toldThrough(sources, nowMs);
    expect([throughMs, trouble]).toEqual([nowMs - 5 * minuteMs, expect.stringMatching(/^held back by b/)]);
  });

  test('without one that is silent for longer than a quarter of an hour, and that is said for a day', () => {
    const dead = (agoMs: number) => toldThrough([source('a', 2000), source('b', agoMs)], nowMs);
    expect(dead(15 * minuteMs + 1)).toEqual({
      throughMs: nowMs - 2000,
      trouble: 'b is silent since 2026-11-21T11:44:59.999Z and taken for dead',
    });
    expect(dead(25 * 60 * minuteMs)).toEqual({ throughMs: nowMs - 2000 });
  });

  test('up to what was counted last, where nobody counts any more', () => {
    const sources = [source('a', 20 * minuteMs), source('b', 40 * minuteMs, { ended: true })];
    const { throughMs, trouble } = toldThrough(sources, nowMs);
    expect([throughMs, trouble]).toEqual([
      nowMs - 20 * minuteMs,
      expect.stringMatching(/^no node counts any more; a is/),
    ]);
  });
});

test('where there is nobody nothing is known', () => {
  expect(toldThrough([], nowMs)).toEqual({ throughMs: undefined, trouble: 'no node has told of any counts yet' });
});

test('many troubles are told in short', () => {
  const sources = Array.from({ length: 9 }, (_, i) => source(`dead-${i}`, 20 * minuteMs));
  expect(toldThrough([...sources, source('a', 0)], nowMs).trouble).toMatch(/(dead-\d.*){3}; and 6 more$/);
});

test('nobody is ever ahead of the time, nor of a source that was heard of lately', () => {
  const one = fc.record({
    source: fc.constantFrom('a', 'b', 'c'),
    sequence: fc.nat(),
    throughMs: fc.integer({ min: nowMs - 86_400_000, max: nowMs + 86_400_000 }),
    seenAtMs: fc.integer({ min: nowMs - 86_400_000, max: nowMs }),
    ended: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), (sources: readonly CountSource[]) => {
      const { throughMs = Number.NaN } = toldThrough(sources, nowMs);
      const fresh = sources.filter(({ ended, seenAtMs }) => !ended && seenAtMs >= nowMs - 15 * minuteMs);
      expect(throughMs).toBeLessThanOrEqual(Math.min(nowMs, ...fresh.map((each) => each.throughMs)));
    }),
    { seed: 5 },
  );
});
