import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Taking, takeInBins } from './take-in-bins.ts';

let taking: Taking | undefined;
let taken: (readonly [binMs: number, throughMs: number])[] = [];
/** How much the clock on the wall is ahead of the one that runs. */
let aheadMs = 0;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_200 });
  taken = [];
  aheadMs = 0;
});
afterEach(() => {
  taking?.stop();
  vi.useRealTimers();
});

function begin(everyMs: number): void {
  taking = takeInBins({
    binMs: 1000,
    everyMs,
    nowMs: () => Date.now() + aheadMs,
    take: (...told) => void taken.push(told),
  });
}

describe('what is counted is taken', () => {
  test('every so often, and when a bin ends as of that bin', () => {
    begin(300);
    vi.advanceTimersByTime(1400);
    expect(taken).toEqual([
      [1_000_000, 1_000_500],
      [1_000_000, 1_000_800],
      [1_000_000, 1_001_000],
      [1_001_000, 1_001_300],
      [1_001_000, 1_001_600],
    ]);
  });

  test('at once when that is wanted', () => {
    begin(5000);
    vi.advanceTimersByTime(100);
    taking?.take();
    expect(taken).toEqual([[1_000_000, 1_000_300]]);
  });

  test('as of now where the clock was set back, and as of before where it was set on', () => {
    begin(5000);
    aheadMs = -100_000;
    taking?.take();
    aheadMs = 100_000;
    taking?.take();
    expect(taken).toEqual([
      [900_000, 900_200],
      [900_000, 1_100_200],
    ]);
  });
});

test('no more is taken when it is stopped', () => {
  begin(100);
  vi.advanceTimersByTime(150);
  taking?.stop();
  vi.advanceTimersByTime(10_000);
  expect(taken).toHaveLength(1);
});
