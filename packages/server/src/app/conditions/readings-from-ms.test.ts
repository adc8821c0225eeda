import fc from 'fast-check';
import { type Reading, type SignalCondition, signalTruth } from 'sluice';
import { expect, test } from 'vitest';
import { comparisonOf } from './comparison-of.ts';
import { readingsFromMs } from './readings-from-ms.ts';

const minuteMs = 60_000;
const nowMs = Date.UTC(2026, 10, 21, 12);

test('a reading of ours is good for ten minutes, one from outside for three times as long as it takes to come', () => {
  const signal: SignalCondition = { name: 'a', op: '>=', value: 1 };
  expect(comparisonOf(signal)).toMatchObject({ maxAgeMs: 10 * minuteMs, forMs: 0, onUnknown: 'hold', latched: false });
  expect(comparisonOf(signal, minuteMs).maxAgeMs).toBe(5 * minuteMs);
  expect(comparisonOf(signal, 60 * minuteMs).maxAgeMs).toBe(180 * minuteMs);
  expect(comparisonOf({ ...signal, maxAge: 'PT1M' }, 60 * minuteMs).maxAgeMs).toBe(minuteMs);
});

test('what is older alters nothing', () => {
  const reading = fc.tuple(
    fc.integer({ min: -4, max: 120 }),
    fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
  );
  const readings = fc.array(reading, { maxLength: 40 }).map((points) =>
    points.map(
      ([minutes, value]): Reading => ({
        asOfMs: nowMs - minutes * minuteMs,
        ...(value !== undefined && { value }),
        note: '',
      }),
    ),
  );
  const signal = fc.record(
    {
      op: fc.constantFrom('>=', '>'),
      value: fc.integer({ min: 5, max: 15 }),
      until: fc.constant(3),
      for: fc.constantFrom('PT5M', 'PT20M', 'PT40M'),
      maxAge: fc.constantFrom('PT3M', 'PT10M', 'PT30M'),
      latched: fc.constant(true),
    },
    { requiredKeys: ['op', 'value'] },
  ) as fc.Arbitrary<SignalCondition>;
  fc.assert(
    fc.property(signal, readings, fc.integer({ min: 0, max: 100 }), (one, all, sinceMinutes) => {
      const sinceMs = nowMs - sinceMinutes * minuteMs;
      const fromMs = readingsFromMs(one, nowMs, sinceMs);
      const truth = (of: readonly Reading[]) => signalTruth(comparisonOf(one), of, nowMs, sinceMs).truth;
      expect(truth(all.filter(({ asOfMs }) => asOfMs >= fromMs))).toBe(truth(all));
    }),
    { seed: 5, numRuns: 1000 },
  );
});
