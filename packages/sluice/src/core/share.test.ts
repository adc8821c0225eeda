import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ramp, RampPoint } from './model.ts';
import { nowServing } from './now-serving.ts';
import { pauseRamp, resumeRamp, rollBackRamp, servingAt } from './share.ts';

const hour = 3_600_000;

function ramp(...points: readonly RampPoint[]): Ramp {
  return { kind: 'ramp', points };
}

/** A climb in straight lines from 0 % at time 0 over 25 % after an hour to 100 % after three. */
const climb = ramp(
  { atMs: 0, percent: 0, by: 'step' },
  { atMs: hour, percent: 25, by: 'line' },
  { atMs: 3 * hour, percent: 100, by: 'line' },
);

const percent = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100);
const by = fc.constantFrom('step' as const, 'line' as const);
const point = fc.record({ gapSeconds: fc.integer({ min: 1, max: 10_000 }), percent, by });

/** Ramps from time 0 on, of up to six points on whole seconds, in order of time. */
const anyRamp = fc.array(point, { minLength: 1, maxLength: 6 }).map((points) => {
  let atMs = -1000 * (points[0]?.gapSeconds ?? 0);
  return ramp(
    ...points.map(({ gapSeconds, ...rest }) => {
      atMs += gapSeconds * 1000;
      return { ...rest, atMs };
    }),
  );
});

const climbing = anyRamp.map(({ points }) => {
  const percents = points.map((each) => each.percent).sort((a, b) => a - b);
  return ramp(...points.map((each, at) => ({ ...each, percent: percents[at] ?? 0 })));
});

const moment = fc.integer({ min: -5_000_000, max: 65_000_000 });

/** What a ramp of points serves, in the words of its definition and in exact integers. */
function plainServing({ points }: Ramp, atMs: number): number {
  const next = points.findIndex((each) => each.atMs > atMs);
  const [from, to] = next < 0 ? [points.at(-1), undefined] : [points[next - 1], points[next]];
  if (from === undefined) return 0;
  const a = nowServing(from.percent);
  if (to === undefined || to.by === 'step') return a;
  const elapsed = BigInt(Math.floor((atMs - from.atMs) / 1000));
  const duration = BigInt((to.atMs - from.atMs) / 1000);
  return Number(BigInt(a) + (BigInt(nowServing(to.percent) - a) * elapsed) / duration);
}

describe('a share', () => {
  test('of a percentage is the same at all times', () => {
    const serving = servingAt({ kind: 'percent', percent: 25 });
    expect([0, 1e12, -1e12, Number.NaN].map(serving)).toEqual(new Array(4).fill(4_194_304));
  });

  test('that is a ramp in steps jumps at each of them', () => {
    const serving = servingAt(ramp({ atMs: 1000, percent: 10, by: 'step' }, { atMs: hour, percent: 100, by: 'step' }));
    expect([999, 1000, hour - 1, hour].map(serving)).toEqual([0, nowServing(10), nowServing(10), nowServing(100)]);
  });

  test('that is a ramp in lines advances in whole seconds and whole numbers', () => {
    const serving = servingAt(climb);
    const perSecond = (seconds: number) => Math.trunc((4_194_304 * seconds) / 3600);
    expect([0, 999, 1000, 1999, 2000].map(serving)).toEqual([0, 0, perSecond(1), perSecond(1), perSecond(2)]);
    expect(serving(hour)).toBe(4_194_304);
    expect(serving(2 * hour)).toBe(4_194_304 + Math.trunc((16_777_215 - 4_194_304) / 2));
  });

  test('counts the seconds of a line from its own beginning', () => {
    const late = ramp({ atMs: 300, percent: 0, by: 'step' }, { atMs: 10_300, percent: 10, by: 'line' });
    const serving = servingAt(late);
    expect([1000, 1299, 1300].map(serving)).toEqual([0, 0, Math.trunc(nowServing(10) / 10)]);
  });

  test('falls in a line towards zero, never below', () => {
    const serving = servingAt(ramp({ atMs: 0, percent: 50, by: 'step' }, { atMs: 3000, percent: 0, by: 'line' }));
    expect([0, 1000, 2000, 3000, 4000].map(serving)).toEqual([8_388_608, 5_592_406, 2_796_203, 0, 0]);
  });

  test('admits nobody before the first point, and a first point is a step whatever it says', () => {
    const serving = servingAt(ramp({ atMs: 5000, percent: 50, by: 'line' }));
    expect([-1e15, 0, 4999, 5000].map(serving)).toEqual([0, 0, 0, nowServing(50)]);
  });

  test('without points admits nobody', () => {
    expect(servingAt(ramp())(hour)).toBe(0);
  });

  test('never comes to a point that is no moment', () => {
    for (const atMs of [Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE]) {
      const serving = servingAt(ramp({ atMs: 0, percent: 10, by: 'step' }, { atMs, percent: 100, by: 'line' }));
      expect([0, 1e15, 1e308].map(serving)).toEqual(new Array(3).fill(nowServing(10)));
    }
  });

  test('of two points at one moment takes the later', () => {
    const serving = servingAt(ramp({ atMs: 0, percent: 10, by: 'step' }, { atMs: 0, percent: 20, by: 'line' }));
    expect([-1, 0, 1].map(serving)).toEqual([0, nowServing(20), nowServing(20)]);
  });
});

