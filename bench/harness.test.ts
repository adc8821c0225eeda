import { describe, expect, test } from 'vitest';
import { interleaved, machineSpeed, median, openReport, perCpuSecond } from './harness.ts';

describe('interleaved', () => {
  /** A contender that writes down its turns and answers its figures one after another. */
  function scripted(name: string, figures: readonly number[], turns: string[]): () => number {
    let next = 0;
    return () => {
      turns.push(name);
      const figure = figures[next];
      next += 1;
      return figure ?? Number.NaN;
    };
  }

  test('contenders take turns and the first round of each does not count', async () => {
    const turns: string[] = [];
    const { medians } = await interleaved({
      a: scripted('a', [9999, 1, 2, 3, 4, 5, 6, 7], turns),
      b: scripted('b', [9999, 8, 8, 8, 8, 8, 8, 8], turns),
    });
    expect(medians).toEqual({ a: 4, b: 8 });
    expect(turns.join('')).toBe('ababbaabbaabbaab');
  });

  test('a ratio is the median of the ratios within each round', async () => {
    const { ratio } = await interleaved({
      a: scripted('a', [0, 10, 20, 30, 40, 50, 60, 70], []),
      b: scripted('b', [0, 5, 10, 15, 20, 25, 30, 70], []),
    });
    expect(ratio('a', 'b')).toBe(2);
    expect(ratio('b', 'a')).toBe(0.5);
  });

  test('fewer than 7 rounds are refused', async () => {
    await expect(interleaved({ a: () => 1 }, 6)).rejects.toThrow(RangeError);
  });
});

test('the median of an even number of values lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([])).toBeNaN();
});

test('a rate counts what was done in a second of CPU time', () => {
  const rate = perCpuSecond(() => {
    const start = process.cpuUsage();
    for (;;) {
      const { user, system } = process.cpuUsage(start);
      if (user + system >= 1000) return 1;
    }
  }, 50);
  expect(rate).toBeGreaterThan(500);
  expect(rate).toBeLessThanOrEqual(1001);
});

test('the speed of this machine is a number above zero', () => {
  expect(machineSpeed()).toBeGreaterThan(0);
});

describe('a report', () => {
  test('prints each figure on a line of its own, with its bar where it has one', () => {
    const lines: string[] = [];
    const report = openReport((line) => lines.push(line));
    report.figure('cold decisions', 187_654.3, 'per second', { least: 150_000 });
    report.figure('requests', 0.91234, 'of bare node:http');
    report.figure('memory', 180, 'MB', { most: 250 });
    expect(lines).toEqual([
      'cold decisions: 187654 per second (bar >= 150000)',
      'requests: 0.912 of bare node:http',
      'memory: 180 MB (bar <= 250)',
    ]);
  });

  test('fails only where bars are enforced and a figure fell short', () => {
    const good = openReport(() => {});
    good.figure('exactly', 1, 'x', { least: 1 });
    good.figure('just so', 1, 'x', { most: 1 });
    expect(good.finish(true)).toBe(0);

    const lines: string[] = [];
    const bad = openReport((line) => lines.push(line));
    bad.figure('too slow', 0.5, 'x', { least: 1 });
    bad.figure('too much', 2, 'x', { most: 1 });
    bad.figure('not a number', Number.NaN, 'x', { most: 1 });
    expect(bad.finish(false)).toBe(0);
    expect(bad.finish(true)).toBe(1);
    expect(lines.at(-1)).toBe('fell short: too slow, too much, not a number');
  });
});
