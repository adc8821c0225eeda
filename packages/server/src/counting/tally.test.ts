import { describe, expect, test } from 'vitest';
import { aSeries, sumOf } from './a-series.fixture.ts';
import { Tally } from './tally.ts';

const minuteMs = 60_000;

describe('what is counted', () => {
  test('is given away once, as of the bin in which it is taken', () => {
    const tally = new Tally();
    const [first, second] = [tally.find(aSeries()), tally.find(aSeries({ version: '2.0', release: 'R', rule: 7 }))];
    for (let time = 0; time < 3; time += 1) tally.count(first);
    tally.count(second, 5);
    expect(tally.take(minuteMs)).toEqual([
      { ...aSeries(), binMs: minuteMs, count: 3 },
      { ...aSeries({ version: '2.0', release: 'R', rule: 7 }), binMs: minuteMs, count: 5 },
    ]);
    expect(tally.take(minuteMs)).toEqual([]);
    tally.count(first);
    expect(tally.take(2 * minuteMs)).toEqual([{ ...aSeries(), binMs: 2 * minuteMs, count: 1 }]);
  });

  test('of one series has one place, whoever finds it', () => {
    const tally = new Tally();
    expect(tally.find(aSeries())).toBe(tally.find(aSeries()));
    for (const other of [{ event: 'forced-check' as const }, { channel: 'beta' }, { release: 'R' }, { rule: 1 }]) {
      expect(tally.find(aSeries(other))).not.toBe(tally.find(aSeries()));
    }
  });

  test('is not lost with a series that somebody kept while it was forgotten', () => {
    const tally = new Tally();
    const kept = tally.find(aSeries());
    for (let bin = 1; bin < 10; bin += 1) tally.take(bin * minuteMs);
    expect(tally.size).toBe(0);
    const anew = tally.find(aSeries());
    tally.count(kept);
    tally.count(anew, 2);
    expect(sumOf(tally.take(10 * minuteMs))).toBe(3);
    expect(tally.size).toBe(1);
  });
});

describe('more series than there is room for', () => {
  const made = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => aSeries({ version: `${from + at}` }));

  test('are counted without their versions, each product and channel by itself', () => {
    const tally = new Tally({ mostSeries: 10 });
    const others = [aSeries({ channel: 'beta', version: 'x' }), aSeries({ channel: 'beta', version: 'y' })];
    for (const series of [...made(0, 100), ...others]) tally.count(tally.find(series));
    const taken = tally.take(0);
    expect(tally.size).toBe(10);
    expect(sumOf(taken)).toBe(102);
    expect(taken.filter(({ event }) => event === 'uncounted')).toEqual([
      { ...aSeries({ event: 'uncounted', version: '' }), binMs: 0, count: 90 },
      { ...aSeries({ event: 'uncounted', channel: 'beta', version: '' }), binMs: 0, count: 2 },
    ]);
  });

  test('do not drive out what is counted all the time, and get room when others are no longer counted', () => {
    const tally = new Tally({ mostSeries: 10 });
    const steady = made(0, 5).map((series) => tally.find(series));
    const late = aSeries({ version: 'late' });
    let kept: ReturnType<Tally['find']> | undefined;
    for (let bin = 0; bin < 50; bin += 1) {
      for (const one of steady) tally.count(one);
      for (const series of made(1000 * (bin + 1), 1000 * (bin + 1) + 20)) if (bin < 40) tally.count(tally.find(series));
      if (bin === 20) kept = tally.find(late);
      if (kept !== undefined) tally.count(kept);
      const taken = tally.take(bin * minuteMs);
      const told = taken.filter(({ version }) => version.length === 1).length;
      expect(told, `bin ${bin}`).toBe(5);
      expect(tally.size).toBeLessThanOrEqual(10);
      // Whoever kept it before there was room need not find it again.
      if (bin > 45) expect(taken.find(({ version }) => version === 'late')?.count).toBe(1);
    }
  });
});
