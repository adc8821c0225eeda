import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Scanned, scan } from './scan.ts';

/** Scans the numbers from 1 to `count` for those that are wanted, and tells how many were looked at. */
function scanning(count: number, isWanted: (n: number) => boolean, costOf?: (n: number) => number) {
  let looked = 0;
  const page = async (after: number | undefined, limit: number): Promise<readonly number[]> => {
    const from = (after ?? 0) + 1;
    return Array.from({ length: Math.max(0, Math.min(limit, count - from + 1)) }, (_, i) => from + i);
  };
  return {
    looked: () => looked,
    from: (after: number | undefined, limit: number): Promise<Scanned<number, number>> =>
      scan({
        page,
        placeOf: (n) => n,
        isWanted: (n) => {
          looked += 1;
          return isWanted(n);
        },
        ...(costOf !== undefined && { costOf }),
        after,
        limit,
      }),
  };
}

test('the pages of a scan hold all that is wanted, once, in its order, and none more than it may', async () => {
  const cases = fc.record({
    count: fc.integer({ min: 0, max: 3000 }),
    limit: fc.integer({ min: 1, max: 500 }),
    every: fc.integer({ min: 1, max: 900 }),
    cost: fc.integer({ min: 1, max: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ count, limit, every, cost }) => {
      const { from } = scanning(
        count,
        (n) => n % every === 0,
        () => cost,
      );
      const all: number[] = [];
      let after: number | undefined;
      do {
        const { found, next } = await from(after, limit);
        expect(found.length).toBeLessThanOrEqual(limit);
        if (next !== undefined) expect(next).toBeGreaterThan(after ?? 0);
        all.push(...found);
        after = next;
      } while (after !== undefined);
      expect(all).toEqual(Array.from({ length: Math.floor(count / every) }, (_, i) => (i + 1) * every));
    }),
    { seed: 20261121, numRuns: 100 },
  );
});

test('a page says that there is more only where there is, as far as it has looked', async () => {
  const { from } = scanning(10, (n) => n <= 4);
  expect(await from(undefined, 4)).toEqual({ found: [1, 2, 3, 4] });
  expect(await from(undefined, 3)).toEqual({ found: [1, 2, 3], next: 3 });
});

test('a page looks at no more than it may cost, and goes on from there', async () => {
  const cheap = scanning(5000, (n) => n === 4999);
  expect(await cheap.from(undefined, 50)).toEqual({ found: [], next: 1000 });
  expect(cheap.looked()).toBe(1000);
  const dear = scanning(
    5000,
    () => true,
    () => 10,
  );
  const { found, next } = await dear.from(undefined, 500);
  expect([found.length, next]).toEqual([100, 100]);
});
