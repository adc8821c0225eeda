import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problem } from '../problem.ts';
import { parseJson } from './json.ts';

function problemOf(text: string): Problem {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the text was read');
}

describe('JSON', () => {
  test('is read as it is', () => {
    const value = { a: [1, 'é', null, true, { b: {} }], '': -1.5e3 };
    expect(parseJson(JSON.stringify(value, undefined, 2))).toEqual(value);
    expect(Object.keys(parseJson('{"__proto__":1}') as object)).toEqual(['__proto__']);
  });

  test.each([
    ['', '1:1'],
    ['hello', '1:1'],
    ['{"a": 1,\n "b": x}', '2:7'],
    ['{"a": 1,\n "b" 2}', '2:6'],
    ['{"a": 1\n "b": 2}', '2:2'],
    ['[1, 2,\n]', '2:1'],
    ['{"a": 1,}', '1:9'],
    ['[1]\n\n x', '3:2'],
    ['{"a": [1, 2', '1:12'],
    [`{"long": "${'a'.repeat(100)}",\n"b": nul, "more": "${'b'.repeat(100)}"}`, '2:6'],
  ])('with a mistake in %j says that it stands at %s', (text, at) => {
    const problem = problemOf(text);
    expect(problem.code).toBe('invalid-import');
    expect(problem.detail).toContain(at);
    expect(problem.mistakes).toMatchObject([{ at }]);
    expect(problem.mistakes[0]?.message).toMatch(/\S/);
  });

  test.each([
    "{'a': 1}",
    '{a: 1}',
    '// no\n{}',
    '{} /* no */',
    '[01]',
    '[.5]',
    '["\t"]',
    '["\\x"]',
    'NaN',
    '\ufeff{}',
    '{"a": 1}}',
  ])('is not %j', (text) => {
    expect(problemOf(text).mistakes).toHaveLength(1);
  });

  test('of any depth is read or refused', () => {
    const deep = 200_000;
    expect(parseJson('['.repeat(deep) + ']'.repeat(deep))).toBeInstanceOf(Array);
    expect(problemOf('['.repeat(deep)).code).toBe('invalid-import');
    expect(problemOf('{"a":'.repeat(deep)).code).toBe('invalid-import');
  });

  test('is read, or refused with a place inside the text, whatever the text', () => {
    const piece = fc.constantFrom(...'{}[],:"\\-01.eE \n\ttfn', 'true', 'null', '"a"', '1.5', '\\u00', '\ud800', 'é');
    const anyText = fc.oneof(
      fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
      fc
        .json()
        .chain((text) =>
          fc.tuple(fc.nat(text.length), piece).map(([at, put]) => text.slice(0, at) + put + text.slice(at + 1)),
        ),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          const [mistake] = problemOf(text).mistakes;
          const [line = 0, column = 0] = (mistake?.at ?? '').split(':').map(Number);
          const lines = text.split('\n');
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThan(0);
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
          return;
        }
        expect(parseJson(text)).toEqual(expected);
      }),
      { numRuns: 1500 },
    );
  });
});
