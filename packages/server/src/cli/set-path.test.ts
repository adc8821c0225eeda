import { describe, expect, test } from 'vitest';
import { readPath, withValueAt } from './set-path.ts';

describe('a path', () => {
  test.each([
    ['share', ['share']],
    ['share.percent', ['share', 'percent']],
    ['share.steps[0].percent', ['share', 'steps', 0, 'percent']],
    ['blob["a.b"]["c\\"d"]', ['blob', 'a.b', 'c"d']],
    ['blob.file-urls[12]', ['blob', 'file-urls', 12]],
  ])('%s is read', (text, steps) => {
    expect(readPath(text)).toEqual(steps);
  });

  test.each(['.a', 'a.', 'a..b', 'a[x]', 'a[-1]', 'a b', 'a["\\x"]', '1a'])('%s is refused', (text) => {
    expect(() => readPath(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('a value at a path', () => {
  const body = { share: { kind: 'percent', percent: 25 }, list: [1, { a: 2 }] };

  test('takes the place of what was there, and all else stays', () => {
    expect(withValueAt(body, ['share', 'percent'], 50)).toEqual({ ...body, share: { kind: 'percent', percent: 50 } });
    expect(withValueAt(body, ['share'], { kind: 'ramp' })).toEqual({ ...body, share: { kind: 'ramp' } });
    expect(withValueAt(body, ['list', 1, 'a'], 3)).toEqual({ ...body, list: [1, { a: 3 }] });
    expect(withValueAt(body, ['list', 2], 3)).toEqual({ ...body, list: [1, { a: 2 }, 3] });
    expect(body.share.percent).toBe(25);
  });

  test('makes the mappings that lead there', () => {
    expect(withValueAt({}, ['a', 'b', '__proto__'], 1)).toEqual({ a: { b: Object.fromEntries([['__proto__', 1]]) } });
  });

  test('goes where there is to be none', () => {
    expect(withValueAt(body, ['share', 'percent'], undefined)).toEqual({ ...body, share: { kind: 'percent' } });
    expect(withValueAt(body, ['list', 0], undefined)).toEqual({ ...body, list: [{ a: 2 }] });
    expect(withValueAt(body, ['nothing'], undefined)).toEqual(body);
  });

  test.each([[['share', 'percent', 'x']], [['list', 'x']], [['list', 3]], [['share', 0]]])(
    'cannot be at %j',
    (path) => {
      expect(() => withValueAt(body, path, 1)).toThrow(expect.objectContaining({ code: 'usage' }));
    },
  );
});
