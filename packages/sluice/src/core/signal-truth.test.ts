import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Truth } from './condition.ts';
import type { Reading } from './reading.ts';
import { type SignalComparison, type SignalVerdict, signalTruth } from './signal-truth.ts';

const minuteMs = 60_000;
const nowMs = Date.UTC(2026, 10, 21, 12);

const plain: SignalComparison = {
  op: '>=',
  value: 10,
  forMs: 0,
  maxAgeMs: 10 * minuteMs,
  onUnknown: 'hold',
  latched: false,
};

/** Readings by how many minutes ago they were so. */
function ago(...readings: readonly (readonly [minutes: number, value?: number | undefined])[]): readonly Reading[] {
  return readings.map(([minutes, value]) => ({
    asOfMs: nowMs - minutes * minuteMs,
    ...(value !== undefined && { value }),
    note: 'a test',
  }));
}

const longAgoMs = nowMs - 1000 * minuteMs;

function judged(more: Partial<SignalComparison>, readings: readonly Reading[], sinceMs = longAgoMs) {
  const { truth, why } = signalTruth({ ...plain, ...more }, readings, nowMs, sinceMs);
  return [truth, why];
}

describe('a comparison', () => {
  test.each<[SignalComparison['op'], number, Truth]>([
    ['>=', 10, 'true'],
    ['>=', 9.99, 'false'],
    ['>', 10, 'false'],
    ['>', 10.01, 'true'],
    ['<=', 10, 'true'],
    ['<=', 10.01, 'false'],
    ['<', 10, 'false'],
    ['<', -1e300, 'true'],
  ])('%s 10 of %d is %s', (op, value, truth) => {
    expect(judged({ op }, ago([1, value]))[0]).toBe(truth);
  });

  test('goes by the newest reading, whatever their order and however often each comes', () => {
    expect(judged({}, ago([1, 12], [5, 3], [5, 3], [9, 2], [1, 12]))).toEqual(['true', 'holds']);
    expect(judged({}, ago([1, 3], [5, 12]))).toEqual(['false', 'fails']);
  });

  test.each<[string, readonly Reading[], SignalVerdict['why']]>([
    ['nothing', [], 'none'],
    ['what is too old', ago([10.01, 12]), 'stale'],
    ['what is from the future', ago([1, 12], [-5.01, 12]), 'future'],
    ['what says that it cannot be known', ago([2, 12], [1]), 'unknown'],
    ['what is no number', ago([1, Number.NaN]), 'unknown'],
    ['what is no finite number', ago([1, Number.POSITIVE_INFINITY]), 'unknown'],
  ])('knows nothing of %s, and is what it is told to be then', (_, readings, why) => {
    expect(judged({}, readings)).toEqual(['unknown', why]);
    expect(judged({ onUnknown: 'fail' }, readings)).toEqual(['false', why]);
    expect(judged({ onUnknown: 'pass' }, readings)).toEqual(['true', why]);
  });

  test('takes a clock that is a little ahead as it is, and has no use for a reading without a time', () => {
    expect(judged({}, ago([-5, 12]))).toEqual(['true', 'holds']);
    expect(judged({}, [...ago([1, 12]), { asOfMs: Number.NaN, value: 1, note: '' }])).toEqual(['true', 'holds']);
  });
});

describe('a comparison for a duration', () => {
  const half = { forMs: 30 * minuteMs };
  const steady = (from: number, value: number) =>
    Array.from({ length: from / 5 + 1 }, (_, i) => [from - 5 * i, value] as const);

  test('holds once it has held for so long by the times of the readings', () => {
    expect(judged(half, ago(...steady(30, 12)))).toEqual(['true', 'holds']);
    // The newest is of two minutes ago: by the clock it is half an hour, by the data it is not.
    expect(judged(half, ago([30, 12], [22, 12], [14, 12], [8, 12], [2, 12]))).toEqual(['unknown', 'broken']);
    expect(judged(half, ago([40, 3], [30, 12], [22, 12], [14, 12], [8, 12], [2, 12]))).toEqual(['false', 'too-short']);
  });

  test('says since when', () => {
    const verdict = signalTruth({ ...plain, ...half }, ago([25, 3], ...steady(20, 12)), nowMs, longAgoMs);
    expect(verdict).toMatchObject({ truth: 'false', why: 'too-short', holdsSinceMs: nowMs - 20 * minuteMs });
  });

  test.each<[string, readonly (readonly [number, number?])[], number | undefined]>([
    [
      'from the first reading that fails',
      [
        [20, 12],
        [12, 3],
        [5, 4],
      ],
      12,
    ],
    ['also while one that failed is in the window', [...steady(50, 12), [25, 3], ...steady(20, 12)], 25],
    [
      'after a time of which nothing is known, anew',
      [
        [40, 3],
        [15, 3],
        [5, 3],
      ],
      15,
    ],
    ['and not of what holds', steady(40, 12), undefined],
  ])('says since when it fails: %s', (_, readings, minutes) => {
    const { failsSinceMs } = signalTruth({ ...plain, ...half }, ago(...readings), nowMs, longAgoMs);
    expect(failsSinceMs).toBe(minutes === undefined ? undefined : nowMs - minutes * minuteMs);
  });

  test('is broken by one reading that does not meet it', () => {
    expect(judged(half, ago(...steady(30, 12), [12, 9]))).toEqual(['false', 'too-short']);
  });

  test('knows nothing where some of the time nothing was read, or nothing could be', () => {
    expect(judged(half, ago([40, 12], [30, 12], [10, 12], [5, 12], [0, 12]))).toEqual(['unknown', 'broken']);
    expect(judged(half, ago(...steady(30, 12), [12]))).toEqual(['unknown', 'broken']);
    expect(judged({ ...half, onUnknown: 'pass' }, ago(...steady(30, 12), [12]))).toEqual(['unknown', 'broken']);
  });

  test('begins anew after that', () => {
    expect(judged(half, ago([50, 12], [45], ...steady(30, 12)))).toEqual(['true', 'holds']);
  });
});

