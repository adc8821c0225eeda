import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openServerClock } from './server-clock.ts';

test('our own clock is believed as long as the dates of answers allow it', () => {
  const clock = openServerClock(() => 10_500);
  clock.hear({ askedAtMs: 10_400, answeredAtMs: 10_500, dateMs: 10_000 });
  expect([clock.offsetMs(), clock.nowMs()]).toEqual([0, 10_500]);
});

test('a clock that is wrong is put right by what answers say, and again when it jumps', () => {
  const clock = openServerClock(() => 0);
  clock.hear({ askedAtMs: 0, answeredAtMs: 100, dateMs: 3_600_000 });
  expect(clock.nowMs()).toBe(3_599_900);
  clock.hear({ askedAtMs: 5000, answeredAtMs: 5000, dateMs: 5000 });
  expect(clock.offsetMs()).toBe(1000);
});

test('the server’s time is never missed by more than a second and the time that an answer took', () => {
  const answer = fc.record({ tookMs: fc.nat(5000), partMs: fc.nat(5000), gapMs: fc.nat(60_000) });
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.array(answer, { minLength: 1 }), (aheadMs, answers) => {
      const clock = openServerClock(() => 0);
      let nowMs = 1e12;
      for (const { tookMs, partMs, gapMs } of answers) {
        nowMs += gapMs;
        const dateMs = Math.floor((nowMs + Math.min(partMs, tookMs) + aheadMs) / 1000) * 1000;
        clock.hear({ askedAtMs: nowMs, answeredAtMs: nowMs + tookMs, dateMs });
        nowMs += tookMs;
        expect(Math.abs(clock.offsetMs() - aheadMs)).toBeLessThanOrEqual(1000 + tookMs);
      }
    }),
    { seed: 5 },
  );
});

test('a date that is none is not heeded', () => {
  const clock = openServerClock(() => 7);
  clock.hear({ askedAtMs: 0, answeredAtMs: 0, dateMs: Number.NaN });
  expect(clock.nowMs()).toBe(7);
});
