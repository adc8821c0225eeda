import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

const range = { leastMs: 50, mostMs: 5000 };

test('a pause is twice as long after each failure, up to the longest', () => {
  const pauses = [0, 1, 2, 3, 6, 7, 8, 1000, Number.MAX_SAFE_INTEGER].map((failures) =>
    backoffMs(failures, () => 0, range),
  );
  expect(pauses).toEqual([50, 100, 200, 400, 3200, 5000, 5000, 5000, 5000]);
});

test('chance takes up to half of it, so that many do not come back at once', () => {
  expect(backoffMs(1, () => 0.5, range)).toBe(75);
  fc.assert(
    fc.property(fc.nat(50), fc.double({ min: 0, max: 1, noNaN: true }), (failures, drawn) => {
      const whole = backoffMs(failures, () => 0, range);
      const pause = backoffMs(failures, () => drawn, range);
      expect(pause).toBeLessThanOrEqual(whole);
      expect(pause).toBeGreaterThanOrEqual(whole / 2);
    }),
  );
});
