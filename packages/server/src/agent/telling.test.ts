import { expect, test } from 'vitest';
import { Telling } from './telling.ts';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

test('what is expected is told of days ahead, and the more often the sooner it is', async () => {
  let nowMs = 100 * day;
  const expectedAtMs = nowMs + 3 * day;
  const asked: number[] = [];
  const telling = new Telling({
    api: {
      announce: async () => {
        asked.push(expectedAtMs - nowMs);
        return { state: 'waiting' };
      },
    },
    lookOut: {
      expectedBy: (untilMs) => (expectedAtMs <= untilMs ? [{ id: 1, expectedAtMs }] : []),
      standing: () => 'waits',
    },
    nowMs: () => nowMs,
    onTrouble: (error) => expect(error).toBeUndefined(),
  });
  for (; nowMs < expectedAtMs; nowMs += minute) {
    telling.tell([]);
    await new Promise(setImmediate);
  }
  expect(asked[0]).toBe(3 * day);
  const gaps = asked.map((leftMs, i) => (asked[i - 1] ?? leftMs + hour) - leftMs);
  expect(Math.max(...gaps)).toBe(hour);
  expect(asked.filter((leftMs) => leftMs <= 48 * minute)).toHaveLength(48);
  expect(asked.length).toBeLessThan(300);
});
