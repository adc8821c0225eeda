import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../canonical-json.ts';
import { applyPatch, diffPatch, overlap, pathsBetween, touchedPaths } from './merge-patch.ts';

const options = { seed: 4, numRuns: 1000 };

/** JSON as it comes over the wire, `__proto__` being a key like any other. */
const { value, mapping } = fc.letrec<{ value: unknown; mapping: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(0, 1, '', 'a', true, null),
    tie('mapping'),
    fc.array(tie('value'), { maxLength: 2 }),
  ),
  mapping: fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c', '__proto__', 'a/b', '~'), tie('value')), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries)),
}));

describe('a patch', () => {
  // Source: RFC 7396, Appendix A.
  test.each<[string, string, string]>([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('makes of %s with %s: %s', (target, patch, result) => {
    expect(applyPatch(JSON.parse(target), JSON.parse(patch))).toEqual(JSON.parse(result));
  });

  test('leaves what it is made of as it is', () => {
    fc.assert(
      fc.property(value, value, (target, patch) => {
        const before = JSON.stringify([target, patch]);
        applyPatch(target, patch);
        expect(JSON.stringify([target, patch])).toBe(before);
      }),
      options,
    );
  });

  test('takes __proto__ for a key', () => {
    const patched = applyPatch({}, JSON.parse('{"__proto__":{"polluted":true},"a":{"__proto__":1}}'));
    expect(JSON.stringify(patched)).toBe('{"__proto__":{"polluted":true},"a":{"__proto__":1}}');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(applyPatch(patched, JSON.parse('{"__proto__":null,"a":null}'))).toEqual({});
    // Nothing is inherited: what the target does not have itself is not there.
    expect(applyPatch({}, { constructor: { name: 'x' } })).toEqual({ constructor: { name: 'x' } });
  });
});

test('a patch that is too deep for anybody is refused', () => {
  const deep = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
  expect(applyPatch({}, deep(100))).toEqual(deep(100));
  for (const levels of [101, 200_000]) expect(() => applyPatch({}, deep(levels))).toThrow('100 levels deep at most');
});

describe('the patch between two values', () => {
  test('makes the second of the first', () => {
    let found = 0;
    fc.assert(
      fc.property(value, value, (before, after) => {
        const patch = diffPatch(before, after);
        if (patch === undefined) return;
        found += 1;
        // Told apart as texts too, as `__proto__` may be lost on a comparison of objects.
        expect(canonicalJson(applyPatch(before, patch))).toBe(canonicalJson(after));
        expect(applyPatch(before, patch)).toEqual(after);
      }),
      options,
    );
    expect(found).toBeGreaterThan(200);
  });

  test('is there wherever the second is a mapping without nulls', () => {
    const hasNull = (text: unknown): boolean => JSON.stringify(text).includes('null');
    fc.assert(
      fc.property(value, mapping, (before, after) => {
        fc.pre(!hasNull(after));
        expect(diffPatch(before, after)).toBeDefined();
      }),
      options,
    );
  });

  test('says nothing that it need not', () => {
    expect(diffPatch({ a: 1, b: { c: [1], d: 2 } }, { a: 1, b: { c: [1], d: 3 } })).toEqual({ b: { d: 3 } });
    expect(diffPatch({ a: 1, b: 2 }, { b: 2 })).toEqual({ a: null });
    expect(diffPatch({ a: null }, { a: null, b: {} })).toEqual({ b: {} });
    expect(diffPatch({ a: [1, 2] }, { a: [1] })).toEqual({ a: [1] });
    expect(diffPatch({ a: { b: 1 } }, { a: {} })).toEqual({ a: { b: null } });
    fc.assert(
      fc.property(mapping, (same) => {
        expect(diffPatch(same, JSON.parse(JSON.stringify(same)))).toEqual({});
      }),
      options,
    );
  });

  test.each<[unknown, unknown]>([
    [{}, { a: null }],
    [{ a: 1 }, { a: null }],
    [{ a: 1 }, { a: { b: null } }],
    [{ a: {} }, { a: { b: null } }],
    [{}, []],
    [{}, null],
    [{}, 'text'],
  ])('from %j to %j is not there', (before, after) => {
    expect(diffPatch(before, after)).toBeUndefined();
  });

  test('may hold nulls in lists, which are taken as they are', () => {
    expect(diffPatch({}, { a: [null, { b: null }] })).toEqual({ a: [null, { b: null }] });
  });
});

describe('paths', () => {
  test('of a patch are where it says something', () => {
    const patch = { a: 1, b: { c: null, d: { e: [1] } }, f: {}, 'x/y': { '~': 1 } };
    expect(touchedPaths(patch)).toEqual(['/a', '/b/c', '/b/d/e', '/f', '/x~1y/~0']);
    expect(touchedPaths({})).toEqual([]);
  });

  test('between two values are where they differ', () => {
    const before = { same: 1, a: 1, b: { c: 1, d: [1, 2] }, gone: { x: 1 }, e: {} };
    const after = { same: 1, a: 2, b: { c: 1, d: [1] }, came: { x: 1 }, e: [] };
    expect([...pathsBetween(before, after)].sort()).toEqual(['/a', '/b/d', '/came', '/e', '/gone']);
    expect(pathsBetween(before, before)).toEqual([]);
    expect(pathsBetween(undefined, after)).toEqual(['']);
    expect(pathsBetween(before, undefined)).toEqual(['']);
  });

  test.each<[string[], string[], string[]]>([
    [['/a'], ['/a'], ['/a']],
    [['/a'], ['/b'], []],
    [['/a'], ['/ab'], []],
    [['/a'], ['/a/b', '/a/c', '/d'], ['/a/b', '/a/c']],
    [['/a/b', '/d'], ['/a'], ['/a/b']],
    [[''], ['/a', '/b/c'], ['/a', '/b/c']],
    [['/a'], [''], ['/a']],
    [[''], [''], ['']],
    [[], ['/a'], []],
    [['/a~1b'], ['/a'], []],
  ])('%j and %j overlap in %j', (a, b, shared) => {
    expect(overlap(a, b)).toEqual(shared);
    expect(overlap(b, a)).toEqual(shared);
  });

  test('of patches that do not overlap say that their order does not matter', () => {
    let apart = 0;
    fc.assert(
      fc.property(mapping, mapping, mapping, (target, one, other) => {
        if (overlap(touchedPaths(one), touchedPaths(other)).length > 0) return;
        apart += 1;
        expect(applyPatch(applyPatch(target, one), other)).toEqual(applyPatch(applyPatch(target, other), one));
      }),
      options,
    );
    expect(apart).toBeGreaterThan(100);
  });

  test('of a patch hold everything that it alters', () => {
    fc.assert(
      fc.property(mapping, mapping, (target, patch) => {
        const altered = pathsBetween(target, applyPatch(target, patch));
        const touched = touchedPaths(patch);
        for (const path of altered) expect(overlap([path], touched).length).toBeGreaterThan(0);
      }),
      options,
    );
  });
});
