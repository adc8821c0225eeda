import { expect, test } from 'vitest';
import { mostLevels, nestsWithin } from './nests-within.ts';

const nested = (levels: number): unknown => JSON.parse(`${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`);

test.each<[unknown, number, boolean]>([
  [1, 0, true],
  [null, 0, true],
  ['text', 0, true],
  [[], 0, false],
  [[], 1, true],
  [{ a: 1, b: { c: [] } }, 3, true],
  [{ a: 1, b: { c: [] } }, 2, false],
  [[1, [2], { a: 3 }], 2, true],
])('%j has no more than %i levels: %s', (value, levels, answer) => {
  expect(nestsWithin(value, levels)).toBe(answer);
});

test('what would be too deep for any recursion is found to be so', () => {
  expect(nestsWithin(nested(mostLevels))).toBe(true);
  expect(nestsWithin(nested(mostLevels + 2))).toBe(false);
  expect(nestsWithin(nested(200_000))).toBe(false);
});
