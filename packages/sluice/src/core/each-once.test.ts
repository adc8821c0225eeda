import { expect, test } from 'vitest';
import { eachOnce } from './each-once.ts';

test('the same question gets the very same answer, and another gets its own', () => {
  const asked: string[] = [];
  const split = eachOnce((text: string) => {
    asked.push(text);
    return text.split(',');
  });
  const first = split('a,b');
  expect(split('a,b')).toBe(first);
  expect(split('b')).toEqual(['b']);
  expect([first, asked]).toEqual([
    ['a', 'b'],
    ['a,b', 'b'],
  ]);
});
