import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedCrossing } from './expected-crossing.ts';
import type { Reading } from './reading.ts';

const startMs = Date.UTC(2026, 10, 21, 12);
const minuteMs = 60_000;
const read = (...values: readonly (number | undefined)[]): readonly Reading[] =>
  values.map((value, i) => ({ asOfMs: startMs + i * minuteMs, ...(value !== undefined && { value }), note: '' }));
const line = (count: number, from: number, slope: number) =>
  read(...Array.from({ length: count }, (_, i) => from + i * slope));

describe('a series is expected to reach a value', () => {
  test('where its line leads', () => {
    expect(expectedCrossing(read(10, 20, 30), { op: '>=', value: 100 })).toEqual({
      atMs: startMs + 9 * minuteMs,
      fromMs: startMs + 9 * minuteMs,
      toMs: startMs + 9 * minuteMs,
    });
    expect(expectedCrossing(read(100, 80, 60), { op: '<', value: 0 })?.atMs).toBe(startMs + 5 * minuteMs);
  });

  test('whatever a few wild readings say', () => {
    const calm = line(30, 0, 2).map((one, i) => (i % 7 === 3 ? { ...one, value: 5000 * (i % 2 === 0 ? 1 : -1) } : one));
    const { atMs = Number.NaN } = expectedCrossing(calm, { op: '>', value: 100 }) ?? {};
    expect(Math.abs(atMs - (startMs + 50 * minuteMs))).toBeLessThan(2 * minuteMs);
  });

  test('as it went lately', () => {
    const later = line(60, 0, 1).map((one) => ({ ...one, asOfMs: one.asOfMs + 100 * minuteMs }));
    const { atMs } = expectedCrossing([...line(100, 0, 0), ...later], { op: '>=', value: 79 }) ?? {};
    expect(atMs).toBe(startMs + 179 * minuteMs);
  });

  test('at once where the line is there and the last reading is not yet', () => {
    const { atMs } = expectedCrossing(read(0, 50, 100, 150, 90), { op: '>=', value: 120 }) ?? {};
    expect(atMs).toBeGreaterThanOrEqual(startMs + 4 * minuteMs);
  });
});

test.each<[string, readonly Reading[]]>([
  ['there are fewer than three readings', read(10, 20)],
  ['there are fewer than three values', read(10, undefined, 20, undefined)],
  ['three readings are of one time', read(10, 20, 30).map((one) => ({ ...one, asOfMs: startMs }))],
  ['it stands still', read(10, 10, 10, 10)],
  ['it goes the other way', read(40, 30, 20)],
  ['it is there', read(80, 90, 100)],
  ['it takes longer than ten years', line(10, 0, 1e-6)],
])('nothing is expected where %s', (_, readings) => {
  expect(expectedCrossing(readings, { op: '>=', value: 100 })).toBeUndefined();
});

describe('whatever the readings', () => {
  const op = fc.constantFrom('>=', '>', '<=', '<');
  const value = fc.double({ noNaN: true });
  const reading = fc.record(
    { asOfMs: fc.integer({ min: -8e15, max: 8e15 }), value: fc.double(), note: fc.constant('') },
    { requiredKeys: ['asOfMs', 'note'] },
  );

  test('an expectation is a moment after them, within its range', () => {
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 80 }), op, value, (readings, compared, target) => {
        const expected = expectedCrossing(readings, { op: compared, value: target });
        if (expected === undefined) return;
        const { atMs, fromMs, toMs = Number.MAX_VALUE } = expected;
        const lastMs = Math.max(...readings.filter((one) => Number.isFinite(one.value)).map(({ asOfMs }) => asOfMs));
        expect(lastMs <= fromMs && fromMs <= atMs && atMs <= toMs).toBe(true);
        expect([atMs, fromMs].every(Number.isSafeInteger)).toBe(true);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  test('of a straight line it is exact, rising or falling', () => {
    const slope = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 80 }), slope, fc.nat(10_000), fc.boolean(), (count, step, more, rises) => {
        const way = rises ? 1 : -1;
        const target = way * (step * (count - 1) + more + 1);
        const expected = expectedCrossing(line(count, 0, way * step), { op: rises ? '>=' : '<=', value: target });
        const exactMs = startMs + (Math.abs(target) / step) * minuteMs;
        expect(Math.abs((expected?.atMs ?? Number.NaN) - exactMs)).toBeLessThan(2);
      }),
      { seed: 5 },
    );
  });

  test('a farther value is never expected sooner', () => {
    const noisy = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 60 });
    fc.assert(
      fc.property(noisy, fc.nat(1000), fc.nat(1000), (noise, near, more) => {
        const readings = line(noise.length, 0, 3).map((one, i) => ({
          ...one,
          value: (one.value ?? 0) + (noise[i] ?? 0),
        }));
        const [first, second] = [near, near + more].map((target) =>
          expectedCrossing(readings, { op: '>', value: target }),
        );
        if (first !== undefined && second !== undefined) expect(second.atMs).toBeGreaterThanOrEqual(first.atMs);
      }),
      { seed: 5 },
    );
  });
});
