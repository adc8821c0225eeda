import fc from 'fast-check';
import { murmur3 } from 'sluice';
import { describe, expect, test } from 'vitest';
import { lineHash } from './line-hash.ts';
import { generationMs, RequestSample } from './request-sample.ts';
import type { SampledLine } from './sampled-line.ts';

const seed = 'a1b2c3d4e5f6g7h8';
const line = (number: number): SampledLine => ({ url: `/update/${number}`, userAgent: undefined });
const urls = (sample: RequestSample): string[] => sample.lines().map(({ url }) => url);

function offerAll(sample: RequestSample, numbers: readonly number[], nowMs = 0): void {
  for (const number of numbers) sample.offer(line(number), nowMs);
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

describe('a sample of request lines', () => {
  test('holds each distinct line once while there is room', () => {
    const sample = new RequestSample({ lines: 10, seed });
    offerAll(sample, [1, 2, 1, 3, 1, 1]);
    expect(urls(sample).sort()).toEqual(['/update/1', '/update/2', '/update/3']);
    expect(sample.size).toBe(3);
  });

  test('is the same in whatever order the lines come and however often', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(upTo(200), { minLength: 200 }), fc.array(fc.nat(199)), (order, more) => {
        const one = new RequestSample({ lines: 50, seed });
        const other = new RequestSample({ lines: 50, seed });
        offerAll(one, upTo(200));
        offerAll(other, [...order, ...more]);
        expect(urls(other)).toEqual(urls(one));
      }),
      { seed: 43, numRuns: 50 },
    );
  });

  test('takes every line with the same chance', () => {
    // 400 seeds, 100 lines, 20 of them kept: each is expected 80 times, with a standard deviation of 8.
    const counts = new Map<string, number>();
    for (const number of upTo(400)) {
      const sample = new RequestSample({ lines: 20, seed: `seed ${number}` });
      offerAll(sample, upTo(100));
      for (const url of urls(sample)) counts.set(url, (counts.get(url) ?? 0) + 1);
    }
    expect(counts.size).toBe(100);
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 80) ** 2 / 80, 0);
    // 99 degrees of freedom, and less spread than independence would give: 200 is far beyond anything likely.
    expect(chiSquared).toBeLessThan(140);
  });

  test('forgets what was not asked for two generations, and keeps what goes on being asked', () => {
    const sample = new RequestSample({ lines: 10, seed });
    const again = sample.offer(line(1), 5);
    expect(again).toBe(generationMs);
    offerAll(sample, [2], 6);
    offerAll(sample, [1], generationMs);
    expect(sample.size).toBe(2);
    offerAll(sample, [1, 3], 2 * generationMs);
    expect(urls(sample).sort()).toEqual(['/update/1', '/update/3']);
  });

  test('remembers what was asked last for as long as nobody asks', () => {
    const sample = new RequestSample({ lines: 10, seed });
    offerAll(sample, [1]);
    offerAll(sample, [2], 100 * generationMs);
    expect(sample.size).toBe(2);
  });

  test('survives a clock that is set back', () => {
    const sample = new RequestSample({ lines: 10, seed });
    offerAll(sample, [1], 100 * generationMs);
    offerAll(sample, [2], 50 * generationMs);
    offerAll(sample, [3], 51 * generationMs);
    expect(urls(sample).sort()).toEqual(['/update/2', '/update/3']);
  });

  test('lets no generation count for more because the other one has had to drop lines', () => {
    const sample = new RequestSample({ lines: 10, seed });
    const hashOf = (url: string): number => lineHash(murmur3(seed), url);
    // Of these only two fit.
    const long = upTo(10).map((number) => `/${number}${'x'.repeat(1900)}`);
    for (const url of long) sample.offer({ url, userAgent: undefined }, 0);
    const dropped = long.map(hashOf).sort((a, b) => a - b)[2] ?? 0;
    offerAll(sample, upTo(8), generationMs);
    const wanted = upTo(8)
      .map((number) => line(number).url)
      .filter((url) => hashOf(url) < dropped);
    expect(wanted.length).toBeLessThan(8);
    expect(
      urls(sample)
        .filter((url) => url.startsWith('/update'))
        .sort(),
    ).toEqual(wanted);
  });

  test('leaves long lines out', () => {
    const sample = new RequestSample({ lines: 10, seed });
    sample.offer({ url: '/'.repeat(2001), userAgent: undefined }, 0);
    sample.offer({ url: '/'.repeat(1990), userAgent: 'x'.repeat(20) }, 0);
    expect(sample.size).toBe(0);
  });

  test('that is merged from the pieces of others is the sample of all they were asked', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2), fc.nat(300), fc.nat(1)), { maxLength: 400 }),
        fc.nat(3),
        (asked, most) => {
          const whole = new RequestSample({ lines: 40, seed });
          const merged = new RequestSample({ lines: 40, seed });
          const workers = upTo(3).map(() => new RequestSample({ lines: 40, seed }));
          const inTime = [...asked].sort((a, b) => a[2] - b[2]);
          for (const [worker, number, generation] of inTime) {
            const nowMs = generation * generationMs;
            whole.offer(line(number), nowMs);
            (workers[worker] as RequestSample).offer(line(number), nowMs);
            for (
              let piece = workers[worker]?.news(most + 1);
              piece !== undefined;
              piece = workers[worker]?.news(most + 1)
            )
              merged.take(piece);
          }
          expect(urls(merged)).toEqual(urls(whole));
        },
      ),
      { seed: 44, numRuns: 100 },
    );
  });

  test('tells a line once, in pieces no larger than asked for', () => {
    const sample = new RequestSample({ lines: 10, seed });
    offerAll(sample, upTo(7));
    const told = [sample.news(3), sample.news(3), sample.news(3), sample.news(3)];
    expect(told.map((piece) => piece?.lines.length)).toEqual([3, 3, 1, undefined]);
    expect(new Set(told.flatMap((piece) => piece?.lines ?? [])).size).toBe(7);
    offerAll(sample, [3]);
    expect(sample.news(3)).toBeUndefined();
  });
});
