import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CountEvent } from '../../count.ts';
import { KeyBudget } from './key-budget.ts';

const of = (count: number, version = '1.0', event: CountEvent = 'installed') => ({
  series: { event, product: 'MyApp', channel: 'release', version, release: '', rule: 0 },
  count,
});

test('in no minute is more taken than twice what a minute allows, and what is refused takes nothing', () => {
  const step = fc.tuple(fc.nat(20_000), fc.integer({ min: 1, max: 12 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const budget = new KeyBudget({ perMinute: 10 });
      const taken: { readonly atMs: number; readonly count: number }[] = [];
      let nowMs = 0;
      for (const [afterMs, count] of steps) {
        nowMs += afterMs;
        const waitMs = budget.take([of(count)], nowMs);
        if (waitMs === 0) taken.push({ atMs: nowMs, count });
        expect(waitMs === Number.POSITIVE_INFINITY).toBe(count > 10);
        const inMinute = taken.filter(({ atMs }) => atMs > nowMs - 60_000);
        expect(inMinute.reduce((sum, each) => sum + each.count, 0)).toBeLessThanOrEqual(20);
        // Whoever waits for as long as it says is let in.
        if (waitMs > 0 && waitMs < Number.POSITIVE_INFINITY) {
          nowMs += Math.ceil(waitMs);
          expect(budget.take([of(count)], nowMs)).toBe(0);
          taken.push({ atMs: nowMs, count });
        }
      }
    }),
    { seed: 5, numRuns: 300 },
  );
});

test('a clock that is set back gives nothing and blocks nobody for long', () => {
  const budget = new KeyBudget({ perMinute: 10 });
  expect(budget.take([of(10)], 86_400_000)).toBe(0);
  expect(budget.take([of(1)], 0)).toBe(6000);
  expect(budget.take([of(1)], 6000)).toBe(0);
});

test('versions that somebody makes up are told apart up to a bound, and those that were there go on', () => {
  const budget = new KeyBudget({ perMinute: 1e9 });
  for (let version = 0; version < 4000; version += 1) expect(budget.take([of(1, `${version}.0`)], 0)).toBe(0);
  expect(budget.take([of(1, '4000.0')], 600_000)).toBe(3_000_000);
  expect(budget.take([of(1, '17.0'), of(1, '3999.0')], 600_000)).toBe(0);
  expect(budget.take([of(1, '4000.0')], 3_600_000)).toBe(0);
});