describe('any ramp', () => {
  test('serves what its definition says, exactly', () => {
    fc.assert(
      fc.property(anyRamp, moment, (any, atMs) => {
        expect(servingAt(any)(atMs)).toBe(plainServing(any, atMs));
      }),
      { numRuns: 1000 },
    );
  });

  test('admits nobody before its first point and keeps the last value after its last', () => {
    fc.assert(
      fc.property(anyRamp, fc.nat(), (any, ms) => {
        const serving = servingAt(any);
        expect(serving((any.points[0]?.atMs ?? 0) - 1 - ms)).toBe(0);
        const last = any.points.at(-1);
        expect(serving((last?.atMs ?? 0) + ms)).toBe(nowServing(last?.percent ?? 0));
      }),
    );
  });

  test('never goes beyond its points', () => {
    fc.assert(
      fc.property(anyRamp, moment, (any, atMs) => {
        const highest = Math.max(...any.points.map((each) => nowServing(each.percent)));
        const serving = servingAt(any)(atMs);
        expect(serving >= 0 && serving <= highest && Number.isInteger(serving)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('takes nobody out while it climbs', () => {
    fc.assert(
      fc.property(climbing, moment, moment, (any, one, other) => {
        const serving = servingAt(any);
        expect(serving(Math.min(one, other))).toBeLessThanOrEqual(serving(Math.max(one, other)));
      }),
      { numRuns: 500 },
    );
  });

  test('stands still within a second of its line', () => {
    fc.assert(
      fc.property(
        anyRamp,
        fc.integer({ min: 0, max: 60_000 }),
        fc.integer({ min: 0, max: 999 }),
        (any, seconds, ms) => {
          expect(servingAt(any)(seconds * 1000 + ms)).toBe(servingAt(any)(seconds * 1000));
        },
      ),
    );
  });
});

describe('pausing and resuming', () => {
  test('keeps the value from the pause on and continues where it stood', () => {
    const paused = pauseRamp(climb, hour / 2);
    const stood = servingAt(climb)(hour / 2);
    expect([hour / 2 - 1000, hour / 2, hour, 99 * hour].map(servingAt(paused))).toEqual([
      servingAt(climb)(hour / 2 - 1000),
      stood,
      stood,
      stood,
    ]);
    const resumed = servingAt(resumeRamp(paused, 10 * hour));
    expect(resumed(10 * hour)).toBe(stood);
    expect(resumed(10.5 * hour)).toBe(4_194_304);
    expect(resumed(12.5 * hour)).toBe(16_777_215);
  });

  test('leaves a ramp that is paused already, and one that is not, as it is', () => {
    const paused = pauseRamp(climb, 1000);
    expect(pauseRamp(paused, 5000)).toEqual(paused);
    expect(servingAt(resumeRamp(climb, 5000))(hour)).toBe(4_194_304);
  });

  test('goes by a clock of its own that stands still while the ramp is paused', () => {
    const span = fc.record({ runMs: fc.nat(2_000_000), pauseMs: fc.nat(2_000_000) });
    fc.assert(
      fc.property(anyRamp, fc.array(span, { maxLength: 4 }), fc.nat(20_000_000), (any, spans, laterMs) => {
        let [changed, nowMs, ownMs] = [any, 0, 0];
        for (const { runMs, pauseMs } of spans) {
          nowMs += runMs;
          ownMs += runMs;
          changed = pauseRamp(changed, nowMs);
          expect(servingAt(changed)(nowMs + pauseMs)).toBe(servingAt(any)(ownMs));
          nowMs += pauseMs;
          changed = resumeRamp(changed, nowMs);
          expect(servingAt(changed)(nowMs)).toBe(servingAt(any)(ownMs));
        }
        expect(servingAt(changed)(nowMs + laterMs)).toBe(servingAt(any)(ownMs + laterMs));
      }),
      { numRuns: 300 },
    );
  });

  test('by clocks that disagree never sends a climbing ramp back', () => {
    const resumed = resumeRamp(pauseRamp(climb, 1000_000), 2000_000);
    const again = pauseRamp(resumed, 1500_000);
    expect(servingAt(again)(9 * hour)).toBe(servingAt(climb)(1000_000));
    const early = resumeRamp(pauseRamp(climb, 1000_000), 500_000);
    expect(servingAt(early)(hour)).toBe(servingAt(climb)(hour));
  });
});

describe('rolling back', () => {
  test('lowers a ramp to the percentage and keeps it there', () => {
    const rolled = servingAt(rollBackRamp(climb, 2 * hour, 5));
    expect([hour, 2 * hour - 1, 2 * hour, 99 * hour].map(rolled)).toEqual([
      4_194_304,
      servingAt(climb)(2 * hour - 1),
      nowServing(5),
      nowServing(5),
    ]);
  });

  test('keeps a ramp that had not come so far where it stands', () => {
    const rolled = servingAt(rollBackRamp(climb, 1000, 50));
    expect(rolled(99 * hour)).toBe(servingAt(climb)(1000));
  });

  test('twice keeps the lower of the two', () => {
    const rolled = rollBackRamp(rollBackRamp(climb, 2 * hour, 5), 3 * hour, 50);
    expect(servingAt(rolled)(4 * hour)).toBe(nowServing(5));
    const further = rollBackRamp(rollBackRamp(climb, 2 * hour, 5), 3 * hour, 1);
    expect(servingAt(further)(4 * hour)).toBe(nowServing(1));
  });

  test('never raises any ramp, paused, rolled back or running', () => {
    fc.assert(
      fc.property(anyRamp, fc.array(fc.tuple(fc.nat(3), fc.nat(9_000_000), percent), { maxLength: 6 }), (any, acts) => {
        let [changed, nowMs] = [any, 0];
        for (const [act, waitMs, to] of acts) {
          nowMs += waitMs;
          if (act === 0) changed = pauseRamp(changed, nowMs);
          if (act === 1) changed = resumeRamp(changed, nowMs);
          if (act < 2) continue;
          const stood = servingAt(changed)(nowMs);
          changed = rollBackRamp(changed, nowMs, to);
          const expected = Math.min(stood, nowServing(to));
          expect([0, 1, 5_000_000, 1e12].map((ms) => servingAt(changed)(nowMs + ms))).toEqual(
            new Array(4).fill(expected),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('a ramp is total over any numbers', () => {
  const anything = fc.record({ atMs: fc.double(), percent: fc.double(), by });
  const pauses = fc.array(fc.record({ fromMs: fc.double(), toMs: fc.double() }, { requiredKeys: ['fromMs'] }), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(
      fc.array(anything, { maxLength: 4 }),
      pauses,
      anything,
      fc.double(),
      (points, spans, rollback, nowMs) => {
        const serving = servingAt({ kind: 'ramp', points, pauses: spans, rollback })(nowMs);
        expect(serving >= 0 && serving <= 16_777_215).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