describe('hysteresis', () => {
  const band = { until: 5 };

  test('goes on holding between the two values, once it has held', () => {
    expect(judged(band, ago([5, 7]), nowMs - 7 * minuteMs)).toEqual(['false', 'fails']);
    expect(judged(band, ago([10, 11], [5, 7]))).toEqual(['true', 'holds']);
    expect(judged(band, ago([10, 11], [5, 4], [0, 7]))).toEqual(['false', 'fails']);
    expect(judged({ op: '<', value: 10, until: 20 }, ago([10, 9], [5, 19]))).toEqual(['true', 'holds']);
  });

  test('remembers nothing of before the condition was what it is', () => {
    expect(judged(band, ago([10, 11], [5, 7]), nowMs - 7 * minuteMs)).toEqual(['false', 'fails']);
    expect(judged(band, ago([9, 11]), nowMs - 7 * minuteMs)).toEqual(['unknown', 'broken']);
  });

  test('cannot tell what it was while nobody looked', () => {
    expect(judged(band, ago([5, 7]))).toEqual(['unknown', 'broken']);
    expect(judged(band, ago([20, 11], [5, 7]))).toEqual(['unknown', 'broken']);
    expect(judged(band, ago([10, 11], [7], [5, 7]))).toEqual(['unknown', 'broken']);
    expect(judged(band, ago([10, 11], [7], [5, 4]))).toEqual(['false', 'fails']);
    expect(judged(band, ago([10, 11], [7], [5, 12]))).toEqual(['true', 'holds']);
  });

  test('counts for a duration too', () => {
    const readings = ago([30, 11], [22, 7], [15, 6], [8, 7], [0, 6]);
    expect(judged({ ...band, forMs: 30 * minuteMs }, readings)).toEqual(['true', 'holds']);
    expect(judged({ forMs: 30 * minuteMs }, readings)).toEqual(['false', 'fails']);
  });
});

describe('a latch', () => {
  const latched = { latched: true };

  test('holds for good once it has held, though nothing be read any more', () => {
    expect(judged(latched, ago([300, 12], [5, 1]))).toEqual(['true', 'latched']);
    expect(judged({ ...latched, onUnknown: 'fail' }, ago([300, 12]))).toEqual(['true', 'latched']);
    expect(judged(latched, ago([300, 9], [5, 1]))).toEqual(['false', 'fails']);
  });

  test('takes no account of what was before the condition was what it is', () => {
    expect(judged(latched, ago([300, 12], [5, 1]), nowMs - 299 * minuteMs)).toEqual(['false', 'fails']);
  });

  test('wants the whole duration', () => {
    const forHalf = { ...latched, forMs: 30 * minuteMs };
    const steady = [330, 321, 312, 303].map((minutes) => [minutes, 12] as const);
    expect(judged(forHalf, ago(...steady, [5, 1]))).toEqual(['false', 'fails']);
    expect(judged(forHalf, ago(...steady, [300, 12], [5, 1]))).toEqual(['true', 'latched']);
  });

  test('does not hold for what was only passed', () => {
    expect(judged({ ...latched, onUnknown: 'pass' }, ago([20], [1, 3]))).toEqual(['false', 'fails']);
  });
});

