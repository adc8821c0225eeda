import { expect, test } from 'vitest';
import { followingReading } from './following-reading.ts';

const known = (asOfMs: number) => ({ asOfMs, value: 1, note: '' });
const unknown = (asOfMs: number, note = 'no answer') => ({ asOfMs, note });

test('what is known counts when it is of a later time', () => {
  expect(followingReading(undefined, known(5))).toEqual(known(5));
  expect(followingReading(known(4), known(5))).toEqual(known(5));
  expect(followingReading(known(5), known(5))).toBeUndefined();
  expect(followingReading(known(6), known(5))).toBeUndefined();
});

test('late data is not held back by a time at which nothing could be read', () => {
  const missed = followingReading(known(100), unknown(9000));
  expect(missed).toEqual(unknown(101));
  expect(followingReading(missed, known(200))).toEqual(known(200));
  const atFirst = followingReading(undefined, unknown(9000));
  expect(followingReading(atFirst, known(200))).toEqual(known(200));
});

test('the same data once more does not undo that nothing could be known since', () => {
  expect(followingReading(unknown(101), known(100))).toBeUndefined();
});

test('a new reason stands in the place of the one before, and the same again says nothing', () => {
  expect(followingReading(unknown(101), unknown(9000, 'HTML'))).toEqual(unknown(101, 'HTML'));
  expect(followingReading(unknown(101), unknown(9000))).toBeUndefined();
});
