import { expect, test } from 'vitest';
import { bearerToken } from './bearer-token.ts';

const isSent = bearerToken(['one', 'two']);

test.each(['Bearer one', 'Bearer two', 'bearer  one', 'BEARER two  '])('%j holds one of the tokens', (header) => {
  expect(isSent(header)).toBe(true);
});

test.each([undefined, '', 'one', 'Bearer', 'Bearer ', 'Bearer on', 'Bearer onee', 'Bearer one two', 'Basic one'])(
  '%j holds none of them',
  (header) => {
    expect(isSent(header)).toBe(false);
  },
);

test('where there is no token nothing is one', () => {
  for (const header of [undefined, '', 'Bearer ', 'Bearer undefined']) expect(bearerToken([])(header)).toBe(false);
});
