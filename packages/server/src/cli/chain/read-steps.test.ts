import { expect, test } from 'vitest';
import { readSteps } from './read-steps.ts';

test('the shares of a rollout are percentages with the time for which the one before is held', () => {
  expect(readSteps('1,5@24h, 12.5 %@P2D ,25@7d,50@90m')).toEqual([
    { percent: 1 },
    { percent: 5, hold: 'PT24H' },
    { percent: 12.5, hold: 'P2D' },
    { percent: 25, hold: 'P7D' },
    { percent: 50, hold: 'PT90M' },
  ]);
});

test.each(['', '1,', 'one', '1@', '1@soon', '1@1w', '-1', '1@24h@2h'])("'%s' is refused", (text) => {
  expect(() => readSteps(text)).toThrow(/percentages|no time to hold/);
});
