import { expect, test } from 'vitest';
import { own } from './own.ts';

test('a key that came from outside finds only what was put there', () => {
  const dictionary = { 'en-US': 1 };
  expect(own(dictionary, 'en-US')).toBe(1);
  for (const key of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'de']) {
    expect(own(dictionary, key)).toBe(undefined);
  }
  expect(own(undefined, 'en-US')).toBe(undefined);
});

test('a key that is named like an inherited one is found when it was put there', () => {
  const dictionary = JSON.parse('{"__proto__": 1, "constructor": 2}') as { readonly [key: string]: number };
  expect(own(dictionary, '__proto__')).toBe(1);
  expect(own(dictionary, 'constructor')).toBe(2);
});
