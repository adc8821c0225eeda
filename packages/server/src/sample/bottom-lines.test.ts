import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BottomLines } from './bottom-lines.ts';
import { lineText, type SampledLine } from './sampled-line.ts';

const line = (number: number): SampledLine => ({ url: `/${number}`, userAgent: undefined });
const offer = (lines: BottomLines, one: SampledLine, hash: number) => lines.offer(one, lineText(one), hash);
const hashes = (lines: BottomLines) =>
  lines
    .kept()
    .map(({ hash }) => hash)
    .sort((a, b) => a - b);

describe('the lines with the smallest hashes', () => {
  test('are kept, whatever comes in whatever order and however often', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (offered, most) => {
        const lines = new BottomLines({ lines: most, characters: 1e9 });
        for (const number of offered) offer(lines, line(number), number);
        const wanted = [...new Set(offered)].sort((a, b) => a - b).slice(0, most);
        expect(hashes(lines)).toEqual(wanted);
        expect(lines.limit).toBeGreaterThan(wanted.at(-1) ?? -1);
      }),
      { seed: 41, numRuns: 300 },
    );
  });

  test('are fewer where they are long, and still the smallest of all that came', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9999), fc.nat(60)), { maxLength: 200 }), (offered) => {
        const lines = new BottomLines({ lines: 50, characters: 400 });
        for (const [hash, length] of offered)
          offer(lines, { url: `/${hash}${'x'.repeat(length)}`, userAgent: '' }, hash);
        const { limit } = lines;
        const below = new Set(offered.filter(([hash]) => hash < limit).map(([hash, length]) => `${hash} ${length}`));
        expect(lines.size).toBe(below.size);
        expect(lines.kept().reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(400);
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  test('are taken once, and those are told apart that come with another user agent', () => {
    const lines = new BottomLines({ lines: 3, characters: 100 });
    expect(offer(lines, line(1), 5)).toBe(true);
    expect(offer(lines, line(1), 5)).toBe(false);
    expect(offer(lines, { url: '/1', userAgent: 'PPC' }, 6)).toBe(true);
    expect(lines.size).toBe(2);
  });

  test('a line that is too much for all bounds leaves nothing behind', () => {
    const lines = new BottomLines({ lines: 3, characters: 10 });
    expect(offer(lines, { url: '/'.repeat(11), userAgent: undefined }, 5)).toBe(false);
    expect(lines.size).toBe(0);
  });
});
