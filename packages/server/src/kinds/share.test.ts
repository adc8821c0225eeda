import { servingAt } from 'sluice';
import { describe, expect, test } from 'vitest';
import { share, toShare } from './share.ts';

/** Where a share is wrong, and how. */
function faultsOf(value: unknown): readonly string[] {
  return (share.safeParse(value).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const start = { at: '2026-12-01T10:00:00Z', percent: 5 };
const ramp = { kind: 'ramp', points: [start] };

describe('a share', () => {
  test('that is a number is that percentage', () => {
    expect(share.parse(25)).toEqual({ kind: 'percent', percent: 25 });
    expect(share.parse({ kind: 'percent', percent: 0.00001 })).toEqual({ kind: 'percent', percent: 0.00001 });
  });

  test.each([
    -1,
    101,
    0.000001,
    '25',
    '25%',
    null,
    undefined,
    true,
    [],
    [25],
    {},
    { percent: 25 },
    { kind: 'percent' },
    { kind: 'line' },
    { kind: 'percent', percent: 5, points: [] },
  ])('is not %j', (value) => {
    expect(share.safeParse(value).success).toBe(false);
  });

  test('that is a ramp steps where nothing else is said', () => {
    expect(share.parse(ramp)).toEqual({ kind: 'ramp', points: [{ ...start, by: 'step' }] });
  });

  test("in the form of the store is the engine's, with moments in milliseconds", () => {
    expect(toShare({ kind: 'percent', percent: 7 })).toEqual({ kind: 'percent', percent: 7 });
    const at = '2026-12-01T12:30:00.5+02:00';
    const body = share.parse({
      kind: 'ramp',
      points: [
        { at, percent: 5 },
        { at: '2026-12-02T10:00:00Z', percent: 100, by: 'line' },
      ],
      pauses: [{ from: at, to: at }, { from: at }],
      rollback: { at, percent: 0 },
    });
    const atMs = Date.UTC(2026, 11, 1, 10, 30, 0, 500);
    expect(toShare(body)).toEqual({
      kind: 'ramp',
      points: [
        { atMs, percent: 5, by: 'step' },
        { atMs: Date.UTC(2026, 11, 2, 10), percent: 100, by: 'line' },
      ],
      pauses: [{ fromMs: atMs, toMs: atMs }, { fromMs: atMs }],
      rollback: { atMs, percent: 0 },
    });
  });
});

describe('the points of a ramp', () => {
  const points = (...given: readonly object[]) => faultsOf({ kind: 'ramp', points: given });
  const at = (moment: string) => ({ at: moment, percent: 5 });

  test('are one at least', () => expect(points()).toHaveLength(1));

  test.each([
    '2026-12-01',
    '2026-12-01 10:00:00Z',
    '2026-12-01T10:00:00',
    '2026-02-30T10:00:00Z',
    '2026-12-01T25:00:00Z',
    'tomorrow',
    '',
    1_790_000_000_000,
  ])('are not at %j', (moment) => {
    expect(points({ at: moment, percent: 5 })[0]).toMatch(/^points\.0\.at: /);
  });

  test('are in order of time, whatever the offset', () => {
    const message = 'points must be in order of time';
    expect(points(start, at('2026-12-01T10:00:00Z'))).toEqual([`points.1.at: ${message}`]);
    expect(points(start, at('2026-12-01T11:00:00+02:00'), at('2026-12-01T10:00:01Z'))).toEqual([
      `points.1.at: ${message}`,
    ]);
    expect(points(start, at('2026-12-01T09:00:01-01:00'))).toEqual([]);
  });

  test('begin with a step', () => {
    expect(points({ ...start, by: 'line' })).toEqual(['points.0.by: a line needs a point to begin from']);
    expect(points({ ...start, by: 'jump' })[0]).toMatch(/^points\.0\.by: /);
  });

  test('lie ten years apart at most', () => {
    expect(points(start, at('2036-12-01T10:00:00Z'))).toEqual([]);
    expect(points(start, at('2036-12-11T10:00:00Z'))).toEqual(['points.1.at: points may be ten years apart at most']);
    expect(points(start, at('2036-12-01T10:00:00Z'), at('2046-12-01T10:00:00Z'))).toEqual([]);
  });

  test('have percentages, and nothing that nobody reads', () => {
    expect(points({ ...start, percent: 100.1 })[0]).toMatch(/^points\.0\.percent: /);
    expect(points({ ...start, percent: 1e-6 })).toEqual(['points.0.percent: at most five decimal places']);
    expect(points({ ...start, atMs: 1 })).toHaveLength(1);
  });

  test('are all complained of together', () => {
    const wrong = points({ ...start, by: 'line' }, start, at('2050-01-01T00:00:00Z'));
    expect(wrong.map((fault) => fault.split(':')[0])).toEqual(['points.0.by', 'points.1.at', 'points.2.at']);
  });
});

describe('the pauses of a ramp', () => {
  const pauses = (...given: readonly (readonly [string, string?])[]) =>
    faultsOf({
      ...ramp,
      pauses: given.map(([from, to]) => ({
        from: `2026-12-${from}`,
        ...(to !== undefined && { to: `2026-12-${to}` }),
      })),
    });
  const overlap = 'pauses must be in order and must not overlap';

  test('may touch, may be empty, and the last may last', () => {
    expect(pauses(['01T10:00:00Z', '01T11:00:00Z'], ['01T11:00:00Z', '01T11:00:00Z'], ['02T10:00:00Z'])).toEqual([]);
  });

  test('do not overlap, stand in order, and none follows one that lasts', () => {
    expect(pauses(['01T10:00:00Z', '01T12:00:00Z'], ['01T11:59:59Z', '01T13:00:00Z'])).toEqual([
      `pauses.1.from: ${overlap}`,
    ]);
    expect(pauses(['02T10:00:00Z', '02T11:00:00Z'], ['01T10:00:00Z', '01T11:00:00Z'])).toEqual([
      `pauses.1.from: ${overlap}`,
    ]);
    expect(pauses(['01T10:00:00Z'], ['02T10:00:00Z'])).toEqual([`pauses.1.from: ${overlap}`]);
  });

  test('end after they begin', () => {
    expect(pauses(['01T10:00:00Z', '01T09:00:00Z'])).toEqual(['pauses.0.to: a pause ends after it begins']);
  });
});

test('a documented ramp climbs, stands still and ends as it says', () => {
  const points = [
    { at: '2026-12-01T10:00:00Z', percent: 5 },
    { at: '2026-12-02T10:00:00Z', percent: 25 },
    { at: '2026-12-05T10:00:00Z', percent: 100, by: 'line' },
  ];
  const percentAt = (moment: string, more: object = {}): number => {
    const serving = servingAt(toShare(share.parse({ kind: 'ramp', points, ...more })))(
      Date.parse(`2026-12-${moment}Z`),
    );
    return Math.round((serving / 16_777_215) * 1000) / 10;
  };
  expect(percentAt('01T09:59:59')).toBe(0);
  expect(percentAt('01T10:00:00')).toBe(5);
  expect(percentAt('03T22:00:00')).toBe(62.5);
  const pauses = [{ from: '2026-12-03T10:00:00Z', to: '2026-12-03T22:00:00Z' }];
  expect(['03T10:00:00', '03T21:00:00', '05T22:00:00'].map((at) => percentAt(at, { pauses }))).toEqual([50, 50, 100]);
  const rollback = { at: '2026-12-03T14:30:00Z', percent: 10 };
  expect(['03T10:00:00', '03T14:30:00', '30T00:00:00'].map((at) => percentAt(at, { rollback }))).toEqual([50, 10, 10]);
});
