import { describe, expect, test } from 'vitest';
import { lineHash } from './line-hash.ts';

/** How often each of 16 values of some bits comes up among the hashes of 16 000 texts that are much alike. */
function spread(seed: number, bits: (hash: number) => number): number {
  const counts = new Array<number>(16).fill(0);
  for (let number = 0; number < 16_000; number += 1) {
    const value = bits(lineHash(seed, `/update/6/Firefox/${number % 100}.0/${Math.floor(number / 100)}/update.xml`));
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
}

describe('the hash of a line', () => {
  test.each([0, 1, 0x12345678])('spreads lines that are much alike, with seed %i', (seed) => {
    // 15 degrees of freedom: more than 45 comes once in ten thousand times.
    expect(spread(seed, (hash) => hash >>> 28)).toBeLessThan(45);
    expect(spread(seed, (hash) => hash & 15)).toBeLessThan(45);
  });

  test('says with another seed nothing of what it said before', () => {
    expect(spread(7, (hash) => ((hash >>> 28) ^ (hash >>> 12)) & 15)).toBeLessThan(45);
    const order = (seed: number) =>
      Array.from({ length: 50 }, (_, at) => at).sort((a, b) => lineHash(seed, `/${a}`) - lineHash(seed, `/${b}`));
    expect(order(1)).not.toEqual(order(2));
  });

  test('is an unsigned 32-bit integer', () => {
    for (const text of ['', '/', 'é', '\ud800', 'x'.repeat(2000)]) {
      const hash = lineHash(-1, text);
      expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32).toBe(true);
    }
  });
});