describe('whatever is read', () => {
  const minutes = fc.integer({ min: -8, max: 60 });
  const value = fc.option(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.double()), { nil: undefined });
  const series = fc
    .array(fc.tuple<[number, number | undefined]>(minutes, value), { maxLength: 25 })
    .map((points) => ago(...points));
  const comparison = fc.record({
    op: fc.constantFrom('>=', '>', '<=', '<'),
    value: fc.integer({ min: 5, max: 15 }),
    forMs: fc.constantFrom(0, 5, 15, 40).map((length) => length * minuteMs),
    maxAgeMs: fc.constantFrom(1, 5, 12).map((length) => length * minuteMs),
    onUnknown: fc.constantFrom('hold', 'fail', 'pass'),
    latched: fc.boolean(),
  } as const) as fc.Arbitrary<SignalComparison>;
  const since = fc.integer({ min: 0, max: 60 }).map((length) => nowMs - length * minuteMs);
  const options = { seed: 5, numRuns: 500 };
  const order: readonly Truth[] = ['false', 'unknown', 'true'];
  const banded = fc.tuple(comparison, fc.option(fc.integer({ min: 1, max: 5 }), { nil: 0 })).map(([one, band]) => ({
    ...one,
    ...(band > 0 && { until: one.op.startsWith('>') ? one.value - band : one.value + band }),
  }));

  test('the answer is one of three, and shuffling and repeating alter nothing', () => {
    const distinct = fc.uniqueArray(fc.tuple<[number, number | undefined]>(minutes, value), {
      maxLength: 25,
      selector: ([at]) => at,
    });
    fc.assert(
      fc.property(banded, distinct, since, fc.infiniteStream(fc.nat()), (one, points, sinceMs, dice) => {
        const readings = ago(...points);
        const verdict = signalTruth(one, readings, nowMs, sinceMs);
        expect(order).toContain(verdict.truth);
        const mixed = [...readings, ...readings.filter(() => (dice.next().value ?? 0) % 2 === 0)].reverse();
        expect(signalTruth(one, mixed, nowMs, sinceMs)).toEqual(verdict);
      }),
      options,
    );
  });

  test('to hold for longer and to have no latch never make it true', () => {
    fc.assert(
      fc.property(banded, series, since, fc.nat(20), (one, readings, sinceMs, more) => {
        const truth = (other: Partial<SignalComparison>) =>
          signalTruth({ ...one, ...other }, readings, nowMs, sinceMs).truth;
        const hold = { onUnknown: 'hold' } as const;
        if (truth({ ...hold, forMs: one.forMs + more * minuteMs }) === 'true') expect(truth(hold)).toBe('true');
        if (truth({ ...hold, latched: false }) === 'true') expect(truth({ ...hold, latched: true })).toBe('true');
      }),
      options,
    );
  });

  test('what could not be read would have altered nothing that is known without it', () => {
    fc.assert(
      fc.property(banded, series, since, fc.nat(20), (one, readings, sinceMs, hidden) => {
        const cautious = { ...one, onUnknown: 'hold', latched: false } as const;
        const veiled = readings.map((reading, i) => (i === hidden ? { ...reading, value: Number.NaN } : reading));
        const { truth } = signalTruth(cautious, veiled, nowMs, sinceMs);
        if (truth !== 'unknown') expect(signalTruth(cautious, readings, nowMs, sinceMs).truth).toBe(truth);
      }),
      options,
    );
  });

  test('a greater value is never worse for a comparison upwards', () => {
    fc.assert(
      fc.property(banded, series, since, fc.nat(10), (one, readings, sinceMs, more) => {
        const upwards = { ...one, op: '>=' as const, ...('until' in one && { until: one.value - 3 }) };
        const known = readings.map(({ value: read = 0, ...rest }) => ({
          ...rest,
          value: Number.isFinite(read) ? read : 0,
        }));
        const raised = known.map((reading) => ({ ...reading, value: reading.value + more }));
        const [before, after] = [known, raised].map((of) => signalTruth(upwards, of, nowMs, sinceMs).truth);
        expect(order.indexOf(after ?? 'false')).toBeGreaterThanOrEqual(order.indexOf(before ?? 'true'));
      }),
      options,
    );
  });

  test('what is true without a word on the unknown rests on a reading of now', () => {
    fc.assert(
      fc.property(banded, series, since, (one, readings, sinceMs) => {
        const verdict = signalTruth({ ...one, onUnknown: 'hold', latched: false }, readings, nowMs, sinceMs);
        if (verdict.truth !== 'true') return;
        const { asOfMs = 0, value: read } = verdict.reading ?? {};
        expect(Number.isFinite(read)).toBe(true);
        expect(nowMs - asOfMs).toBeLessThanOrEqual(one.maxAgeMs);
        expect(asOfMs - (verdict.holdsSinceMs ?? asOfMs)).toBeGreaterThanOrEqual(one.forMs);
      }),
      options,
    );
  });
});
