import { expect, test } from 'vitest';
import { z } from 'zod';
import { mistakesOf, placeOf } from './place.ts';

test.each([
  ['', [], '1:1'],
  ['', ['a'], 'a'],
  ['', [0, 'a'], '[0].a'],
  ['rules[3]', [], 'rules[3]'],
  ['rules[3]', ['share', 'points', 0, 'at'], 'rules[3].share.points[0].at'],
  ['12:5', ['percent'], '12:5.percent'],
  ['r', ['platforms', 'Linux_x86_64-gcc3', 'de-AT'], 'r.platforms.Linux_x86_64-gcc3.de-AT'],
  ['r', ['*', 'a b', '0', '"'], 'r["*"]["a b"]["0"]["\\""]'],
  ['r', ['', '__proto__'], 'r[""].__proto__'],
])('below %j the path %j is %s', (at, path, place) => {
  expect(placeOf({ at }, path)).toBe(place);
});

test('the first field has the name that the file knows it by', () => {
  const object = { at: 'rules[0]', fieldNames: { share: 'backgroundRate', blob: 'data' } };
  expect(placeOf(object, ['share', 'percent'])).toBe('rules[0].backgroundRate.percent');
  expect(placeOf(object, ['blob', 'blob'])).toBe('rules[0].data.blob');
  expect(placeOf(object, ['priority'])).toBe('rules[0].priority');
  expect(placeOf(object, ['constructor'])).toBe('rules[0].constructor');
});

test('what a schema finds is told field by field, each key that it does not know as well', () => {
  const schema = z.strictObject({
    share: z.strictObject({ percent: z.number().max(100, 'too much') }),
    name: z.string(),
  });
  const { error } = schema.safeParse({ share: { percent: 101, later: 1, 'a b': 2 }, name: 'n', more: 3 });
  const found = mistakesOf(error ?? new z.ZodError([]), { at: 'rules[0]', fieldNames: { share: 'backgroundRate' } });
  expect(found).toEqual([
    { at: 'rules[0].backgroundRate.percent', message: 'too much' },
    { at: 'rules[0].backgroundRate.later', message: 'there is no such field' },
    { at: 'rules[0].backgroundRate["a b"]', message: 'there is no such field' },
    { at: 'rules[0].more', message: 'there is no such field' },
  ]);
});
